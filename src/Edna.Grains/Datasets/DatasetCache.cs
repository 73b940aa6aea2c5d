using System.Collections.Concurrent;
using Edna.Keys;
using Edna.Results;

namespace Edna.Datasets;

/// <summary>
/// What this silo knows of datasets, so that items need not ask their dataset's grain each time. An entry lives for
/// <see cref="Life"/>; on the silo where the dataset changes it is dropped at once.
/// </summary>
public sealed class DatasetCache(IGrainFactory grains, TimeProvider time)
{
    private readonly ConcurrentDictionary<DatasetKey, Entry> entries = new();
    private readonly Lock gate = new();
    private long forgotten;

    /// <summary>How stale an answer may be on another silo than the dataset's.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromSeconds(2);

    /// <summary>The dataset. Errors: <c>dataset.not_found</c>, <c>dataset.being_purged</c>.</summary>
    /// <param name="key">Which one.</param>
    public ValueTask<Result<Dataset>> GetAsync(DatasetKey key) =>
        entries.TryGetValue(key, out var entry) && time.GetElapsedTime(entry.At) < Life ? new(entry.Dataset) : new(LoadAsync(key));

    /// <summary>Drops what is known of a dataset.</summary>
    /// <param name="key">Which one.</param>
    public void Forget(DatasetKey key)
    {
        lock (gate)
        {
            forgotten++;
            entries.TryRemove(key, out _);
        }
    }

    private async Task<Result<Dataset>> LoadAsync(DatasetKey key)
    {
        var (at, before) = (time.GetTimestamp(), Interlocked.Read(ref forgotten));
        var dataset = await grains.GetGrain<IDatasetGrain>(key.ToString()).GetAsync();
        // What was forgotten while this was on its way may be older than the change that made it be forgotten.
        lock (gate)
        {
            if (dataset.Problem is null && forgotten == before) entries[key] = new(dataset, at);
        }
        return dataset;
    }

    private sealed record Entry(Result<Dataset> Dataset, long At);
}
