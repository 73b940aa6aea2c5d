using System.Text.Json.Serialization;
using Edna.Imports;
using Edna.Json;
using Edna.Results;
using Orleans.Concurrency;

namespace Edna.Jobs;

/// <summary>How far a job is. The names are stored and sent: never rename.</summary>
[GenerateSerializer, Alias("edna.JobStatus"), JsonConverter(typeof(JsonStringEnumConverter<JobStatus>))]
public enum JobStatus
{
    /// <summary>At work, or about to be.</summary>
    [JsonStringEnumMemberName("running")] Running = 0,

    /// <summary>Done.</summary>
    [JsonStringEnumMemberName("succeeded")] Succeeded = 1,

    /// <summary>Given up.</summary>
    [JsonStringEnumMemberName("failed")] Failed = 2,

    /// <summary>Stopped by a user.</summary>
    [JsonStringEnumMemberName("cancelled")] Cancelled = 3,
}

/// <summary>Long work and how far it is.</summary>
[GenerateSerializer, Immutable, Alias("edna.Job")]
public sealed record Job
{
    /// <summary>The job's id.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>What it does: <c>purge</c>, <c>import</c> or <c>reindex</c>.</summary>
    [Id(1)] public required string Kind { get; init; }

    /// <summary>The dataset it works on; empty when it works on all, as a reindex does.</summary>
    [Id(2)] public required string Dataset { get; init; }

    /// <summary>How far it is.</summary>
    [Id(3)] public required JobStatus Status { get; init; }

    /// <summary>In numbers.</summary>
    [Id(4)] public required JobProgress Progress { get; init; }

    /// <summary>The first 100 faults, and what was skipped and why; each ends with its code in brackets.</summary>
    [Id(5)] public required IReadOnlyList<string> Errors { get; init; }

    /// <summary>All faults, counted.</summary>
    [Id(6)] public required long ErrorCount { get; init; }

    /// <summary>When it was asked for, UTC.</summary>
    [Id(7)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who asked.</summary>
    [Id(8)] public required string CreatedBy { get; init; }

    /// <summary>When it ended, UTC.</summary>
    [Id(9)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>
    /// What it came to, a JSON object; null while it runs. Of an import <c>registered</c>, <c>unchanged</c>, <c>updated</c>, and
    /// <c>skipped</c> by reason; of a purge <c>items</c>, <c>objects</c>, and <c>kept</c>: objects that were there before EDNA and stay; of a reindex <c>items</c>,
    /// <c>refused</c>: items that the new index does not take in, and <c>sampled</c>: items that were compared.
    /// </summary>
    [Id(10)] public JsonText? Result { get; init; }
}

/// <summary>A job's progress, in items.</summary>
[GenerateSerializer, Immutable, Alias("edna.JobProgress")]
public sealed record JobProgress
{
    /// <summary>Done so far.</summary>
    [Id(0)] public required long Done { get; init; }

    /// <summary>All there is to do, as far as it is known; null before that.</summary>
    [Id(1)] public long? Total { get; init; }
}

/// <summary>Long work in steps that survive a crash. Key: <c>tenant/job</c>.</summary>
[Alias("edna.IJobGrain")]
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts the removal of a dataset with everything in it; running or done: nothing changes, failed: it is tried anew. It runs
    /// beside a step that is under way, for that step may be waiting for the dataset which asks.
    /// </summary>
    [Alias("StartPurge"), AlwaysInterleave] Task<Job> StartPurgeAsync(string dataset, string by);

    /// <summary>Starts an import of kind <c>prefix</c>. Errors: <c>dataset.not_found</c>, <c>request.invalid</c>, <c>import.kind_unavailable</c>.</summary>
    [Alias("StartImport")] Task<Result<Job>> StartImportAsync(string dataset, CreateImport request, string by);

    /// <summary>Starts a reindex, on behalf of <see cref="Search.IIndexingGrain"/>, which sees to it that there is one at a time. Running or done: nothing changes.</summary>
    [Alias("StartReindex"), AlwaysInterleave] Task<Job> StartReindexAsync(string by);

    /// <summary>How far it is; answered beside a step that is under way. Errors: <c>job.not_found</c>.</summary>
    [Alias("Get"), AlwaysInterleave] Task<Result<Job>> GetAsync();

    /// <summary>Stops it after the step at hand, and answers when that is done. Errors: <c>job.not_found</c>, <c>job.not_cancellable</c>.</summary>
    [Alias("Cancel"), AlwaysInterleave] Task<Result<Job>> CancelAsync();
}

/// <summary>What can be wrong with a request about a job.</summary>
public static class JobErrors
{
    /// <summary><c>job.not_found</c>.</summary>
    /// <param name="id">The id asked for.</param>
    public static Problem NotFound(string id) => new()
    {
        Code = "job.not_found", Status = 404, Title = "There is no such job.", Detail = $"No job has the id '{id}'.",
    };

    /// <summary><c>job.not_cancellable</c>.</summary>
    /// <param name="id">The job.</param>
    public static Problem NotCancellable(string id) => new()
    {
        Code = "job.not_cancellable", Status = 409, Title = "The job cannot be cancelled.",
        Detail = $"Job '{id}' has ended already, or is where it cannot be stopped: a purge half-way, or a reindex whose new index is in use.",
    };

    /// <summary><c>job.store_refuses</c>: how a job ends that the store lets do nothing.</summary>
    /// <param name="refusal">The store's own word.</param>
    public static Problem StoreRefuses(string refusal) => new()
    {
        Code = "job.store_refuses", Status = 403, Title = "The object store refuses.",
        Detail = $"The object store answered '{refusal}'. Look at the bucket and at what EDNA may do there, then start the job again.",
    };

    /// <summary><c>job.faulty</c>: how a job ends whose next step cannot be done.</summary>
    /// <param name="id">The job.</param>
    public static Problem Faulty(string id) => new()
    {
        Code = "job.faulty", Status = 500, Title = "A step of the job fails again and again.",
        Detail = $"The service's log tells why job '{id}' could not go on.",
    };
}
