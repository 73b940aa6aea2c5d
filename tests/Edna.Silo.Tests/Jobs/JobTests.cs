using Edna.Datasets;
using Edna.Jobs;
using Edna.Silo.Tests.Cluster;
using Edna.Silo.Tests.Imports;
using Xunit;

namespace Edna.Silo.Tests.Jobs;

/// <summary>What every job does, shown on imports.</summary>
public sealed class JobTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_answers_while_a_step_is_under_way_and_is_cancelled_after_it()
    {
        var lake = await Lake.MakeAsync(edna);
        for (var i = 0; i < 1_010; i++) await lake.PutAsync($"{i:d4}", "x");
        IJobGrain grain;
        Task<Results.Result<Job>> cancelled;
        using (edna.StoreOutage.Hold())
        {
            grain = Job(await EdnaCluster.Good(lake.StartAsync(new() { Kind = "prefix", Details = true })));
            await Eventually.IsTrueAsync(() => edna.StoreOutage.Waiting > 0);
            Assert.Equal(JobStatus.Running, (await EdnaCluster.Good(grain.GetAsync())).Status);
            cancelled = grain.CancelAsync();
            Assert.Equal(JobStatus.Running, (await EdnaCluster.Good(grain.GetAsync())).Status);
            Assert.False(cancelled.IsCompleted);
        }
        var job = await EdnaCluster.Good(cancelled);
        Assert.Equal((JobStatus.Cancelled, 1_000L, (long?)null), (job.Status, job.Progress.Done, job.Progress.Total));
        Assert.Equal(1_000, Lake.Count(job, "registered"));
        Assert.NotNull(job.EndedAt);
        Assert.Equal(1_000, await edna.Table.CountAsync(lake.Dataset, Ct));
        Assert.Equal("job.not_cancellable", await EdnaCluster.CodeOf(grain.CancelAsync()));
        Assert.Equal("job.not_found", await EdnaCluster.CodeOf(edna.Grains.GetGrain<IJobGrain>("default/import-none").CancelAsync()));
    }

    [Fact]
    public async Task An_outage_of_the_store_is_waited_for()
    {
        var lake = await Lake.MakeAsync(edna);
        await lake.PutAsync("a", "x");
        Job started;
        IDisposable down;
        using (edna.StoreOutage.Hold())
        {
            started = await EdnaCluster.Good(lake.StartAsync(new() { Kind = "prefix", Details = true }));
            await Eventually.IsTrueAsync(() => edna.StoreOutage.Waiting > 0);
            down = edna.StoreOutage.Begin();
        }
        // Five times the step asks for the details itself; after that it is begun anew.
        await Eventually.IsTrueAsync(() => edna.StoreOutage.Refused >= 6);
        Assert.Equal(JobStatus.Running, (await EdnaCluster.Good(Job(started).GetAsync())).Status);
        down.Dispose();
        var job = await lake.EndOfAsync(started.Id);
        Assert.Equal((JobStatus.Succeeded, 1L, 0L), (job.Status, Lake.Count(job, "registered"), job.ErrorCount));
    }

    [Fact]
    public async Task A_store_that_refuses_for_good_ends_the_job_with_its_word_and_a_purge_can_be_asked_for_again()
    {
        var lake = await Lake.MakeAsync(edna);
        await lake.PutAsync("a", "x");
        using (edna.StoreOutage.Refuse("AccessDenied"))
        {
            var import = await lake.ImportAsync();
            Assert.Equal(JobStatus.Failed, import.Status);
            Assert.Contains("'AccessDenied'", Assert.Single(import.Errors), StringComparison.Ordinal);
            Assert.EndsWith("[job.store_refuses]", import.Errors[0], StringComparison.Ordinal);
        }
        await lake.ImportAsync();
        var dataset = edna.Grains.GetGrain<IDatasetGrain>(lake.Dataset.ToString());
        var purge = await EdnaCluster.Good(dataset.PurgeAsync(null, "ann"));
        using (edna.StoreOutage.Refuse("AccessDenied")) Assert.Equal(JobStatus.Failed, (await lake.EndOfAsync(purge)).Status);
        Assert.Equal("dataset.being_purged", await EdnaCluster.CodeOf(dataset.GetAsync()));
        Assert.Equal(purge, await EdnaCluster.Good(dataset.PurgeAsync(null, "ann")));
        Assert.Equal(JobStatus.Succeeded, (await lake.EndOfAsync(purge)).Status);
        Assert.Equal("dataset.not_found", await EdnaCluster.CodeOf(dataset.GetAsync()));
    }

    [Fact]
    public async Task An_import_into_a_dataset_that_is_removed_meanwhile_fails_and_leaves_no_row()
    {
        var lake = await Lake.MakeAsync(edna);
        await lake.PutAsync("a", "x");
        Job started;
        using (edna.StoreOutage.Hold())
        {
            started = await EdnaCluster.Good(lake.StartAsync(new() { Kind = "prefix", Details = true }));
            await Eventually.IsTrueAsync(() => edna.StoreOutage.Waiting > 0);
            await EdnaCluster.Good(edna.Grains.GetGrain<IDatasetGrain>(lake.Dataset.ToString()).DeleteAsync(null));
        }
        var job = await lake.EndOfAsync(started.Id);
        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.EndsWith("[dataset.not_found]", Assert.Single(job.Errors), StringComparison.Ordinal);
        Assert.Equal(0, await edna.Table.CountAsync(lake.Dataset, Ct));
    }

    private IJobGrain Job(Job job) => edna.Grains.GetGrain<IJobGrain>($"default/{job.Id}");
}
