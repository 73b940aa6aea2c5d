using Edna.Changes;
using Edna.Datasets;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Edna.Silo.Tests.Cluster;
using Xunit;

namespace Edna.Silo.Tests.Events;

/// <summary>Objects removed, overwritten and tagged by others than EDNA, noticed by a look.</summary>
public sealed class BehindTheBackTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_removed_object_fails_its_item_and_bytes_that_come_back_mend_it()
    {
        var (dataset, grain, at) = await UploadedAsync(tags: new() { ["k"] = "v" });
        await edna.Store.DeleteAsync(null, [at.Key], Ct);
        Assert.Equal(ObjectFinding.Missing, await grain.ObserveAsync("scrub"));
        Assert.Equal(ObjectFinding.Same, await grain.ObserveAsync("scrub"));
        var item = await EdnaCluster.Good(grain.GetAsync(true));
        Assert.Equal((ItemStatus.Failed, ObjectErrors.Missing, null), (item.Status, item.Failure?.Code, item.DownloadUrl));
        Assert.Equal("item.not_available", await EdnaCluster.CodeOf(grain.GetDownloadAsync(false)));
        var many = await EdnaCluster.Good(edna.Grains.GetGrain<IItemBatchGrain>(dataset.ToString()).GetDownloadsAsync([item.Id]));
        Assert.Equal("item.not_available", many[0].Problem?.Code);
        Assert.NotNull(await edna.Store.ReadAsync(new ObjectKeys(edna.Store.Prefix, dataset, null).Item(item.Id), Ct));
        Assert.Equal(ChangeKind.Failed, (await LastChangeAsync(dataset)).Kind);

        await EdnaCluster.Good(grain.SetTagsAsync(new Dictionary<string, string> { ["k"] = "later" }, null, "ann"));
        await edna.Store.WriteAsync(at, "hello"u8.ToArray(), "text/plain", true, Ct);
        Assert.Equal(ObjectFinding.Returned, await grain.ObserveAsync("scrub"));
        Assert.Equal((ItemStatus.Available, null), await StatusOf(grain));
        Assert.Null((await grain.GetDownloadAsync(false)).Problem);
        Assert.Equal("later", (await edna.Store.GetTagsAsync(at, Ct))["k"]);
        Assert.Equal(("scrub", ChangeKind.Available), ((await LastChangeAsync(dataset)).By, (await LastChangeAsync(dataset)).Kind));
    }

    [Fact]
    public async Task An_overwritten_object_fails_its_item_which_can_be_uploaded_again()
    {
        var (dataset, grain, at) = await UploadedAsync();
        await edna.Store.WriteAsync(at, "other"u8.ToArray(), "text/plain", false, Ct);
        Assert.Equal(ObjectFinding.Overwritten, await grain.ObserveAsync("scrub"));
        Assert.Equal((ItemStatus.Failed, ObjectErrors.Overwritten), await StatusOf(grain));
        var planned = await EdnaCluster.Good(grain.PlanAsync(EdnaCluster.Announce("a"), "ann"));
        Assert.Equal(ItemStatus.Pending, planned.Item.Status);
        await edna.ArriveAsync(dataset, "a", "hello", attempt: 2);
        Assert.Equal(ItemStatus.Available, (await EdnaCluster.Good(grain.CompleteAsync(null, "ann"))).Status);
        Assert.Equal(ObjectFinding.Same, await grain.ObserveAsync("scrub"));
    }

    [Fact]
    public async Task An_item_in_the_trash_stays_there_and_is_restored_as_what_was_found()
    {
        var (_, grain, at) = await UploadedAsync();
        await EdnaCluster.Good(grain.TrashAsync(null, "ann"));
        await edna.Store.DeleteAsync(null, [at.Key], Ct);
        Assert.Equal(ObjectFinding.Missing, await grain.ObserveAsync("scrub"));
        Assert.Equal(ItemStatus.Trashed, (await EdnaCluster.Good(grain.GetAsync(false))).Status);
        await EdnaCluster.Good(grain.RestoreAsync(null, "ann"));
        Assert.Equal((ItemStatus.Failed, ObjectErrors.Missing), await StatusOf(grain));
    }

    [Fact]
    public async Task Tags_set_on_the_object_are_taken_over_once_and_keep_those_of_the_labels()
    {
        var (dataset, grain, at) = await UploadedAsync();
        await EdnaCluster.Good(grain.PutLabelsAsync(new() { Annotations = [new() { Kind = Edna.Labels.AnnotationKind.Classification, Class = "cat", Source = new() { Kind = "human", Name = "ann" } }] }, null, "ann"));
        Assert.Equal(ObjectFinding.Same, await grain.ObserveAsync("scrub"));
        await edna.Store.SetTagsAsync(at, new Dictionary<string, string> { ["camera"] = "front" }, Ct);
        Assert.Equal(ObjectFinding.Retagged, await grain.ObserveAsync("scrub"));
        Assert.Equal("front", (await EdnaCluster.Good(grain.GetAsync(false))).Tags["camera"]);
        Assert.Equal(new() { ["camera"] = "front", ["edna:label:cat"] = "1" }, new Dictionary<string, string>(await edna.Store.GetTagsAsync(at, Ct)));
        var change = await LastChangeAsync(dataset);
        Assert.Equal((ChangeKind.Tagged, "scrub"), (change.Kind, change.By));
        Assert.Equal(ObjectFinding.Same, await grain.ObserveAsync("scrub"));
        Assert.Equal(change, await LastChangeAsync(dataset));
    }

    private static async Task<(ItemStatus, string?)> StatusOf(IItemGrain grain)
    {
        var item = await EdnaCluster.Good(grain.GetAsync(false));
        return (item.Status, item.Failure?.Code);
    }

    private async Task<(DatasetKey Dataset, IItemGrain Grain, ObjectLocation At)> UploadedAsync(Dictionary<string, string>? tags = null)
    {
        var dataset = await edna.CreateDatasetAsync(new CreateDataset());
        var item = await edna.UploadAsync(dataset, "a", EdnaCluster.Announce("a") with { Tags = tags });
        return (dataset, edna.Item(dataset, "a"), new ObjectKeys(edna.Store.Prefix, dataset, null).Content(item.Id, 1));
    }

    private async Task<ItemChange> LastChangeAsync(DatasetKey dataset) => (await edna.Table.ReadChangesAsync(dataset, null, 100, Ct))!.Changes[^1];
}
