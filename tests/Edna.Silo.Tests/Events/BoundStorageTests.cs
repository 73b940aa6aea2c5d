using Edna.Changes;
using Edna.Datasets;
using Edna.Events;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Edna.Silo.Tests.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Edna.Silo.Tests.Events;

/// <summary>Datasets with a bucket and prefix of their own: who has which, and events of what lies there in place.</summary>
public sealed class BoundStorageTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static readonly System.Text.Json.JsonSerializerOptions CamelCase = new() { PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.CamelCase };

    private readonly string bucket = $"b-{Guid.NewGuid():n}";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prefixes_of_different_datasets_may_not_overlap_and_are_free_again_when_their_dataset_is_gone()
    {
        var (key, made) = await CreateAsync("a/b/");
        Assert.Null(made.Problem);
        foreach (var prefix in (string[])["a/b/", "a/", "", "a/b/c/"]) Assert.Equal("dataset.storage_taken", (await CreateAsync(prefix)).Made.Problem?.Code);
        Assert.Null((await CreateAsync("a/bc/")).Made.Problem);
        await EdnaCluster.Good(edna.Grains.GetGrain<IDatasetGrain>(key.ToString()).DeleteAsync(null));
        Assert.Null((await CreateAsync("a/b/c/")).Made.Problem);
    }

    [Fact]
    public async Task A_prefix_that_a_crash_left_bound_to_no_dataset_is_freed_by_who_wants_it()
    {
        var ghost = new DatasetKey("default", "ghost-of-a-crash");
        Assert.Null(await edna.Grains.GetGrain<IBucketGrain>(bucket).BindAsync("x/", ghost));
        Assert.Null((await CreateAsync("x/y/")).Made.Problem);
        Assert.Equal("dataset.storage_taken", (await CreateAsync("x/")).Made.Problem?.Code);
    }

    [Fact]
    public async Task An_upload_to_a_datasets_own_storage_is_confirmed_by_an_event()
    {
        var (key, _) = await CreateAsync("team/");
        await EdnaCluster.Good(edna.Item(key, "a").PlanAsync(EdnaCluster.Announce("a"), "ann"));
        var at = new ObjectKeys("", key, new() { Bucket = bucket, Prefix = "team/" }).Content(ItemId.FromPath("a"), 1);
        var counts = await TakeAsync(new ObjectEvent { Kind = ObjectEventKind.Created, Bucket = bucket, Key = at.Key, Size = 5, ETag = "e" });
        Assert.Equal(1, counts.Confirmed);
    }

    [Fact]
    public async Task Bytes_in_place_belong_to_their_owner_overwritten_they_are_taken_over_removed_they_are_missed()
    {
        var (key, _) = await CreateAsync("team/");
        var at = new ObjectLocation(bucket, "team/cafe\u0301/1 +.txt");
        await edna.Store.WriteAsync(at, "hello"u8.ToArray(), "text/plain", true, Ct);
        var item = await RegisterAsync(key, "caf\u00e9/1 +.txt", at);
        Assert.Equal(1, (await TakeAsync(await EventOfAsync(at))).Unchanged);

        await edna.Store.WriteAsync(at, "hello again"u8.ToArray(), "text/html", false, Ct);
        var overwritten = await EventOfAsync(at) with { Sequencer = "20" };
        Assert.Equal(1, (await TakeAsync(overwritten)).Changed);
        var after = await EdnaCluster.Good(item.GetAsync(true));
        Assert.Equal((ItemStatus.Available, 11L, "text/html", null), (after.Status, after.Size, after.ContentType, after.Checksum));
        Assert.Equal(ChangeKind.Updated, (await edna.Table.ReadChangesAsync(key, null, 100, Ct))!.Changes[^1].Kind);
        Assert.Equal(1, (await TakeAsync(overwritten with { Sequencer = "10", ETag = "older", Kind = ObjectEventKind.Created })).Unchanged);

        await edna.Store.DeleteAsync(bucket, [at.Key], Ct);
        Assert.Equal(1, (await TakeAsync(overwritten with { Kind = ObjectEventKind.Removed, Sequencer = "3" })).Changed);
        Assert.Equal(ObjectErrors.Missing, (await EdnaCluster.Good(item.GetAsync(false))).Failure?.Code);
    }

    [Fact]
    public async Task Objects_that_are_nobodys_items_are_counted_and_dropped_there_too()
    {
        await CreateAsync("team/");
        ObjectEvent Of(string key) => new() { Kind = ObjectEventKind.Created, Bucket = bucket, Key = key, Size = 5, ETag = "e" };
        Assert.Equal(4, (await TakeAsync(Of("team/new.txt"), Of("other/x.txt"), Of("team/"), Of("team"))).Ignored);
    }

    private async Task<(DatasetKey Key, Edna.Results.Result<Dataset> Made)> CreateAsync(string prefix)
    {
        edna.Services.GetRequiredService<IOptions<DatasetOptions>>().Value.AllowedBuckets.Add(bucket);
        var key = new DatasetKey("default", "d" + Guid.NewGuid().ToString("n")[..12]);
        var request = new CreateDataset { Name = key.Dataset, Storage = new() { Bucket = bucket, Prefix = prefix } };
        return (key, await edna.Grains.GetGrain<IDatasetGrain>(key.ToString()).CreateAsync(request, "ann", null));
    }

    /// <summary>A row as an import would leave it.</summary>
    private async Task<IItemGrain> RegisterAsync(DatasetKey dataset, string path, ObjectLocation at)
    {
        var (found, now) = ((await edna.Store.HeadAsync(at, Ct))!, DateTimeOffset.UnixEpoch);
        var state = new ItemState
        {
            Path = path, Status = ItemStatus.Available, Revision = 1, Attempts = 1, ContentRevision = 1, ContentKey = at.Key, Size = found.Size, ETag = found.ETag,
            ContentType = "text/plain", Checksum = new() { Algorithm = "md5", Value = "x" }, CreatedAt = now, CreatedBy = "ann", UpdatedAt = now,
        };
        var row = new ItemRow
        {
            Key = EdnaCluster.KeyOf(dataset, path), Path = path, Status = state.Status, Revision = 1, UpdatedAt = now,
            Body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(state, CamelCase),
        };
        Assert.True((await edna.Table.InsertManyAsync([(row, new(ChangeKind.Created, now, "ann"))], Ct))[0]);
        return edna.Item(dataset, path);
    }

    private async Task<ObjectEvent> EventOfAsync(ObjectLocation at)
    {
        var found = (await edna.Store.HeadAsync(at, Ct))!;
        return new() { Kind = ObjectEventKind.Created, Bucket = bucket, Key = at.Key, Size = found.Size, ETag = found.ETag };
    }

    private Task<EventCounts> TakeAsync(params ObjectEvent[] events) => EdnaCluster.Good(edna.Grains.GetGrain<IEventIntakeGrain>(0).TakeAsync(events));
}
