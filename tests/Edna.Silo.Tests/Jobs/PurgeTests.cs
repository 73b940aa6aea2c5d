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
        Assert.Equal(job, await EdnaCluster.Good(grain.PurgeAsync(null, "ann")));

        var done = await EndOfAsync(job);
        Assert.Equal((JobStatus.Succeeded, 30L), (done.Status, done.Progress.Done));
        Assert.Equal("dataset.not_found", await EdnaCluster.CodeOf(grain.GetAsync()));
        Assert.False(await edna.Table.AnyAsync(dataset, Ct));
        await foreach (var left in edna.Store.ListAsync(null, $"default/{dataset.Dataset}/", null, Ct)) Assert.Fail($"{left.Key} was left");
        var hits = await EdnaCluster.Good(edna.Grains.GetGrain<IQueryGrain>("default").SearchAsync(new() { Query = "29" }));
        Assert.DoesNotContain(hits.Items, i => i.Dataset == dataset.Dataset);

        await EdnaCluster.Good(grain.CreateAsync(new() { Name = dataset.Dataset }, "ann", null));
        Assert.Equal("item.not_found", await EdnaCluster.CodeOf(edna.Item(dataset, "0").GetAsync(false)));
    }

    [Fact]
    public async Task An_empty_dataset_is_deleted_at_once_with_its_document()
    {
        var dataset = await edna.CreateDatasetAsync();
        await EdnaCluster.Good(edna.Grains.GetGrain<IDatasetGrain>(dataset.ToString()).DeleteAsync(null));
        Assert.Null(await edna.Store.HeadAsync(new ObjectKeys(edna.Store.Prefix, dataset, null).Dataset, Ct));
    }

    private async Task<Job> EndOfAsync(string job)
    {
        while (true)
        {
            var now = await EdnaCluster.Good(edna.Grains.GetGrain<IJobGrain>($"default/{job}").GetAsync());
            if (now.Status != JobStatus.Running) return now;
            await Task.Delay(20, Ct);
        }
    }
}
