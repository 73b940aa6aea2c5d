using Edna.Items;
using Edna.Keys;

namespace Edna.Changes;

/// <summary>This part: items whose grains have callers that wait, while a batch may write their rows past them.</summary>
public sealed partial class ChangeFeedGrain
{
    /// <summary>Since when each is watched, as a timestamp.</summary>
    private readonly Dictionary<string, long> watched = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public async Task WatchAsync(string itemId, long revision)
    {
        await BeginTellingAsync();
        watched[itemId] = time.GetTimestamp();
        var row = await table.ReadAsync(new(shard.Dataset, itemId), CancellationToken.None);
        if (row?.Revision != revision) TellWatched(itemId);
    }

    private void TellWatched(string itemId)
    {
        if (watched.Remove(itemId)) GrainFactory.GetGrain<IItemGrain>(new ItemKey(shard.Dataset, itemId).ToString()).NoticeAsync().Ignore();
    }

    private void ForgetUnwatched()
    {
        foreach (var (item, since) in watched)
            if (time.GetElapsedTime(since) > IItemGrain.LongestWait) watched.Remove(item);
    }
}
