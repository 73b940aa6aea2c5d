using Edna.Results;

namespace Edna.Datasets;

/// <summary>What can be wrong with a request about a dataset.</summary>
public static class DatasetErrors
{
    /// <summary><c>dataset.not_found</c>.</summary>
    /// <param name="name">The name asked for.</param>
    public static Problem NotFound(string name) => new()
    {
        Code = "dataset.not_found", Status = 404, Title = "There is no such dataset.",
        Detail = $"No dataset is called '{name}'. GET /v1/datasets lists those there are.",
    };

    /// <summary><c>dataset.exists</c>.</summary>
    /// <param name="name">The name asked for.</param>
    public static Problem Exists(string name) => new()
    {
        Code = "dataset.exists", Status = 409, Title = "The name is taken.",
        Detail = $"A dataset called '{name}' is there already. Use it, or choose another name.",
    };

    /// <summary><c>dataset.not_empty</c>.</summary>
    /// <param name="name">The dataset.</param>
    public static Problem NotEmpty(string name) => new()
    {
        Code = "dataset.not_empty", Status = 409, Title = "The dataset is not empty.",
        Detail = $"'{name}' still has items (the trash counts). Remove them first, or add ?purge=true to remove the dataset with everything in it.",
    };

    /// <summary><c>dataset.being_purged</c>.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="job">The job that purges it.</param>
    public static Problem BeingPurged(string name, string job) => new()
    {
        Code = "dataset.being_purged", Status = 409, Title = "The dataset is being removed.",
        Detail = $"'{name}' is being removed with everything in it; GET /v1/jobs/{job} tells how far that is.",
    };

    /// <summary><c>dataset.limit_reached</c>.</summary>
    public static Problem LimitReached() => new()
    {
        Code = "dataset.limit_reached", Status = 409, Title = "There are too many datasets.",
        Detail = $"A tenant may have {IDatasetDirectoryGrain.Limit} datasets. Remove one that is no longer used.",
    };

    /// <summary><c>dataset.storage_taken</c>.</summary>
    /// <param name="bucket">The bucket asked for.</param>
    /// <param name="prefix">The prefix asked for.</param>
    public static Problem StorageTaken(string bucket, string prefix) => new()
    {
        Code = "dataset.storage_taken", Status = 409, Title = "The place in the bucket is taken.",
        Detail = $"Another dataset has '{prefix}' of the bucket '{bucket}', a prefix of it, or one below it. Choose a prefix that no other dataset's overlaps.",
    };
}
