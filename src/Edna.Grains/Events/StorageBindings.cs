using System.Collections.Concurrent;
using Edna.Datasets;

namespace Edna.Events;

/// <summary>
/// What this silo knows of bound prefixes, so that events need not ask the bucket's grain each time. A prefix that is known may
/// have been freed up to <see cref="Life"/> ago (its dataset then answers that it is gone); one that is not known is asked for anew,
/// so an event for a dataset that was made a moment ago is never dropped.
/// </summary>
public sealed class StorageBindings(IGrainFactory grains, TimeProvider time)
{
    private const int MostBuckets = 1_000;
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <summary>How long an answer counts.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromSeconds(2);

    /// <summary>The binding that a key falls under; null when it falls under none.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The whole key.</param>
    public ValueTask<StorageBinding?> FindAsync(string bucket, string key) =>
        entries.TryGetValue(bucket, out var entry) && time.GetElapsedTime(entry.At) < Life && Find(entry.Bindings, key) is { } known
            ? new(known)
            : new(LoadAsync(bucket, key));

    /// <summary>The binding among some that a key falls under.</summary>
    /// <param name="bindings">Bindings that do not overlap, in ordinal order of their prefixes.</param>
    /// <param name="key">The whole key.</param>
    public static StorageBinding? Find(IReadOnlyList<StorageBinding> bindings, string key)
    {
        // Whatever lies between a prefix and a key that starts with it starts with the prefix too: the last one not above the key decides.
        var (low, high) = (0, bindings.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(bindings[middle].Prefix, key) <= 0) low = middle + 1;
            else high = middle;
        }
        return low > 0 && key.StartsWith(bindings[low - 1].Prefix, StringComparison.Ordinal) ? bindings[low - 1] : null;
    }

    private async Task<StorageBinding?> LoadAsync(string bucket, string key)
    {
        var at = time.GetTimestamp();
        var bindings = await grains.GetGrain<IBucketGrain>(bucket).ListAsync();
        if (entries.Count >= MostBuckets) entries.Clear();
        if (bindings.Count > 0) entries[bucket] = new(bindings, at);
        return Find(bindings, key);
    }

    private sealed record Entry(IReadOnlyList<StorageBinding> Bindings, long At);
}
