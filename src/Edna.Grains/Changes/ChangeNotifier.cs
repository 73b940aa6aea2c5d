using System.Collections.Concurrent;
using Edna.Keys;
using Microsoft.Extensions.Logging;

namespace Edna.Changes;

/// <summary>
/// Tells change feeds that rows of their shard were written: one call for many writes that come close together. A notice may
/// be lost, for the rows themselves say that they are not indexed.
/// </summary>
public sealed partial class ChangeNotifier(IGrainFactory grains, TimeProvider time, ILogger<ChangeNotifier> log)
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<ShardKey, State> shards = new();

    private enum State
    {
        Telling,
        TellingAndMore,
    }

    /// <summary>A row of this shard was written.</summary>
    /// <param name="shard">The shard.</param>
    public void Notify(ShardKey shard)
    {
        if (shards.TryAdd(shard, State.Telling)) _ = TellAsync(shard);
        else if (!shards.TryUpdate(shard, State.TellingAndMore, State.Telling) && shards.TryAdd(shard, State.Telling)) _ = TellAsync(shard);
    }

    private async Task TellAsync(ShardKey shard)
    {
        do
        {
            await Task.Delay(Gather, time);
            shards[shard] = State.Telling;
            try
            {
                await grains.GetGrain<IChangeFeedGrain>(shard.ToString()).NoticeAsync();
            }
            catch (Exception e)
            {
                LogLost(log, shard, e);
            }
        }
        while (!shards.TryRemove(new(shard, State.Telling)));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The change feed {Shard} could not be told of a write; it looks when a silo has died or starts, and within ten minutes")]
    private static partial void LogLost(ILogger log, ShardKey shard, Exception e);
}
