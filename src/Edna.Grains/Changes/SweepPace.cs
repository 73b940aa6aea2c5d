using System.Collections.Concurrent;
using Edna.Items;
using Edna.Keys;
using Microsoft.Extensions.Options;

namespace Edna.Changes;

/// <summary>What the sweepers of one silo share, however many shards it has: how much they do at once, and who looked for orphans when.</summary>
public sealed class SweepPace(IOptions<UploadOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>Items that the sweepers of a silo have in hand at once.</summary>
    public const int Together = 64;

    private readonly SemaphoreSlim places = new(Together);
    private readonly ConcurrentDictionary<ShardKey, long> looked = new();

    /// <summary>How often a shard is swept.</summary>
    public TimeSpan Interval => options.Value.SweepInterval;

    /// <summary>Does a piece of work when there is a place for it.</summary>
    /// <param name="work">The work.</param>
    /// <param name="ct">Cancels the waiting.</param>
    public async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken ct)
    {
        await places.WaitAsync(ct);
        try
        {
            return await work();
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>Whether it is time again to look for orphans of a shard. Feeds come and go with their work, so it is noted here.</summary>
    /// <param name="shard">The shard.</param>
    public bool IsTimeForOrphans(ShardKey shard)
    {
        foreach (var (known, at) in looked)
            if (time.GetElapsedTime(at) >= options.Value.OrphanInterval) looked.TryRemove(new(known, at));
        return !looked.ContainsKey(shard);
    }

    /// <summary>Orphans of a shard have been looked for.</summary>
    /// <param name="shard">The shard.</param>
    public void LookedForOrphans(ShardKey shard) => looked[shard] = time.GetTimestamp();

    /// <inheritdoc />
    public void Dispose() => places.Dispose();
}
