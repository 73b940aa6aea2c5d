using Edna.Hosting;
using Edna.Jobs;
using Edna.Keys;
using Edna.Results;

namespace Edna.Search;

/// <inheritdoc cref="IIndexingGrain"/>
public sealed class IndexingGrain([PersistentState("indexing")] IPersistentState<IndexingState> record, ISearchIndex index, TimeProvider time) : Grain, IIndexingGrain
{
    private readonly RefusedReports reports = new(time);

    /// <inheritdoc />
    public Task<Indexing> GetAsync() => Task.FromResult(View());

    /// <inheritdoc />
    public async Task<Indexing> SetAsync(bool paused, string by)
    {
        if (record.State.Paused != paused) await record.WriteAsync(record.State with { Paused = paused, Since = time.GetUtcNow(), By = by }, DeactivateOnIdle);
        return View();
    }

    /// <inheritdoc />
    public async Task<Result<Job>> StartReindexAsync(string tenant, string by, string? name)
    {
        var job = new DatasetKey(tenant, $"reindex-{name ?? Guid.NewGuid().ToString("n")}").ToString();
        if (name is not null && (await GrainFactory.GetGrain<IJobGrain>(job).GetAsync()).Value is { } started) return started;
        if (index.Next is null) return SearchErrors.ReindexNotNeeded();
        if (record.State.Reindex is { } last && (await GrainFactory.GetGrain<IJobGrain>(last).GetAsync()).Value is { Status: JobStatus.Running } running)
            return SearchErrors.ReindexRunning(running.Id);
        // Noted first: what happens after a crash in between is that the next one finds no such job, never that there are two.
        await record.WriteAsync(record.State with { Reindex = job }, DeactivateOnIdle);
        return await GrainFactory.GetGrain<IJobGrain>(job).StartReindexAsync(by);
    }

    /// <inheritdoc />
    public Task<bool> ReportAsync(string silo, RefusedItems refused)
    {
        reports.Note(silo, refused);
        return Task.FromResult(record.State.Paused);
    }

    private Indexing View()
    {
        var refused = reports.Together();
        return new() { Paused = record.State.Paused, Since = record.State.Since, By = record.State.By, Refused = refused.Items, RefusedCount = refused.Count };
    }
}

/// <summary>What <see cref="IndexingGrain"/> keeps. The names are stored.</summary>
public sealed record IndexingState
{
    /// <summary>Whether the indexers are paused.</summary>
    public bool Paused { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Who set it.</summary>
    public string? By { get; init; }

    /// <summary>The key of the last reindex's job.</summary>
    public string? Reindex { get; init; }
}
