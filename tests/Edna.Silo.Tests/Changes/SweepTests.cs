using Edna.Changes;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Edna.Silo.Tests.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Edna.Silo.Tests.Changes;

/// <summary>The sweeper at work, by its own timer: what is overdue was announced in the past, behind the grains' back.</summary>
public sealed class SweepTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static DateTimeOffset Ago(double hours) => DateTimeOffset.UtcNow.AddHours(-hours);

    [Fact]
    public async Task What_a_client_put_before_it_died_becomes_available_without_anybody_calling_complete()
    {
        var dataset = await edna.CreateDatasetAsync();
        var key = await edna.WriteAsync(dataset, Announced("a", 2));
        await edna.ArriveAsync(dataset, "a", "hello");
        var state = await SweptAsync(key, s => s is { Upload: null });
        Assert.Equal((ItemStatus.Available, 1L, 5L, null), (state!.Status, state.ContentRevision, state.Size, state.Failure));
        await EdnaCluster.Good(edna.Item(dataset, "a").GetDownloadAsync(false));
    }

    [Fact]
    public async Task What_never_arrived_is_failed_as_expired_and_can_be_uploaded_again()
    {
        var dataset = await edna.CreateDatasetAsync();
        var key = await edna.WriteAsync(dataset, Announced("a", 2));
        var state = await SweptAsync(key, s => s is { Upload: null });
        Assert.Equal((ItemStatus.Failed, UploadErrors.Expired), (state!.Status, state.Failure!.Code));
        Assert.Equal(UploadErrors.Expired, await EdnaCluster.CodeOf(edna.Item(dataset, "a").CompleteAsync(null, "ann")));
        await EdnaCluster.Good(edna.Item(dataset, "a").PlanAsync(EdnaCluster.Announce("a"), "ann"));
        await edna.ArriveAsync(dataset, "a", "hello", attempt: 2);
        Assert.Equal((ItemStatus.Available, 2L), await EdnaCluster.Good(edna.Item(dataset, "a").CompleteAsync(null, "ann")) is var item ? (item.Status, item.ContentRevision) : default);
    }

    [Fact]
    public async Task A_second_upload_that_expired_leaves_the_item_available_with_its_content_and_says_why()
    {
        var dataset = await edna.CreateDatasetAsync();
        var available = Available("a", 3);
        var key = await edna.WriteAsync(dataset, Announced("a", 3), available, Announced("a", 2, size: 7, before: available));
        await edna.ArriveAsync(dataset, "a", "hello");
        var state = await SweptAsync(key, s => s is { Upload: null });
        Assert.Equal((ItemStatus.Available, 1L, 5L, UploadErrors.Expired), (state!.Status, state.ContentRevision, state.Size, state.Failure!.Code));
        Assert.NotNull(await edna.Store.HeadAsync(ContentOf(key, 1), Ct));
    }

    [Fact]
    public async Task Other_bytes_than_declared_are_failed_and_discarded()
    {
        var dataset = await edna.CreateDatasetAsync();
        var key = await edna.WriteAsync(dataset, Announced("a", 2, size: 6));
        await edna.ArriveAsync(dataset, "a", "hello");
        var state = await SweptAsync(key, s => s is { Upload: null });
        Assert.Equal((ItemStatus.Failed, UploadErrors.SizeMismatch), (state!.Status, state.Failure!.Code));
        await Eventually.IsTrueAsync(async () => await edna.Store.HeadAsync(ContentOf(key, 1), Ct) is null);
    }

    [Fact]
    public async Task A_store_that_is_away_changes_nothing_and_what_arrived_is_confirmed_when_it_is_back()
    {
        var dataset = await edna.CreateDatasetAsync();
        var key = await edna.WriteAsync(dataset, Announced("a", 2));
        await edna.ArriveAsync(dataset, "a", "hello");
        using (edna.StoreOutage.Begin())
        {
            var before = edna.StoreOutage.Refused;
            await NoticeAsync(key.Shard);
            await Eventually.IsTrueAsync(() => Task.FromResult(edna.StoreOutage.Refused >= before + 2));
            Assert.Equal(1, (await edna.StateOf(key))!.Revision);
        }
        Assert.Equal(ItemStatus.Available, (await SweptAsync(key, s => s is { Upload: null }))!.Status);
    }

    [Fact]
    public async Task An_upload_that_still_has_time_is_left_alone()
    {
        var dataset = await edna.CreateDatasetAsync();
        var young = await edna.WriteAsync(dataset, Announced("a", 1));
        Assert.False(await edna.Item(dataset, "a").SweepAsync());
        Assert.Equal(1, (await edna.StateOf(young))!.Revision);
        Assert.False(await edna.Item(dataset, "nothing").SweepAsync());
    }

    [Fact]
    public async Task What_came_by_an_old_url_after_the_purge_goes_with_the_row_of_the_purged_item()
    {
        var dataset = await edna.CreateDatasetAsync();
        var key = await edna.WriteAsync(dataset, Announced("a", 2), Purged(Announced("a", 2), 1.9));
        await edna.ArriveAsync(dataset, "a", "hello");
        Assert.Null(await SweptAsync(key, s => s is null));
        Assert.Null(await edna.Store.HeadAsync(ContentOf(key, 1), Ct));
        // Its counters are not needed any more: the next of its path starts anew.
        Assert.Equal(1, (await EdnaCluster.Good(edna.Item(dataset, "a").PlanAsync(EdnaCluster.Announce("a"), "ann"))).Item.Revision);
    }

    [Fact]
    public async Task A_purged_row_stays_while_something_may_still_arrive()
    {
        var dataset = await edna.CreateDatasetAsync();
        var key = await edna.WriteAsync(dataset, Announced("a", 1), Purged(Announced("a", 1), 0.9));
        Assert.False(await edna.Item(dataset, "a").SweepAsync());
        await NoticeAsync(key.Shard);
        await UntilIndexedAsync(dataset);
        Assert.Equal(2, (await edna.StateOf(key))!.Revision);
    }

    [Fact]
    public async Task A_purged_row_of_a_dataset_that_is_gone_too_is_swept()
    {
        var dataset = new DatasetKey("default", "never-was");
        var key = await edna.WriteAsync(dataset, Announced("a", 2), Purged(Announced("a", 2), 1.9));
        await edna.ArriveAsync(dataset, "a", "hello");
        Assert.Null(await SweptAsync(key, s => s is null));
        Assert.Null(await edna.Store.HeadAsync(ContentOf(key, 1), Ct));
    }

    [Fact]
    public async Task The_feed_answers_while_its_sweeper_waits_for_the_store()
    {
        var dataset = await edna.CreateDatasetAsync();
        var key = await edna.WriteAsync(dataset, Announced("a", 2));
        using (edna.StoreOutage.Hold())
        {
            await NoticeAsync(key.Shard);
            await Eventually.IsTrueAsync(() => Task.FromResult(edna.StoreOutage.Waiting > 0));
            // A sweep that waits for the store is given up after ten seconds: the answer must come well before that.
            await Feed(key.Shard).UnsubscribeAsync(((IClusterClient)edna.Grains).CreateObjectReference<IChangeObserver>(new Deaf())).WaitAsync(TimeSpan.FromSeconds(8), Ct);
            Assert.Equal(1, (await edna.StateOf(key))!.Revision);
        }
        await Eventually.IsTrueAsync(async () => await edna.StateOf(key) is { Upload: null });
    }

    [Fact]
    public async Task A_reminder_stays_while_an_upload_is_open_or_something_is_in_the_trash_and_goes_after()
    {
        var dataset = await edna.CreateDatasetAsync();
        var key = await edna.WriteAsync(dataset, Announced("a", 0));
        await NoticeAsync(key.Shard);
        await UntilIndexedAsync(dataset);
        await RingAsync(key.Shard);
        Assert.True(await IsArmedAsync(key.Shard));

        await edna.ArriveAsync(dataset, "a", "hello");
        await EdnaCluster.Good(edna.Item(dataset, "a").CompleteAsync(null, "ann"));
        await EdnaCluster.Good(edna.Item(dataset, "a").TrashAsync(null, "ann"));
        await UntilIndexedAsync(dataset);
        await RingAsync(key.Shard);
        Assert.True(await IsArmedAsync(key.Shard));

        var restored = await EdnaCluster.Good(edna.Item(dataset, "a").RestoreAsync(null, "ann"));
        Assert.Equal(ItemStatus.Available, restored.Status);
        await UntilIndexedAsync(dataset);
        await RingAsync(key.Shard);
        Assert.False(await IsArmedAsync(key.Shard));
    }

    [Fact]
    public async Task A_reminder_that_wakes_the_feed_has_it_swept_at_once()
    {
        var dataset = await edna.CreateDatasetAsync();
        var key = await edna.WriteAsync(dataset, Announced("a", 2));
        await RingAsync(key.Shard);
        await Eventually.IsTrueAsync(async () => await edna.StateOf(key) is { Failure.Code: UploadErrors.Expired });
    }

    [Fact]
    public async Task Rows_that_a_killed_process_told_nobody_of_are_swept_after_the_start()
    {
        var dataset = await edna.CreateDatasetAsync();
        var key = await edna.WriteAsync(dataset, Announced("a", 2));
        await ActivatorUtilities.CreateInstance<FeedsOnStart>(edna.Services).Execute(Ct);
        Assert.NotNull(await edna.Services.GetRequiredService<IReminderTable>().ReadRow(edna.Grains.GetGrain<IFeedWakerGrain>(0).GetGrainId(), "wake", Ct));
        await Eventually.IsTrueAsync(async () => await edna.StateOf(key) is { Failure.Code: UploadErrors.Expired });
        Assert.True(await IsArmedAsync(key.Shard));
    }

    [Fact]
    public async Task More_than_a_page_is_swept_in_one_go_and_what_cannot_be_swept_keeps_nobody_waiting()
    {
        var dataset = await edna.CreateDatasetAsync();
        // More of them than are swept at once, and they come first.
        const int unreadable = 40;
        var paths = PathsInShard(3).Take(600).ToList();
        var states = paths.Select((path, n) => Announced(path, n < unreadable ? 9 : 2)).ToList();
        await edna.Table.InsertManyAsync([.. states.Select((s, n) =>
        {
            var row = ItemView.RowOf(EdnaCluster.KeyOf(dataset, s.Path), s);
            return (n < unreadable ? row with { Body = "not JSON"u8.ToArray() } : row, new NewChange(ChangeKind.Created, s.UpdatedAt, "ann"));
        })], Ct);
        var shard = new ShardKey(dataset, 3);
        await NoticeAsync(shard);
        await Eventually.IsTrueAsync(async () => (await edna.Table.ReadOverdueAsync(shard, DateTimeOffset.UtcNow, 1_000, Ct)).Count == unreadable);
    }

    private static ItemState Announced(string path, double hoursAgo, long size = 5, ItemState? before = null) => UploadDecisions.Plan(
        before, EdnaCluster.Announce(path, size), path, new(TimeSpan.FromHours(1), TimeSpan.FromMinutes(15)), Ago(hoursAgo), "ann").Next!;

    private static ItemState Available(string path, double hoursAgo) => UploadDecisions.Confirm(
        Announced(path, hoursAgo), new() { Size = 5, ETag = "e", ContentType = "text/plain", LastModified = Ago(hoursAgo) }, ChecksumVerdict.NotDeclared, Ago(hoursAgo)).Next!;

    private static ItemState Purged(ItemState before, double hoursAgo) => EditDecisions.Purge(before, Ago(hoursAgo)).Next!;

    private static IEnumerable<string> PathsInShard(int shard) =>
        Enumerable.Range(0, int.MaxValue).Select(i => $"{i}").Where(path => ItemId.ShardOf(ItemId.FromPath(path)) == shard);

    private ObjectLocation ContentOf(ItemKey key, long attempt) => new ObjectKeys(edna.Store.Prefix, key.Dataset, null).Content(key.ItemId, attempt);

    private IChangeFeedGrain Feed(ShardKey shard) => edna.Grains.GetGrain<IChangeFeedGrain>(shard.ToString());

    private Task NoticeAsync(ShardKey shard) => Feed(shard).NoticeAsync();

    private Task RingAsync(ShardKey shard) => Feed(shard).AsReference<IRemindable>().ReceiveReminder("unindexed", default);

    private async Task<bool> IsArmedAsync(ShardKey shard) =>
        (await edna.Services.GetRequiredService<IReminderTable>().ReadRows(Feed(shard).GetGrainId())).Reminders.Count > 0;

    /// <summary>Tells the feed, and waits for its timer to have brought the item where it is to be.</summary>
    private async Task<ItemState?> SweptAsync(ItemKey key, Func<ItemState?, bool> until)
    {
        await NoticeAsync(key.Shard);
        ItemState? state = null;
        await Eventually.IsTrueAsync(async () => until(state = await edna.StateOf(key)));
        return state;
    }

    private async Task UntilIndexedAsync(DatasetKey dataset) =>
        await Eventually.IsTrueAsync(async () => (await edna.Table.ListDirtyShardsAsync(Ct)).All(s => s.Dataset != dataset));

    private sealed class Deaf : IChangeObserver
    {
        public Task NudgeAsync(ShardKey shard) => Task.CompletedTask;
    }
}
