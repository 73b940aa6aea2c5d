using Edna.Datasets;
using Edna.Items;
using Edna.Keys;
using Edna.Search;
using Edna.Webhooks;
using Microsoft.Extensions.Logging;
using Orleans.Utilities;

namespace Edna.Changes;

/// <inheritdoc cref="IChangeFeedGrain"/>
/// <remarks>
/// The item table numbers a change in the commit that makes it (ADR 0005), so this grain has nothing of its own to lose: it
/// nudges its observers to read on, passes the shard to the indexer of its silo, and sweeps what is overdue.
/// A reminder, kept only while rows wait for the index, uploads are open or something is in the trash, brings it back after a crash.
/// </remarks>
public sealed partial class ChangeFeedGrain(
    IItemTable table, SearchIndexer indexer, WebhookNotifier webhooks, DatasetCache datasets, SweepPace pace, TimeProvider time, ILogger<ChangeFeedGrain> log)
    : Grain, IChangeFeedGrain, IRemindable
{
    private const string Backstop = "unindexed";
    private const int Page = 500;
    private static readonly TimeSpan BackstopPeriod = TimeSpan.FromMinutes(2);

    private readonly ObserverManager<IChangeObserver> observers = new(IChangeFeedGrain.SubscriptionLife, log);
    private ShardKey shard;
    private string? told;
    private bool reminded;

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        shard = ShardKey.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task NoticeAsync()
    {
        webhooks.Notify(shard.Dataset);
        indexer.Enqueue(shard);
        await RemindAsync();
        await TellAsync();
    }

    /// <inheritdoc />
    public Task SubscribeAsync(IChangeObserver observer)
    {
        observers.Subscribe(observer, observer);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task UnsubscribeAsync(IChangeObserver observer)
    {
        observers.Unsubscribe(observer);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        var dirty = (await table.ReadDirtyAsync(shard, 1, CancellationToken.None)).Count > 0;
        if (dirty)
        {
            LogStillWaiting(log, shard);
            indexer.Enqueue(shard);
        }
        if (dirty || await HasSomethingToSweepAsync())
        {
            // Where this call woke the feed, what became overdue meanwhile has waited long enough.
            reminded = true;
            StartSweeping(TimeSpan.Zero);
            return;
        }
        StopSweeping();
        if (await this.GetReminder(Backstop) is { } reminder) await this.UnregisterReminder(reminder);
        reminded = false;
    }

    /// <summary>Follows the changes for items that are watched from now on, unless it does so already.</summary>
    private async ValueTask BeginTellingAsync()
    {
        ForgetUnwatched();
        if (watched.Count == 0) told = (await table.FollowAsync(shard, null, 0, CancellationToken.None))!.NextCursor;
    }

    private async Task TellAsync()
    {
        observers.ClearExpired();
        if (observers.Count > 0) await observers.Notify(o => o.NudgeAsync(shard));
        ForgetUnwatched();
        while (watched.Count > 0)
        {
            var page = await table.FollowAsync(shard, told, Page, CancellationToken.None);
            if (page is null)
            {
                // Whom it was about is kept no more: all of them look.
                foreach (var item in watched.Keys.ToArray()) TellWatched(item);
                return;
            }
            foreach (var change in page.Changes) TellWatched(change.Item);
            told = page.NextCursor;
            if (page.Changes.Count < Page) return;
        }
    }

    private async Task RemindAsync()
    {
        if (reminded) return;
        await this.RegisterOrUpdateReminder(Backstop, BackstopPeriod, BackstopPeriod);
        reminded = true;
        StartSweeping(pace.Interval);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Rows of {Shard} still wait for the search index; it is told again")]
    private static partial void LogStillWaiting(ILogger log, ShardKey shard);
}
