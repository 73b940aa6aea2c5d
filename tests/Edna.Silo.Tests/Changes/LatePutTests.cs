using Edna.Changes;
using Edna.Events;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Edna.Silo.Tests.Cluster;
using Xunit;

namespace Edna.Silo.Tests.Changes;

/// <summary>Bytes that are sent by the URL of an upload that was given up: nobody will ever ask for them, and the item lives on.</summary>
public sealed class LatePutTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static DateTimeOffset Ago(double hours) => DateTimeOffset.UtcNow.AddHours(-hours);

    [Fact]
    public async Task What_comes_after_an_upload_was_given_up_is_removed_when_its_url_works_no_more_and_nobody_sees_anything_of_it()
    {
        var dataset = await edna.CreateDatasetAsync();
        var key = await edna.WriteAsync(dataset, Announced("a", 2), Aborted(Announced("a", 2), 1.9));
        await edna.ArriveAsync(dataset, "a", "hello");
        var parts = await edna.Store.CreateMultipartAsync(ContentOf(key, 1), new() { Size = 5, ContentType = "text/plain" }, Ct);
        var before = await EdnaCluster.Good(edna.Item(dataset, "a").GetAsync(false));
        await SweptAsync(key);
        Assert.Null(await edna.Store.HeadAsync(ContentOf(key, 1), Ct));
        Assert.Null(await edna.Store.ListPartsAsync(ContentOf(key, 1), parts, Ct));
        Assert.Equal(before with { Tags = ItemState.NoTags }, await EdnaCluster.Good(edna.Item(dataset, "a").GetAsync(false)) with { Tags = ItemState.NoTags });
        Assert.Equal(2, (await edna.Table.ReadChangesAsync(dataset, null, 10, Ct))!.Changes.Count);
        Assert.False(await edna.Item(dataset, "a").SweepAsync());
        // Its next upload goes on from there.
        await EdnaCluster.Good(edna.Item(dataset, "a").PlanAsync(EdnaCluster.Announce("a"), "ann"));
        Assert.Equal((2L, 3L), await edna.StateOf(key) is { } state ? (state.Attempts, state.Revision) : default);
    }

    [Fact]
    public async Task The_content_and_what_it_replaced_stay()
    {
        var dataset = await edna.CreateDatasetAsync();
        var (first, second) = (Available(Announced("a", 5), 4.9), Available(Announced("a", 4, 6, Available(Announced("a", 5), 4.9)), 3.9, 6));
        var open = Announced("a", 3, 7, second);
        var key = await edna.WriteAsync(dataset, Announced("a", 5), first, Announced("a", 4, 6, first), second, open, Aborted(open, 2.9));
        for (var attempt = 1; attempt <= 4; attempt++) await edna.ArriveAsync(dataset, "a", "hello", attempt);
        await SweptAsync(key);
        var left = new List<bool>();
        for (var attempt = 1; attempt <= 4; attempt++) left.Add(await edna.Store.HeadAsync(ContentOf(key, attempt), Ct) is not null);
        // The fourth was never EDNA's to sign: that is for a scrub to tell.
        Assert.Equal([true, true, false, true], left);
        Assert.Equal((ItemStatus.Available, 2L), await edna.StateOf(key) is { } state ? (state.Status, state.ContentRevision) : default);
    }

    [Fact]
    public async Task In_the_trash_and_taken_out_of_it_the_same_holds()
    {
        var dataset = await edna.CreateDatasetAsync();
        var trashed = EditDecisions.Trash(Announced("a", 2), Ago(1.9)).Next!;
        var inside = await edna.WriteAsync(dataset, Announced("a", 2), trashed);
        var back = await edna.WriteAsync(dataset, Announced("b", 2), trashed with { Path = "b" }, EditDecisions.Restore(trashed with { Path = "b" }, Ago(1.8)).Next!);
        await edna.ArriveAsync(dataset, "a", "hello");
        await edna.ArriveAsync(dataset, "b", "hello");
        await SweptAsync(inside);
        await SweptAsync(back);
        Assert.Null(await edna.Store.HeadAsync(ContentOf(inside, 1), Ct));
        Assert.Null(await edna.Store.HeadAsync(ContentOf(back, 1), Ct));
        // Since when it is in the trash is not touched.
        Assert.Equal((ItemStatus.Trashed, trashed.TrashedAt, trashed.UpdatedAt), await edna.StateOf(inside) is { } state ? (state.Status, state.TrashedAt, state.UpdatedAt) : default);
    }

    [Fact]
    public async Task What_came_for_an_upload_that_another_replaced_goes_when_that_one_expires()
    {
        var dataset = await edna.CreateDatasetAsync();
        var key = await edna.WriteAsync(dataset, Announced("a", 2.1), Announced("a", 2, 6, Announced("a", 2.1)));
        await edna.ArriveAsync(dataset, "a", "hello");
        await Feed(key).NoticeAsync();
        await Eventually.IsTrueAsync(async () => await edna.StateOf(key) is { Failure.Code: UploadErrors.Expired });
        Assert.Null(await edna.Store.HeadAsync(ContentOf(key, 1), Ct));
        Assert.Null((await edna.Table.ReadAsync(key, Ct))!.UploadDeadline);
    }

    [Fact]
    public async Task What_lands_after_the_sweeper_has_been_there_goes_when_an_event_tells_of_it()
    {
        var dataset = await edna.CreateDatasetAsync();
        var key = await edna.WriteAsync(dataset, Announced("a", 2));
        Assert.True(await edna.Item(dataset, "a").SweepAsync());
        await edna.ArriveAsync(dataset, "a", "hello");
        var landed = new ObjectEvent { Kind = ObjectEventKind.Created, Bucket = edna.Store.Bucket, Key = ContentOf(key, 1).Key, Size = 5, ETag = "e" };
        var before = await edna.StateOf(key);
        Assert.Equal(EventOutcome.Unchanged, await edna.Item(dataset, "a").ConfirmAsync(landed));
        Assert.Null(await edna.Store.HeadAsync(ContentOf(key, 1), Ct));
        Assert.Equal(before!.Revision, (await edna.StateOf(key))!.Revision);
    }

    [Fact]
    public async Task An_event_of_a_content_and_of_what_it_replaced_removes_nothing()
    {
        var dataset = await edna.CreateDatasetAsync();
        var first = Available(Announced("a", 5), 4.9);
        var key = await edna.WriteAsync(dataset, Announced("a", 5), first, Announced("a", 4, 6, first), Available(Announced("a", 4, 6, first), 3.9, 6));
        await edna.ArriveAsync(dataset, "a", "hello", 1);
        await edna.ArriveAsync(dataset, "a", "hello!", 2);
        foreach (var attempt in new[] { 1L, 2L })
            await edna.Item(dataset, "a").ConfirmAsync(new() { Kind = ObjectEventKind.Created, Bucket = edna.Store.Bucket, Key = ContentOf(key, attempt).Key, Size = 5, ETag = "x" });
        Assert.NotNull(await edna.Store.HeadAsync(ContentOf(key, 1), Ct));
        Assert.NotNull(await edna.Store.HeadAsync(ContentOf(key, 2), Ct));
    }

    [Fact]
    public async Task While_the_url_works_nothing_is_touched()
    {
        var dataset = await edna.CreateDatasetAsync();
        var key = await edna.WriteAsync(dataset, Announced("a", 1), Aborted(Announced("a", 1), 0.9));
        await edna.ArriveAsync(dataset, "a", "hello");
        Assert.False(await edna.Item(dataset, "a").SweepAsync());
        Assert.NotNull(await edna.Store.HeadAsync(ContentOf(key, 1), Ct));
        Assert.NotNull((await edna.Table.ReadAsync(key, Ct))!.UploadDeadline);
    }

    [Fact]
    public async Task A_store_that_is_away_is_asked_again()
    {
        var dataset = await edna.CreateDatasetAsync();
        var key = await edna.WriteAsync(dataset, Announced("a", 2), Aborted(Announced("a", 2), 1.9));
        await edna.ArriveAsync(dataset, "a", "hello");
        using (edna.StoreOutage.Begin())
        {
            await Feed(key).NoticeAsync();
            await Eventually.IsTrueAsync(() => Task.FromResult(edna.StoreOutage.Refused >= 2));
            Assert.NotNull((await edna.Table.ReadAsync(key, Ct))!.UploadDeadline);
        }
        await SweptAsync(key);
        Assert.Null(await edna.Store.HeadAsync(ContentOf(key, 1), Ct));
    }

    private static ItemState Announced(string path, double hoursAgo, long size = 5, ItemState? before = null) => UploadDecisions.Plan(
        before, EdnaCluster.Announce(path, size), path, new(TimeSpan.FromHours(1), TimeSpan.FromMinutes(15)), Ago(hoursAgo), "ann").Next!;

    private static ItemState Aborted(ItemState before, double hoursAgo) => UploadDecisions.Abort(before, Ago(hoursAgo)).Next!;

    private static ItemState Available(ItemState before, double hoursAgo, long size = 5) => UploadDecisions.Confirm(
        before, new() { Size = size, ETag = "e", ContentType = "text/plain", LastModified = Ago(hoursAgo) }, ChecksumVerdict.NotDeclared, Ago(hoursAgo)).Next!;

    private ObjectLocation ContentOf(ItemKey key, long attempt) => new ObjectKeys(edna.Store.Prefix, key.Dataset, null).Content(key.ItemId, attempt);

    private IChangeFeedGrain Feed(ItemKey key) => edna.Grains.GetGrain<IChangeFeedGrain>(key.Shard.ToString());

    /// <summary>Tells the feed, and waits for its timer to have looked at the item for the last time.</summary>
    private async Task SweptAsync(ItemKey key)
    {
        await Feed(key).NoticeAsync();
        await Eventually.IsTrueAsync(async () => (await edna.Table.ReadAsync(key, Ct))!.UploadDeadline is null);
        Assert.Null((await edna.StateOf(key))!.LateUntil);
    }
}
