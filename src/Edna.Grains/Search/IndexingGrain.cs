using Edna.Hosting;

namespace Edna.Search;

/// <inheritdoc cref="IIndexingGrain"/>
public sealed class IndexingGrain([PersistentState("indexing")] IPersistentState<IndexingState> record, TimeProvider time) : Grain, IIndexingGrain
{
    /// <inheritdoc />
    public Task<Indexing> GetAsync() => Task.FromResult(View());

    /// <inheritdoc />
    public async Task<Indexing> SetAsync(bool paused, string by)
    {
        if (record.State.Paused != paused) await record.WriteAsync(new() { Paused = paused, Since = time.GetUtcNow(), By = by }, DeactivateOnIdle);
        return View();
    }

    private Indexing View() => new() { Paused = record.State.Paused, Since = record.State.Since, By = record.State.By };
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
}
