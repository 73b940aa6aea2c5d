using Edna.Changes;
using Edna.Items;
using Edna.Objects;
using Edna.Results;
using Edna.Silo.Tests.Cluster;
using Xunit;

namespace Edna.Silo.Tests.Items;

public sealed class ItemGrainTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_item_that_was_looked_for_too_early_is_found_once_a_batch_has_inserted_it()
    {
        var dataset = await edna.CreateDatasetAsync();
        Assert.Equal("item.not_found", await EdnaCluster.CodeOf(edna.Item(dataset, "a").GetAsync(false)));
        var plans = await EdnaCluster.Good(edna.Grains.GetGrain<IItemBatchGrain>(dataset.ToString()).PlanAsync([EdnaCluster.Announce("a")], "ann"));
        Assert.Null(plans[0].Problem);
        Assert.Equal(ItemStatus.Pending, (await EdnaCluster.Good(edna.Item(dataset, "a").GetAsync(false))).Status);
    }

    [Fact]
    public async Task Announced_many_times_at_once_singly_and_in_batches_an_item_is_created_once()
    {
        var dataset = await edna.CreateDatasetAsync();
        var batch = edna.Grains.GetGrain<IItemBatchGrain>(dataset.ToString());
        var tries = Enumerable.Range(0, 32).Select(async i =>
        {
            if (i % 2 == 0) return (await EdnaCluster.Good(batch.PlanAsync([EdnaCluster.Announce("a")], "ann")))[0].Value!.Item.ContentRevision;
            return (await ItemCallsAsync(() => edna.Item(dataset, "a").PlanAsync(EdnaCluster.Announce("a"), "ann"))).Item.ContentRevision;
        });
        await Task.WhenAll(tries);
        var changes = (await edna.Table.ReadChangesAsync(dataset, null, 100, Ct))!;
        Assert.Single(changes.Changes, c => c.Kind == ChangeKind.Created);
        Assert.Equal(1, (await edna.Table.ReadAsync(EdnaCluster.KeyOf(dataset, "a"), Ct))!.Revision);
    }

    [Fact]
    public async Task Completed_many_times_at_once_an_item_becomes_available_once()
    {
        var dataset = await edna.CreateDatasetAsync();
        await EdnaCluster.Good(edna.Item(dataset, "a").PlanAsync(EdnaCluster.Announce("a"), "ann"));
        await edna.ArriveAsync(dataset, "a", "hello");
        var items = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => EdnaCluster.Good(edna.Item(dataset, "a").CompleteAsync(null, "ann"))));
        Assert.All(items, i => Assert.Equal((ItemStatus.Available, 2L), (i.Status, i.Revision)));
    }

    [Fact]
    public async Task What_arrived_with_another_size_fails_and_is_removed_from_the_store()
    {
        var dataset = await edna.CreateDatasetAsync();
        await EdnaCluster.Good(edna.Item(dataset, "a").PlanAsync(EdnaCluster.Announce("a", size: 6), "ann"));
        await edna.ArriveAsync(dataset, "a", "hello");
        Assert.Equal(UploadErrors.SizeMismatch, await EdnaCluster.CodeOf(edna.Item(dataset, "a").CompleteAsync(null, "ann")));
        Assert.Equal(UploadErrors.SizeMismatch, await EdnaCluster.CodeOf(edna.Item(dataset, "a").CompleteAsync(null, "ann")));
        Assert.Null(await edna.Store.HeadAsync(Keys(dataset).Content(EdnaCluster.KeyOf(dataset, "a").ItemId, 1), Ct));
    }

    [Fact]
    public async Task While_the_store_is_away_a_completion_is_refused_as_a_fault_and_works_later()
    {
        var dataset = await edna.CreateDatasetAsync();
        await EdnaCluster.Good(edna.Item(dataset, "a").PlanAsync(EdnaCluster.Announce("a"), "ann"));
        await edna.ArriveAsync(dataset, "a", "hello");
        using (edna.StoreOutage.Begin())
        {
            await Assert.ThrowsAsync<UnavailableException>(() => edna.Item(dataset, "a").CompleteAsync(null, "ann"));
            var many = await EdnaCluster.Good(edna.Grains.GetGrain<IItemBatchGrain>(dataset.ToString()).CompleteAsync([EdnaCluster.KeyOf(dataset, "a").ItemId], "ann"));
            Assert.Equal("service.unavailable", many[0].Problem!.Code);
        }
        Assert.Equal(ItemStatus.Available, (await EdnaCluster.Good(edna.Item(dataset, "a").CompleteAsync(null, "ann"))).Status);
    }

    [Fact]
    public async Task A_row_written_behind_the_grain_is_found_out_and_the_next_call_sees_it()
    {
        var dataset = await edna.CreateDatasetAsync();
        var item = await edna.UploadAsync(dataset, "a");
        var row = (await edna.Table.ReadAsync(EdnaCluster.KeyOf(dataset, "a"), Ct))!;
        var body = System.Text.Encoding.UTF8.GetString(row.Body).Replace("\"revision\":2", "\"revision\":3", StringComparison.Ordinal);
        await edna.Table.WriteAsync(row with { Revision = 3, Body = System.Text.Encoding.UTF8.GetBytes(body) }, item.Revision, new(ChangeKind.Updated, row.UpdatedAt, "x"), Ct);
        await Assert.ThrowsAnyAsync<Exception>(() => edna.Item(dataset, "a").SetTagsAsync(new Dictionary<string, string> { ["k"] = "v" }, null, "ann"));
        var again = await ItemCallsAsync(() => edna.Item(dataset, "a").SetTagsAsync(new Dictionary<string, string> { ["k"] = "v" }, null, "ann"));
        Assert.Equal("v", again.Tags["k"]);
    }

    [Fact]
    public async Task Tags_and_metadata_changed_during_the_upload_reach_the_bucket_when_it_is_confirmed()
    {
        var dataset = await edna.CreateDatasetAsync();
        var grain = edna.Item(dataset, "a");
        await EdnaCluster.Good(grain.PlanAsync(EdnaCluster.Announce("a") with { Tags = new Dictionary<string, string> { ["k"] = "old" } }, "ann"));
        await EdnaCluster.Good(grain.SetTagsAsync(new Dictionary<string, string> { ["k"] = "new" }, null, "ann"));
        await EdnaCluster.Good(grain.PatchAsync(new("""{"metadata":{"camera":"A1"},"split":"train"}"""), null, "ann"));
        await edna.ArriveAsync(dataset, "a", "hello");
        await EdnaCluster.Good(grain.CompleteAsync(null, "ann"));
        var id = EdnaCluster.KeyOf(dataset, "a").ItemId;
        Assert.Equal("new", (await edna.Store.GetTagsAsync(Keys(dataset).Content(id, 1), Ct))["k"]);
        var document = System.Text.Encoding.UTF8.GetString((await edna.Store.ReadAsync(Keys(dataset).Item(id), Ct))!);
        Assert.Contains("\"camera\":\"A1\"", document, StringComparison.Ordinal);
        Assert.Contains("\"split\":\"train\"", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removed_for_good_an_item_leaves_nothing_and_comes_back_under_a_new_key()
    {
        var dataset = await edna.CreateDatasetAsync();
        await edna.UploadAsync(dataset, "a");
        var grain = edna.Item(dataset, "a");
        await EdnaCluster.Good(grain.PutLabelsAsync(new() { Annotations = [] }, null, "ann"));
        await EdnaCluster.Good(grain.PurgeAsync(null, "ann"));
        Assert.Equal("item.not_found", await EdnaCluster.CodeOf(grain.GetAsync(false)));
        Assert.Empty(await ObjectsAsync(dataset));
        var again = await EdnaCluster.Good(grain.PlanAsync(EdnaCluster.Announce("a"), "bob"));
        Assert.Contains("/2?", again.Upload!.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Edits_made_while_an_item_is_uploaded_again_outlive_the_new_content()
    {
        var dataset = await edna.CreateDatasetAsync();
        await edna.UploadAsync(dataset, "a");
        var grain = edna.Item(dataset, "a");
        await EdnaCluster.Good(grain.PlanAsync(EdnaCluster.Announce("a", size: 6) with { Tags = new Dictionary<string, string> { ["k"] = "announced" } }, "ann"));
        await EdnaCluster.Good(grain.SetTagsAsync(new Dictionary<string, string> { ["camera"] = "front" }, null, "bob"));
        await EdnaCluster.Good(grain.PatchAsync(new("""{"metadata":{"k":1},"split":"train"}"""), null, "bob"));
        await edna.ArriveAsync(dataset, "a", "hello!", attempt: 2);
        var item = await EdnaCluster.Good(grain.CompleteAsync(null, "ann"));
        Assert.Equal(("front", 6L, "train", """{"k":1}"""), (item.Tags["camera"], item.Size, item.Split, item.Metadata?.Text));
        Assert.False(item.Tags.ContainsKey("k"));
        var content = Keys(dataset).Content(item.Id, 2);
        Assert.Equal(new Dictionary<string, string> { ["camera"] = "front" }, await edna.Store.GetTagsAsync(content, Ct));
    }

    [Fact]
    public async Task Uploaded_again_with_new_tags_an_item_takes_them_with_the_new_content()
    {
        var dataset = await edna.CreateDatasetAsync();
        await edna.UploadAsync(dataset, "a", EdnaCluster.Announce("a") with { Tags = new Dictionary<string, string> { ["k"] = "old" }, Split = "val" });
        var grain = edna.Item(dataset, "a");
        var planned = await EdnaCluster.Good(grain.PlanAsync(EdnaCluster.Announce("a", size: 6) with { Tags = new Dictionary<string, string> { ["k"] = "new" } }, "ann"));
        Assert.Equal("old", planned.Item.Tags["k"]);
        await edna.ArriveAsync(dataset, "a", "hello!", attempt: 2);
        var item = await EdnaCluster.Good(grain.CompleteAsync(null, "ann"));
        Assert.Equal(("new", "val"), (item.Tags["k"], item.Split));
    }

    [Fact]
    public async Task Trash_and_back()
    {
        var dataset = await edna.CreateDatasetAsync();
        await edna.UploadAsync(dataset, "a");
        var grain = edna.Item(dataset, "a");
        Assert.Equal(ItemStatus.Trashed, (await EdnaCluster.Good(grain.TrashAsync(null, "ann"))).Status);
        Assert.Equal("item.trashed", await EdnaCluster.CodeOf(grain.GetDownloadAsync(false)));
        Assert.Equal("item.trashed", await EdnaCluster.CodeOf(grain.PlanAsync(EdnaCluster.Announce("a"), "ann")));
        Assert.Equal(ItemStatus.Available, (await EdnaCluster.Good(grain.RestoreAsync(null, "ann"))).Status);
        Assert.Null((await grain.GetDownloadAsync(false)).Problem);
    }

    [Fact]
    public async Task A_stale_revision_is_told_the_current_one()
    {
        var dataset = await edna.CreateDatasetAsync();
        var item = await edna.UploadAsync(dataset, "a");
        var refused = (await edna.Item(dataset, "a").SetTagsAsync(new Dictionary<string, string>(), item.Revision - 1, "ann")).Problem!;
        Assert.Equal(("revision.stale", item.Revision), (refused.Code, refused.CurrentRevision));
    }

    private ObjectKeys Keys(Edna.Keys.DatasetKey dataset) => new(edna.Store.Prefix, dataset, null);

    private async Task<List<string>> ObjectsAsync(Edna.Keys.DatasetKey dataset)
    {
        var found = new List<string>();
        foreach (var prefix in Keys(dataset).DatasetPrefixes)
            await foreach (var stored in edna.Store.ListAsync(null, prefix, null, Ct)) found.Add(stored.Key);
        return found;
    }

    /// <summary>As the gateway does: a conflict on the row wrote nothing, so the call is made again.</summary>
    private static async Task<T> ItemCallsAsync<T>(Func<Task<Result<T>>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await EdnaCluster.Good(call());
            }
            catch (Orleans.Storage.InconsistentStateException) when (attempt < 5)
            {
                // The activation has been dropped; the next call loads the row as it is.
            }
        }
    }
}
