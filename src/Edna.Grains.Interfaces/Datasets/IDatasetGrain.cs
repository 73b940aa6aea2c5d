using Edna.Json;
using Edna.Results;
using Orleans.Concurrency;

namespace Edna.Datasets;

/// <summary>One dataset: its life, settings and label schema. Key: <see cref="Keys.DatasetKey"/>. Never on the hot path of an item.</summary>
[Alias("edna.IDatasetGrain")]
public interface IDatasetGrain : IGrainWithStringKey
{
    /// <summary>Makes the dataset. Errors: <c>request.invalid</c>, <c>dataset.exists</c>, <c>dataset.limit_reached</c>.</summary>
    /// <param name="request">What to make.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="idempotencyKey">The same key again answers the dataset that it made; null for none.</param>
    [Alias("Create")] Task<Result<Dataset>> CreateAsync(CreateDataset request, string by, string? idempotencyKey);

    /// <summary>The dataset, without stats. Errors: <c>dataset.not_found</c>.</summary>
    [Alias("Get"), ReadOnly] Task<Result<Dataset>> GetAsync();

    /// <summary>Applies a JSON merge patch (RFC 7396). Errors: <c>dataset.not_found</c>, <c>request.invalid</c>, <c>revision.stale</c>.</summary>
    /// <param name="mergePatch">A JSON object.</param>
    /// <param name="ifMatch">The revision that the caller read; null to write over whatever is there.</param>
    /// <param name="by">Who asks.</param>
    [Alias("Patch")] Task<Result<Dataset>> PatchAsync(JsonText mergePatch, long? ifMatch, string by);

    /// <summary>Removes an empty dataset. Errors: <c>dataset.not_found</c>, <c>dataset.not_empty</c>, <c>revision.stale</c>.</summary>
    /// <param name="ifMatch">The revision that the caller read; null for any.</param>
    [Alias("Delete")] Task<Result<Done>> DeleteAsync(long? ifMatch);

    /// <summary>Starts the removal of the dataset with everything in it and answers the job's id. Errors: <c>dataset.not_found</c>, <c>revision.stale</c>.</summary>
    /// <param name="ifMatch">The revision that the caller read; null for any.</param>
    /// <param name="by">Who asks.</param>
    [Alias("Purge")] Task<Result<string>> PurgeAsync(long? ifMatch, string by);

    /// <summary>The bucket and prefix of its own, also while it is being purged; null for none.</summary>
    [Alias("GetStorage"), ReadOnly] Task<DatasetStorage?> GetStorageAsync();

    /// <summary>Ends a purge: called by its job when nothing is left.</summary>
    [Alias("Purged")] Task PurgedAsync();
}
