using Edna.Events;
using Edna.Items;
using Edna.Jobs;
using Edna.Keys;
using Edna.Objects;
using Edna.Silo.Tests.Cluster;
using Xunit;

namespace Edna.Silo.Tests.Events;

/// <summary>Events of objects that were registered in place in a dataset without storage of its own: below its root in the service's bucket.</summary>
public sealed class InPlaceEventTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Overwritten_tagged_or_removed_they_are_noticed()
    {
        var (dataset, at) = await ImportedAsync("cafe\u0301/1 +.txt");
        var item = edna.Item(dataset, "caf\u00e9/1 +.txt");
        Assert.Equal(1, (await TakeAsync(at, ObjectEventKind.Created)).Unchanged);

        await edna.Store.WriteAsync(at, "hello again"u8.ToArray(), "text/html", false, Ct);
        Assert.Equal(1, (await TakeAsync(at, ObjectEventKind.Created)).Changed);
        var after = await EdnaCluster.Good(item.GetAsync(false));
        Assert.Equal((ItemStatus.Available, 11L, "text/html"), (after.Status, after.Size, after.ContentType));

        await edna.Store.SetTagsAsync(at, new Dictionary<string, string> { ["k"] = "theirs" }, Ct);
        Assert.Equal(1, (await TakeAsync(at, ObjectEventKind.Tagged)).Changed);
        Assert.Equal("theirs", (await EdnaCluster.Good(item.GetAsync(false))).Tags["k"]);

        await edna.Store.DeleteAsync(null, [at.Key], Ct);
        Assert.Equal(1, (await TakeAsync(at, ObjectEventKind.Removed)).Changed);
        Assert.Equal(ObjectErrors.Missing, (await EdnaCluster.Good(item.GetAsync(false))).Failure?.Code);
    }

    [Fact]
    public async Task An_object_beside_them_that_nobody_registered_stays_nobodys()
    {
        var (dataset, _) = await ImportedAsync("a.txt");
        var other = At(dataset, "b.txt");
        await edna.Store.WriteAsync(other, "hello"u8.ToArray(), "text/plain", true, Ct);
        Assert.Equal(1, (await TakeAsync(other, ObjectEventKind.Created)).Ignored);
        Assert.Null(await edna.StateOf(EdnaCluster.KeyOf(dataset, "b.txt")));
    }

    [Fact]
    public async Task One_that_an_upload_has_replaced_says_nothing_of_its_item_any_more()
    {
        var (dataset, at) = await ImportedAsync("a.txt");
        var item = edna.Item(dataset, "a.txt");
        await EdnaCluster.Good(item.PlanAsync(EdnaCluster.Announce("a.txt"), "ann"));
        await edna.ArriveAsync(dataset, "a.txt", "hello", attempt: 2);
        var uploaded = await EdnaCluster.Good(item.CompleteAsync(null, "ann"));
        await edna.Store.DeleteAsync(null, [at.Key], Ct);
        Assert.Equal(1, (await TakeAsync(at, ObjectEventKind.Removed)).Unchanged);
        var after = await EdnaCluster.Good(item.GetAsync(false));
        Assert.Equal((ItemStatus.Available, uploaded.Revision), (after.Status, after.Revision));
    }

    private ObjectLocation At(DatasetKey dataset, string name) => new(null, new ObjectKeys(edna.Store.Prefix, dataset, null).Root + name);

    /// <summary>A dataset with one object of two bytes, imported where it lies.</summary>
    private async Task<(DatasetKey Dataset, ObjectLocation At)> ImportedAsync(string name)
    {
        var dataset = await edna.CreateDatasetAsync();
        var at = At(dataset, name);
        await edna.Store.WriteAsync(at, "hi"u8.ToArray(), "text/plain", true, Ct);
        var job = edna.Grains.GetGrain<IJobGrain>($"default/import-{Guid.NewGuid():n}");
        await EdnaCluster.Good(job.StartImportAsync(dataset.Dataset, new() { Kind = "prefix" }, "ann"));
        await Eventually.IsTrueAsync(async () => (await EdnaCluster.Good(job.GetAsync())).Status == JobStatus.Succeeded);
        return (dataset, at);
    }

    /// <summary>Takes the event that the store would send of what lies there now.</summary>
    private async Task<EventCounts> TakeAsync(ObjectLocation at, ObjectEventKind kind)
    {
        var found = await edna.Store.HeadAsync(at, Ct);
        ObjectEvent evidence = new() { Kind = kind, Bucket = edna.Store.Bucket, Key = at.Key, Size = found?.Size, ETag = found?.ETag };
        return await EdnaCluster.Good(edna.Grains.GetGrain<IEventIntakeGrain>(0).TakeAsync([evidence]));
    }
}
