using Edna.Datasets;
using Edna.Jobs;
using Edna.Objects;
using Edna.Search;
using Edna.Silo.Tests.Cluster;
using Xunit;

namespace Edna.Silo.Tests.Jobs;

public sealed class PurgeTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_purge_removes_bytes_labels_rows_hits_and_the_dataset_and_its_name_can_be_used_again()
    {
        var dataset = await edna.CreateDatasetAsync();
        for (var i = 0; i < 30; i++) await edna.UploadAsync(dataset, $"{i}");
        await EdnaCluster.Good(edna.Item(dataset, "0").PutLabelsAsync(new() { Annotations = [] }, null, "ann"));
        var grain = edna.Grains.GetGrain<IDatasetGrain>(dataset.ToString());
        Assert.Equal("dataset.not_empty", await EdnaCluster.CodeOf(grain.DeleteAsync(null)));
        var job = await EdnaCluster.Good(grain.PurgeAsync(null, "ann"));
        // Asked again and again while the job is at its steps, which ask the dataset: neither may wait for the other for good.
        for (var i = 0; i < 20; i++) Assert.True(await grain.PurgeAsync(null, "ann") is { Value: var same, Problem: var gone } && (same == job || gone?.Code == "dataset.not_found"));

        var done = await EndOfAsync(job);
        Assert.Equal((JobStatus.Succeeded, 30L), (done.Status, done.Progress.Done));
        Assert.Equal("dataset.not_found", await EdnaCluster.CodeOf(grain.GetAsync()));
        Assert.False(await edna.Table.AnyAsync(dataset, Ct));
        await foreach (var left in edna.Store.ListAsync(null, $"default/{dataset.Dataset}/", null, Ct)) Assert.Fail($"{left.Key} was left");
        var hits = await EdnaCluster.Good(edna.Grains.GetGrain<ISearchGrain>("default").SearchAsync(new() { Query = "29" }, TestContext.Current.CancellationToken));
        Assert.DoesNotContain(hits.Items, i => i.Dataset == dataset.Dataset);

        await EdnaCluster.Good(grain.CreateAsync(new() { Name = dataset.Dataset }, "ann", null));
        Assert.Equal("item.not_found", await EdnaCluster.CodeOf(edna.Item(dataset, "0").GetAsync(false)));
        Assert.Empty((await edna.Table.ReadChangesAsync(dataset, null, 10, Ct))!.Changes);
        Assert.Null(await grain.GetPurgeAsync(job));
    }

    [Fact]
    public async Task An_empty_dataset_is_deleted_at_once_with_its_document()
    {
        var dataset = await edna.CreateDatasetAsync();
        await EdnaCluster.Good(edna.Grains.GetGrain<IDatasetGrain>(dataset.ToString()).DeleteAsync(null));
        Assert.Null(await edna.Store.HeadAsync(new ObjectKeys(edna.Store.Prefix, dataset, null).Dataset, Ct));
    }

    [Fact]
    public async Task A_url_from_before_a_purge_leads_to_no_key_of_the_dataset_that_came_after()
    {
        var dataset = await edna.CreateDatasetAsync();
        await edna.UploadAsync(dataset, "a");
        var grain = edna.Grains.GetGrain<IDatasetGrain>(dataset.ToString());
        await EndOfAsync(await EdnaCluster.Good(grain.PurgeAsync(null, "ann")));
        await EdnaCluster.Good(grain.CreateAsync(new() { Name = dataset.Dataset }, "ann", null));
        var planned = await EdnaCluster.Good(edna.Item(dataset, "a").PlanAsync(EdnaCluster.Announce("a"), "ann"));
        Assert.Contains("/2?", planned.Upload!.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_is_not_the_datasets_own_removes_nothing()
    {
        var dataset = await edna.CreateDatasetAsync();
        await edna.UploadAsync(dataset, "a");
        await edna.Grains.GetGrain<IJobGrain>("default/stray").StartPurgeAsync(dataset.Dataset, "ann");
        await EndOfAsync("stray");
        Assert.Equal(Edna.Items.ItemStatus.Available, (await EdnaCluster.Good(edna.Item(dataset, "a").GetAsync(false))).Status);
        Assert.NotNull(await edna.Store.HeadAsync(new ObjectKeys(edna.Store.Prefix, dataset, null).Content(EdnaCluster.KeyOf(dataset, "a").ItemId, 1), Ct));
    }

    private Task<Job> EndOfAsync(string job) => edna.EndOfAsync(job);
}
