using Edna.Changes;
using Edna.Events;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Edna.Silo.Tests.Cluster;
using Xunit;

namespace Edna.Silo.Tests.Events;

/// <summary>Object events as they come: doubled, shuffled, late, lost, and of keys that are nobody's.</summary>
public sealed class EventTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static readonly EventCounts None = new() { Received = 0, Confirmed = 0, Failed = 0, Changed = 0, Unchanged = 0, Ignored = 0, Invalid = 0 };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_confirms_without_the_client_and_without_asking_the_store()
    {
        var dataset = await edna.CreateDatasetAsync();
        await EdnaCluster.Good(edna.Item(dataset, "a").PlanAsync(EdnaCluster.Announce("a"), "ann"));
        await edna.ArriveAsync(dataset, "a", "hello");
        var arrived = await EventAsync(dataset, "a");
        using (edna.StoreOutage.Begin()) Assert.Equal(None with { Received = 1, Confirmed = 1 }, await TakeAsync(arrived));
        var item = await EdnaCluster.Good(edna.Item(dataset, "a").GetAsync(true));
        Assert.Equal((ItemStatus.Available, 5L, 2L, "store"), (item.Status, item.Size, item.Revision, (await LastChangeAsync(dataset)).By));
        Assert.NotNull(item.DownloadUrl);
        Assert.Equal(ObjectFinding.Same, await edna.Item(dataset, "a").ObserveAsync("scrub"));
    }

    [Fact]
    public async Task Doubled_ten_times_and_shuffled_over_many_items_each_is_confirmed_once()
    {
        var dataset = await edna.CreateDatasetAsync();
        var paths = Enumerable.Range(0, 40).Select(i => $"{i}.txt").ToArray();
        await EdnaCluster.Good(edna.Grains.GetGrain<IItemBatchGrain>(dataset.ToString()).PlanAsync([.. paths.Select(p => EdnaCluster.Announce(p))], "ann"));
        var events = new List<ObjectEvent>();
        foreach (var path in paths)
        {
            await edna.ArriveAsync(dataset, path, "hello");
            events.AddRange(Enumerable.Repeat(await EventAsync(dataset, path), 10));
        }
        var shuffled = events.ToArray();
        new Random(7).Shuffle(shuffled);
        var counts = await TakeAsync(shuffled);
        Assert.Equal(None with { Received = 400, Confirmed = 40, Unchanged = 360 }, counts);
        foreach (var path in paths) Assert.Equal((ItemStatus.Available, 2L), await StateAsync(dataset, path));
    }

    [Fact]
    public async Task An_event_that_comes_after_the_clients_own_word_changes_nothing()
    {
        var dataset = await edna.CreateDatasetAsync();
        await edna.UploadAsync(dataset, "a");
        var late = await EventAsync(dataset, "a");
        using (edna.StoreOutage.Begin()) Assert.Equal(None with { Received = 1, Unchanged = 1 }, await TakeAsync(late));
        Assert.Equal((ItemStatus.Available, 2L), await StateAsync(dataset, "a"));
    }

    [Fact]
    public async Task A_lost_event_is_made_up_for_by_the_client_and_the_other_way_round()
    {
        var dataset = await edna.CreateDatasetAsync();
        await EdnaCluster.Good(edna.Item(dataset, "a").PlanAsync(EdnaCluster.Announce("a"), "ann"));
        await edna.ArriveAsync(dataset, "a", "hello");
        await TakeAsync(await EventAsync(dataset, "a"));
        Assert.Equal(2, (await EdnaCluster.Good(edna.Item(dataset, "a").CompleteAsync(null, "ann"))).Revision);
    }

    [Fact]
    public async Task An_event_of_a_content_that_was_replaced_changes_nothing_though_its_bytes_are_gone()
    {
        var dataset = await edna.CreateDatasetAsync();
        await edna.UploadAsync(dataset, "a");
        var old = await EventOfAsync(dataset, "a", 1);
        await EdnaCluster.Good(edna.Item(dataset, "a").PlanAsync(EdnaCluster.Announce("a", 6), "ann"));
        Assert.Equal(None with { Received = 1, Unchanged = 1 }, await TakeAsync(old));
        await edna.ArriveAsync(dataset, "a", "hello!", attempt: 2);
        await TakeAsync(await EventOfAsync(dataset, "a", 2));
        var counts = await TakeAsync(old, old with { Kind = ObjectEventKind.Removed }, old with { Kind = ObjectEventKind.Tagged }, old with { ETag = "x", Size = 1 });
        Assert.Equal(None with { Received = 4, Unchanged = 4 }, counts);
        Assert.Equal((2L, 6L), ((await EdnaCluster.Good(edna.Item(dataset, "a").GetAsync(false))).ContentRevision, (await EdnaCluster.Good(edna.Item(dataset, "a").GetAsync(false))).Size));
    }

    [Fact]
    public async Task What_arrived_with_another_size_fails_as_it_does_when_the_client_completes()
    {
        var dataset = await edna.CreateDatasetAsync();
        await EdnaCluster.Good(edna.Item(dataset, "a").PlanAsync(EdnaCluster.Announce("a", 6), "ann"));
        await edna.ArriveAsync(dataset, "a", "hello");
        Assert.Equal(None with { Received = 1, Failed = 1 }, await TakeAsync(await EventAsync(dataset, "a")));
        Assert.Equal(UploadErrors.SizeMismatch, (await EdnaCluster.Good(edna.Item(dataset, "a").GetAsync(false))).Failure?.Code);
        Assert.Null(await edna.Store.HeadAsync(At(dataset, "a", 1), Ct));
    }

    [Fact]
    public async Task A_removal_is_believed_only_as_far_as_the_store_says_so()
    {
        var dataset = await edna.CreateDatasetAsync();
        await edna.UploadAsync(dataset, "a");
        var removed = Made(dataset, "a", 1, null, null) with { Kind = ObjectEventKind.Removed };
        Assert.Equal(None with { Received = 1, Unchanged = 1 }, await TakeAsync(removed));
        var bytes = await edna.Store.ReadAsync(At(dataset, "a", 1), Ct);
        await edna.Store.DeleteAsync(null, [removed.Key], Ct);
        Assert.Equal(None with { Received = 2, Changed = 1, Unchanged = 1 }, await TakeAsync(removed, removed));
        Assert.Equal((ItemStatus.Failed, 3L), await StateAsync(dataset, "a"));
        Assert.Equal((ChangeKind.Failed, "store"), ((await LastChangeAsync(dataset)).Kind, (await LastChangeAsync(dataset)).By));
        await edna.Store.WriteAsync(At(dataset, "a", 1), bytes, "text/plain", true, Ct);
        Assert.Equal(None with { Received = 1, Changed = 1 }, await TakeAsync(await EventOfAsync(dataset, "a", 1)));
        Assert.Equal((ItemStatus.Available, 4L), await StateAsync(dataset, "a"));
    }

    [Fact]
    public async Task Tags_set_at_the_store_are_taken_over_and_EDNAs_own_do_not_echo()
    {
        var dataset = await edna.CreateDatasetAsync();
        await edna.UploadAsync(dataset, "a");
        var tagged = Made(dataset, "a", 1, null, null) with { Kind = ObjectEventKind.Tagged };
        await EdnaCluster.Good(edna.Item(dataset, "a").SetTagsAsync(new Dictionary<string, string> { ["k"] = "ours" }, null, "ann"));
        Assert.Equal(None with { Received = 1, Unchanged = 1 }, await TakeAsync(tagged));
        await edna.Store.SetTagsAsync(At(dataset, "a", 1), new Dictionary<string, string> { ["k"] = "theirs" }, Ct);
        Assert.Equal(None with { Received = 2, Changed = 1, Unchanged = 1 }, await TakeAsync(tagged, tagged));
        Assert.Equal("theirs", (await EdnaCluster.Good(edna.Item(dataset, "a").GetAsync(false))).Tags["k"]);
        Assert.Equal(ChangeKind.Tagged, (await LastChangeAsync(dataset)).Kind);
    }

    [Fact]
    public async Task While_the_store_is_away_what_needs_it_is_refused_whole_and_works_when_brought_again()
    {
        var dataset = await edna.CreateDatasetAsync();
        foreach (var path in (string[])["a", "b"])
        {
            await EdnaCluster.Good(edna.Item(dataset, path).PlanAsync(EdnaCluster.Announce(path), "ann"));
            await edna.ArriveAsync(dataset, path, "hello");
        }
        ObjectEvent[] events = [await EventAsync(dataset, "a"), await EventAsync(dataset, "b") with { ETag = null }];
        using (edna.StoreOutage.Begin()) Assert.Equal("service.unavailable", await EdnaCluster.CodeOf(Intake.TakeAsync(events)));
        Assert.Equal(None with { Received = 2, Confirmed = 1, Unchanged = 1 }, await TakeAsync(events));
    }

    [Fact]
    public async Task While_bytes_are_being_compared_their_event_is_not_taken_and_the_others_are()
    {
        var dataset = await edna.CreateDatasetAsync();
        foreach (var path in (string[])["large", "small"])
        {
            await EdnaCluster.Good(edna.Item(dataset, path).PlanAsync(EdnaCluster.Announce(path), "ann"));
            await edna.ArriveAsync(dataset, path, "hello");
        }
        ObjectEvent[] events = [await EventAsync(dataset, "large") with { ETag = null }, await EventAsync(dataset, "small")];
        using (edna.StoreOutage.Hold())
        {
            Assert.Equal("upload.being_verified", await EdnaCluster.CodeOf(Intake.TakeAsync(events)));
            Assert.Equal((ItemStatus.Available, 2L), await StateAsync(dataset, "small"));
            Assert.Equal(ItemStatus.Pending, (await StateAsync(dataset, "large")).Item1);
        }
        // It ends by itself, or by the event that comes again.
        await Eventually.IsTrueAsync(async () => (await Intake.TakeAsync(events)).Problem is null);
        Assert.Equal((ItemStatus.Available, 2L), await StateAsync(dataset, "large"));
    }

    [Fact]
    public async Task Keys_that_are_not_items_bytes_are_counted_and_dropped()
    {
        var dataset = await edna.CreateDatasetAsync();
        var item = await edna.UploadAsync(dataset, "a");
        var keys = new ObjectKeys(edna.Store.Prefix, dataset, null);
        ObjectEvent Of(string bucket, string key) => Made(dataset, "a", 1, 1, "e") with { Bucket = bucket, Key = key };
        var counts = await TakeAsync(
            Of(edna.Store.Bucket, keys.Dataset.Key), Of(edna.Store.Bucket, keys.Item(item.Id).Key), Of(edna.Store.Bucket, keys.Labels(item.Id, 1).Key), Of(edna.Store.Bucket, "some/other.bin"),
            Of("somebody", keys.Content(item.Id, 1).Key), Of(edna.Store.Bucket, keys.Content(ItemId.FromPath("nowhere"), 1).Key),
            Of(edna.Store.Bucket, new ObjectKeys("", new("default", "nowhere"), null).Content(item.Id, 1).Key));
        Assert.Equal(None with { Received = 7, Ignored = 7 }, counts);
    }

    private IEventIntakeGrain Intake => edna.Grains.GetGrain<IEventIntakeGrain>(0);

    private Task<EventCounts> TakeAsync(params ObjectEvent[] events) => EdnaCluster.Good(Intake.TakeAsync(events));

    private ObjectLocation At(DatasetKey dataset, string path, long attempt) =>
        new ObjectKeys(edna.Store.Prefix, dataset, null).Content(EdnaCluster.KeyOf(dataset, path).ItemId, attempt);

    private ObjectEvent Made(DatasetKey dataset, string path, long attempt, long? size, string? etag) => new()
    {
        Kind = ObjectEventKind.Created, Bucket = edna.Store.Bucket, Key = At(dataset, path, attempt).Key, Size = size, ETag = etag,
    };

    private Task<ObjectEvent> EventAsync(DatasetKey dataset, string path) => EventOfAsync(dataset, path, 1);

    /// <summary>The event that the store would send of what lies there.</summary>
    private async Task<ObjectEvent> EventOfAsync(DatasetKey dataset, string path, long attempt)
    {
        var found = (await edna.Store.HeadAsync(At(dataset, path, attempt), Ct))!;
        return Made(dataset, path, attempt, found.Size, found.ETag);
    }

    private async Task<(ItemStatus, long)> StateAsync(DatasetKey dataset, string path)
    {
        var item = await EdnaCluster.Good(edna.Item(dataset, path).GetAsync(false));
        return (item.Status, item.Revision);
    }

    private async Task<ItemChange> LastChangeAsync(DatasetKey dataset) => (await edna.Table.ReadChangesAsync(dataset, null, 200, Ct))!.Changes[^1];
}
