using System.Text.Json.Serialization;
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

    /// <summary>What it does: <c>purge</c>.</summary>
    [Id(1)] public required string Kind { get; init; }

    /// <summary>The dataset it works on.</summary>
    [Id(2)] public required string Dataset { get; init; }

    /// <summary>How far it is.</summary>
    [Id(3)] public required JobStatus Status { get; init; }

    /// <summary>In numbers.</summary>
    [Id(4)] public required JobProgress Progress { get; init; }

    /// <summary>The first 100 faults.</summary>
    [Id(5)] public required IReadOnlyList<string> Errors { get; init; }

    /// <summary>All faults, counted.</summary>
    [Id(6)] public required long ErrorCount { get; init; }

    /// <summary>When it was asked for, UTC.</summary>
    [Id(7)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who asked.</summary>
    [Id(8)] public required string CreatedBy { get; init; }

    /// <summary>When it ended, UTC.</summary>
    [Id(9)] public DateTimeOffset? EndedAt { get; init; }
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
    /// Starts the removal of a dataset with everything in it; started before: nothing changes. It runs beside a step that is under
    /// way, for that step may be waiting for the dataset which asks.
    /// </summary>
    [Alias("StartPurge"), AlwaysInterleave] Task<Job> StartPurgeAsync(string dataset, string by);

    /// <summary>How far it is. Errors: <c>job.not_found</c>.</summary>
    [Alias("Get"), ReadOnly] Task<Result<Job>> GetAsync();

    /// <summary>Stops it after the step at hand. Errors: <c>job.not_found</c>, <c>job.not_cancellable</c>.</summary>
    [Alias("Cancel")] Task<Result<Job>> CancelAsync();
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
        Detail = $"Job '{id}' has ended already, or is a purge, which cannot be stopped half-way.",
    };
}
