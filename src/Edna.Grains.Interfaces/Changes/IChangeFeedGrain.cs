using Edna.Keys;
using Orleans.Concurrency;

namespace Edna.Changes;

/// <summary>
/// One shard of a dataset's change feed. Key: <see cref="ShardKey"/>. It follows the numbered changes that item writes leave
/// in the item table, nudges its observers, and sees to it that the search index takes in every written row.
/// </summary>
[Alias("edna.IChangeFeedGrain")]
public interface IChangeFeedGrain : IGrainWithStringKey
{
    /// <summary>Rows of this shard were written: look. Calls may be lost, doubled or late.</summary>
    [Alias("Notice"), OneWay] Task NoticeAsync();

    /// <summary>Nudges an observer when there is more, from now on for <see cref="SubscriptionLife"/>; calling it again renews.</summary>
    /// <param name="observer">Who wants to know.</param>
    [Alias("Subscribe")] Task SubscribeAsync(IChangeObserver observer);

    /// <summary>Stops telling an observer.</summary>
    /// <param name="observer">Who no longer wants to know.</param>
    [Alias("Unsubscribe")] Task UnsubscribeAsync(IChangeObserver observer);

    /// <summary>
    /// Tells an item's grain, once, that its row was written: now, if its revision is another than the grain knows, or with the next
    /// change, for as long as one may wait (<see cref="Items.IItemGrain.LongestWait"/>).
    /// </summary>
    /// <param name="itemId">The item, of this shard.</param>
    /// <param name="revision">The revision that is known.</param>
    [Alias("Watch")] Task WatchAsync(string itemId, long revision);

    /// <summary>How long a subscription lasts unless renewed.</summary>
    static TimeSpan SubscriptionLife { get; } = TimeSpan.FromMinutes(5);
}

/// <summary>
/// Is nudged when a shard was written to. A nudge carries nothing and may be lost, doubled or late: what happened, and in which order,
/// is read from the table (<see cref="Search.IQueryGrain.GetChangesAsync"/>), and now and then without a nudge.
/// </summary>
[Alias("edna.IChangeObserver")]
public interface IChangeObserver : IGrainObserver
{
    /// <summary>There may be changes after those that are known.</summary>
    /// <param name="shard">Where.</param>
    [Alias("Nudge"), OneWay] Task NudgeAsync(ShardKey shard);
}
