using Edna.Changes;
using Edna.Datasets;
using Edna.Items;
using Edna.Json;
using Edna.Keys;
using Edna.Objects;
using Edna.Silo.Tests.Cluster;
using Xunit;

namespace Edna.Silo.Tests.Changes;

public sealed class TrashRetentionTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_trash_has_kept_long_enough_is_purged_and_nothing_else_is()
    {
        var dataset = await edna.CreateDatasetAsync(new() { TrashRetentionDays = 2 });
        var paths = Enumerable.Range(0, int.MaxValue).Select(i => $"{i}").Where(path => ItemId.ShardOf(ItemId.FromPath(path)) == 5).Take(3).ToList();
        var old = await edna.WriteAsync(dataset, Life(paths[0], 3));
        await edna.ArriveAsync(dataset, paths[0], "hello");
        var restored = await edna.WriteAsync(dataset, [.. Life(paths[1], 3), EditDecisions.Restore(Life(paths[1], 3)[^1], DateTimeOffset.UtcNow).Next!]);
        var young = await edna.WriteAsync(dataset, Life(paths[2], 1));
        await Feed(old).NoticeAsync();
        await Eventually.IsTrueAsync(async () => await edna.StateOf(old) is null or { Status: ItemStatus.Purged });
        Assert.Null(await edna.Store.HeadAsync(new ObjectKeys(edna.Store.Prefix, dataset, null).Content(old.ItemId, 1), Ct));
        Assert.Equal("item.not_found", await EdnaCluster.CodeOf(edna.Item(dataset, paths[0]).GetAsync(false)));
        foreach (var (path, key, status) in new[] { (paths[1], restored, ItemStatus.Available), (paths[2], young, ItemStatus.Trashed) })
        {
            Assert.False(await edna.Item(dataset, path).SweepAsync());
            Assert.Equal(status, (await edna.StateOf(key))!.Status);
        }
        await EdnaCluster.Good(edna.Item(dataset, paths[2]).RestoreAsync(null, "ann"));
    }

    [Fact]
    public async Task Where_the_dataset_says_nothing_the_services_default_of_thirty_days_holds()
    {
        var dataset = await edna.CreateDatasetAsync();
        Assert.Equal(30, (await EdnaCluster.Good(Grain(dataset).GetAsync())).TrashRetentionDays);
        await edna.WriteAsync(dataset, Life("a", 29.9));
        var old = await edna.WriteAsync(dataset, Life("b", 30.1));
        Assert.False(await edna.Item(dataset, "a").SweepAsync());
        Assert.True(await edna.Item(dataset, "b").SweepAsync());
        Assert.True(await edna.StateOf(old) is null or { Status: ItemStatus.Purged });
    }

    [Fact]
    public async Task A_setting_that_is_changed_holds_for_what_is_in_the_trash_already()
    {
        var dataset = await edna.CreateDatasetAsync(new() { TrashRetentionDays = 1 });
        var key = await edna.WriteAsync(dataset, Life("a", 3));
        await PatchAsync(dataset, """{"trashRetentionDays": 10}""");
        Assert.False(await edna.Item(dataset, "a").SweepAsync());
        await PatchAsync(dataset, """{"trashRetentionDays": null}""");
        Assert.False(await edna.Item(dataset, "a").SweepAsync());
        Assert.Equal(ItemStatus.Trashed, (await edna.StateOf(key))!.Status);
        await PatchAsync(dataset, """{"trashRetentionDays": 2}""");
        await Feed(key).NoticeAsync();
        await Eventually.IsTrueAsync(async () => await edna.StateOf(key) is null or { Status: ItemStatus.Purged });
    }

    [Fact]
    public async Task The_setting_stands_in_the_bucket_too()
    {
        var dataset = await edna.CreateDatasetAsync(new() { TrashRetentionDays = 36_500 });
        var document = await edna.Store.ReadAsync(new ObjectKeys(edna.Store.Prefix, dataset, null).Dataset, Ct);
        Assert.Contains("\"trashRetentionDays\":36500", System.Text.Encoding.UTF8.GetString(document!), StringComparison.Ordinal);
    }

    /// <summary>Announced, uploaded, and in the trash since some days ago.</summary>
    private static ItemState[] Life(string path, double daysAgo)
    {
        var at = DateTimeOffset.UtcNow.AddDays(-daysAgo);
        var announced = UploadDecisions.Plan(null, EdnaCluster.Announce(path), path, new(TimeSpan.FromHours(1), TimeSpan.Zero), at, "ann").Next!;
        var found = new StoredObject { Size = announced.Size, ETag = "e", ContentType = announced.ContentType, LastModified = at };
        var available = UploadDecisions.Confirm(announced, found, ChecksumVerdict.NotDeclared, at).Next!;
        return [announced, available, EditDecisions.Trash(available, at).Next!];
    }

    private IDatasetGrain Grain(DatasetKey dataset) => edna.Grains.GetGrain<IDatasetGrain>(dataset.ToString());

    private async Task PatchAsync(DatasetKey dataset, string patch) => await EdnaCluster.Good(Grain(dataset).PatchAsync(new JsonText(patch), null, "ann"));

    private IChangeFeedGrain Feed(ItemKey key) => edna.Grains.GetGrain<IChangeFeedGrain>(key.Shard.ToString());
}
