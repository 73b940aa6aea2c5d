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
    [Alias("Create"), Once] Task<Result<Dataset>> CreateAsync(CreateDataset request, string by, string? idempotencyKey);

    /// <summary>The dataset, without stats. Errors: <c>dataset.not_found</c>.</summary>
    [Alias("Get"), ReadOnly] Task<Result<Dataset>> GetAsync();

    /// <summary>Applies a JSON merge patch (RFC 7396). Errors: <c>dataset.not_found</c>, <c>request.invalid</c>, <c>revision.stale</c>.</summary>
    /// <param name="mergePatch">A JSON object.</param>
    /// <param name="ifMatch">The revision that the caller read; null to write over whatever is there.</param>
    /// <param name="by">Who asks.</param>
    [Alias("Patch")] Task<Result<Dataset>> PatchAsync(JsonText mergePatch, long? ifMatch, string by);

    /// <summary>Removes an empty dataset. Errors: <c>dataset.not_found</c>, <c>dataset.not_empty</c>, <c>revision.stale</c>.</summary>
    /// <param name="ifMatch">The revision that the caller read; null for any.</param>
    [Alias("Delete"), Removes("dataset.not_found")] Task<Result<Done>> DeleteAsync(long? ifMatch);

    /// <summary>Starts the removal of the dataset with everything in it and answers the job's id. Errors: <c>dataset.not_found</c>, <c>revision.stale</c>.</summary>
    /// <param name="ifMatch">The revision that the caller read; null for any.</param>
    /// <param name="by">Who asks.</param>
    [Alias("Purge")] Task<Result<string>> PurgeAsync(long? ifMatch, string by);

    /// <summary>What a purge works on; null when it is not this job that purges the dataset (any more): then nothing may be removed.</summary>
    /// <param name="job">The job that asks.</param>
    [Alias("GetPurge"), ReadOnly] Task<DatasetPurge?> GetPurgeAsync(string job);

    /// <summary>Ends a purge: called by its job when nothing is left.</summary>
    /// <param name="job">The job.</param>
    [Alias("Purged")] Task PurgedAsync(string job);

    /// <summary>
    /// Takes over what the bucket says of the dataset where that is newer than what is known, or nothing is; a purge that was
    /// under way goes on. Errors: <c>dataset.not_found</c> when the bucket has no such dataset, <c>dataset.limit_reached</c>.
    /// </summary>
    [Alias("Restore")] Task<Result<Done>> RestoreAsync();
}

/// <summary>What the purge of a dataset works on.</summary>
[GenerateSerializer, Immutable, Alias("edna.DatasetPurge")]
public sealed record DatasetPurge
{
    /// <summary>The bucket and prefix of its own; null when it lies in the service's bucket.</summary>
    [Id(0)] public DatasetStorage? Storage { get; init; }
}
