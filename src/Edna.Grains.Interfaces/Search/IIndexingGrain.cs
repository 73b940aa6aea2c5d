using Edna.Jobs;
using Edna.Results;
using Orleans.Concurrency;

namespace Edna.Search;

/// <summary>The operator's switch for all indexers of the cluster. Key: 0. It is durable: what is paused stays so across restarts.</summary>
[Alias("edna.IIndexingGrain")]
public interface IIndexingGrain : IGrainWithIntegerKey
{
    /// <summary>How it is set.</summary>
    [Alias("Get"), ReadOnly] Task<Indexing> GetAsync();

    /// <summary>Sets it. Silos follow within <see cref="LongestDelay"/>.</summary>
    /// <param name="paused">Whether rows shall wait.</param>
    /// <param name="by">Who.</param>
    [Alias("Set")] Task<Indexing> SetAsync(bool paused, string by);

    /// <summary>
    /// Starts a job that makes the search index anew beside the one in use, which then takes its place.
    /// Errors: <c>search.reindex_not_needed</c>, <c>search.reindex_running</c>.
    /// </summary>
    /// <param name="tenant">Whose job it is.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="name">What the job's id ends with; a job that was started with it before is answered. Null for a new one.</param>
    [Alias("StartReindex"), Once] Task<Result<Job>> StartReindexAsync(string tenant, string by, string? name = null);

    /// <summary>A silo tells which items its indexer passes by, and asks for the switch. Told again every <see cref="LongestDelay"/>.</summary>
    /// <param name="silo">Which silo.</param>
    /// <param name="refused">Them.</param>
    /// <returns>Whether it shall be paused.</returns>
    [Alias("Report")] Task<bool> ReportAsync(string silo, RefusedItems refused);

    /// <summary>How long it takes until a silo has seen the switch, beside the push that is under way.</summary>
    static TimeSpan LongestDelay { get; } = TimeSpan.FromSeconds(2);
}

/// <summary>How the switch for the indexers is set, and what the index does not take in.</summary>
[GenerateSerializer, Immutable, Alias("edna.Indexing")]
public sealed record Indexing
{
    /// <summary>Whether rows wait for the search index although it may answer.</summary>
    [Id(0)] public required bool Paused { get; init; }

    /// <summary>Since when, UTC; null when it was never set.</summary>
    [Id(1)] public DateTimeOffset? Since { get; init; }

    /// <summary>Who set it; null when nobody has.</summary>
    [Id(2)] public string? By { get; init; }

    /// <summary>The items that the index does not take in, of all silos together: the newest 100, newest first, as of two seconds ago.</summary>
    [Id(3)] public IReadOnlyList<RefusedItem> Refused { get; init; } = [];

    /// <summary>How many such items there are, listed or not.</summary>
    [Id(4)] public int RefusedCount { get; init; }
}
