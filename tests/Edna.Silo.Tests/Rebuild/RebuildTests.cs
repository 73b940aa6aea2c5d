using System.Text;
using Edna.Datasets;
using Edna.Items;
using Edna.Keys;
using Edna.Labels;
using Edna.Objects;
using Edna.Rebuild;
using Edna.Silo.Tests.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Edna.Silo.Tests.Rebuild;

public sealed class RebuildTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task<RebuildReport> RebuildAsync(DatasetKey? only, RebuildCheckpoint? from = null)
    {
        var checkpoint = from ?? new() { StartedAt = TimeProvider.System.GetUtcNow(), Only = only?.ToString() };
        await ActivatorUtilities.CreateInstance<BucketRebuild>(edna.Services).RunAsync(checkpoint, _ => { }, _ => { }, false, Ct);
        return checkpoint.Report;
    }

    private async Task<ItemState?> StateAsync(DatasetKey dataset, string path) =>
        await edna.Table.ReadAsync(EdnaCluster.KeyOf(dataset, path), Ct) is { } row ? ItemJson.Read(row.Body) : null;

    private Task<bool> WriteAsync(ObjectLocation at, ReadOnlySpan<byte> body, string type = "application/json") => edna.Store.WriteAsync(at, body.ToArray(), type, false, Ct).AsTask();

    private static ImportedObject Object(string key, long? revision = null) => new()
    {
        Key = key, Revision = revision, Size = 3, ETag = "as it was", LastModified = Noon, ContentType = "image/png",
    };

    [Fact]
    public async Task Items_in_place_come_from_import_pages_as_far_as_their_objects_are_there_and_own_uploads_outrank_them()
    {
        var dataset = await edna.CreateDatasetAsync(new() { Storage = new() { Bucket = EdnaCluster.OtherBucket, Prefix = $"{Guid.NewGuid():n}/" } });
        var storage = (await EdnaCluster.Good(edna.Grains.GetGrain<IDatasetGrain>(dataset.ToString()).GetAsync())).Storage;
        var keys = new ObjectKeys(edna.Store.Prefix, dataset, storage);
        foreach (var key in new[] { "img/1.png", "img/2.png", "img/3.png", "img/zz.png", "zebra.png" }) await WriteAsync(new(keys.Bucket, keys.Root + key), "abc"u8, "application/octet-stream");
        await WriteAsync(keys.Import("import-b", 1), ImportPage.Write(new() { Job = "import-b", At = Noon.AddDays(1), By = "bob", Objects = [Object("img/2.png", 2) with { Metadata = new("""{"later":true}""") }] }));
        await WriteAsync(keys.Import("import-z", 1), ImportPage.Write(new()
        {
            Job = "import-z", At = Noon, By = "ann",
            Objects = [Object("img/1.png"), Object("img/2.png"), Object("img/3.png"), Object("img/gone.png"), Object("zebra.png") with { Path = "named/zebra.png" }],
        }));
        // Labels of one, the trash of another; a third was uploaded since.
        var labels = new LabelDocument { Item = ItemId.FromPath("img/1.png"), Revision = 1, Status = LabelStatus.Submitted, Annotations = [], At = Noon, By = "lea" };
        await WriteAsync(keys.Labels(labels.Item, 1), LabelJson.Write(labels));
        await WriteAsync(keys.Item(ItemId.FromPath("named/zebra.png")), """{"path":"named/zebra.png","revision":4,"contentRevision":1,"trashedAt":"2026-11-22T13:00:00Z","at":"2026-11-22T13:00:00Z"}"""u8.ToArray());
        await EdnaCluster.Good(edna.Item(dataset, "img/3.png").PlanAsync(EdnaCluster.Announce("img/3.png"), "ann"));

        await RebuildAsync(dataset);

        var one = (await StateAsync(dataset, "img/1.png"))!;
        Assert.Equal((ItemStatus.Available, keys.Root + "img/1.png", 3L, "image/png", "ann", 1L, LabelStatus.Submitted),
            (one.Status, one.ContentKey, one.Size, one.ContentType, one.CreatedBy, one.LabelRevision, one.Labels!.Status));
        var two = (await StateAsync(dataset, "img/2.png"))!;
        Assert.Equal((2L, "bob", """{"later":true}"""), (two.ContentRevision, two.CreatedBy, two.Metadata?.Text));
        Assert.NotEqual("as it was", two.ETag);
        Assert.Equal(ItemStatus.Trashed, (await StateAsync(dataset, "named/zebra.png"))!.Status);
        Assert.Null(await StateAsync(dataset, "img/gone.png"));
        Assert.Null(await StateAsync(dataset, "img/zz.png"));
        Assert.Equal(4, (await edna.Table.ScanAsync(dataset, null, 10, Ct)).Count);

        var again = new RebuildCheckpoint { StartedAt = TimeProvider.System.GetUtcNow(), Only = dataset.ToString(), Dataset = dataset.ToString(), Emptied = true, OwnDone = true };
        await RebuildAsync(null, again);
        Assert.Equal(4, (await edna.Table.ScanAsync(dataset, null, 10, Ct)).Count);
    }

    [Fact]
    public async Task A_dataset_bound_to_a_bucket_of_its_own_is_found_by_the_services_bucket_and_leaves_nothing_in_either()
    {
        var storage = new DatasetStorage { Bucket = EdnaCluster.OtherBucket, Prefix = $"{Guid.NewGuid():n}/" };
        var dataset = await edna.CreateDatasetAsync(new() { Storage = storage, Description = "bound" });
        var found = await edna.Services.GetRequiredService<DatasetsInBucket>().ListAsync(Ct).SingleAsync(f => f.Key == dataset, Ct);
        Assert.Equal((storage, "bound"), (found.State!.Storage, found.State.Description));
        await EdnaCluster.Good(edna.Grains.GetGrain<IDatasetGrain>(dataset.ToString()).DeleteAsync(null));
        await foreach (var left in edna.Store.ListAsync(storage.Bucket, storage.Prefix, null, Ct)) Assert.Fail($"{left.Key} was left");
        await foreach (var left in edna.Store.ListAsync(null, $"{dataset}/", null, Ct)) Assert.Fail($"{left.Key} was left");
    }

    [Fact]
    public async Task What_the_bucket_says_of_a_dataset_is_taken_over_and_a_purge_under_way_is_gone_on_with()
    {
        var key = new DatasetKey("default", "d" + Guid.NewGuid().ToString("n")[..12]);
        var grain = edna.Grains.GetGrain<IDatasetGrain>(key.ToString());
        Assert.Equal("dataset.not_found", await EdnaCluster.CodeOf(grain.RestoreAsync()));
        var at = new ObjectKeys(edna.Store.Prefix, key, null);
        await WriteAsync(at.Dataset, """{"description":"there","createdAt":"2026-11-22T12:00:00Z","createdBy":"ann","revision":7}"""u8);
        await EdnaCluster.Good(grain.RestoreAsync());
        var restored = await EdnaCluster.Good(grain.GetAsync());
        Assert.Equal(("there", "ann", 7L), (restored.Description, restored.CreatedBy, restored.Revision));
        Assert.Contains(key.Dataset, await edna.Grains.GetGrain<IDatasetDirectoryGrain>("default").ListAsync(null, 1000));

        await WriteAsync(at.Content(ItemId.FromPath("a"), 1), "abc"u8);
        await WriteAsync(at.Dataset, """{"createdAt":"2026-11-22T12:00:00Z","createdBy":"ann","revision":8,"purgeJob":"purge-x"}"""u8);
        Assert.Contains("purge-x", Assert.Single((await RebuildAsync(key)).Faults), StringComparison.Ordinal);
        await Eventually.IsTrueAsync(async () => await edna.Store.HeadAsync(at.Dataset, Ct) is null);
        Assert.Null(await edna.Store.HeadAsync(at.Content(ItemId.FromPath("a"), 1), Ct));
    }

    [Fact]
    public async Task What_cannot_be_used_is_told_and_the_rest_is_rebuilt()
    {
        var dataset = await edna.CreateDatasetAsync();
        var keys = new ObjectKeys(edna.Store.Prefix, dataset, null);
        await WriteAsync(keys.Item(ItemId.FromPath("broken")), "{"u8);
        await WriteAsync(keys.Labels(ItemId.FromPath("pending"), 1), LabelJson.Write(new() { Item = ItemId.FromPath("pending"), Revision = 1, Status = LabelStatus.Draft, Annotations = [], At = Noon, By = "lea" }));
        await WriteAsync(new(null, $"{keys.Root}items/stray"), "x"u8);
        await WriteAsync(keys.Content(ItemId.FromPath("bare"), 1), "abc"u8);
        await WriteAsync(keys.Item(ItemId.FromPath("lost")), Encoding.UTF8.GetBytes("""{"path":"lost","revision":3,"contentRevision":1,"contentType":"image/png","size":9,"at":"2026-11-22T12:00:00Z","createdBy":"ann"}"""));
        var report = await RebuildAsync(dataset);
        Assert.Equal((1L, 1L, 3L, 5L), (report.Items, report.Failed, report.Unusable, report.FaultCount));
        foreach (var said in new[] { "cannot be read", "labels of an item", "none of EDNA's own", "has no edna-path", "revision 1 is missing" })
            Assert.Contains(report.Faults, f => f.Contains(said, StringComparison.Ordinal));
        Assert.Equal(("object.missing", 9L), ((await StateAsync(dataset, "lost"))!.Failure!.Code, (await StateAsync(dataset, "lost"))!.Size));
    }
}
