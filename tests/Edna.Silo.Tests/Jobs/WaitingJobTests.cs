using System.Collections.Concurrent;
using Edna.Jobs;
using Edna.Search;
using Edna.Silo.Tests.Cluster;
using Edna.Silo.Tests.Search;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Xunit;

namespace Edna.Silo.Tests.Jobs;

/// <summary>A job that waits for something else, shown on a reindex while the indexers are paused.</summary>
public sealed class WaitingJobTests
{
    private const int Looks = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>A timer may be as much too early as its clock is coarse.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task It_looks_ever_more_seldom_and_writes_nothing_until_it_goes_on()
    {
        await using var cluster = await SearchServerCluster.StartAsync();
        var edna = cluster.Edna;
        for (var i = 0; i < 3; i++) await cluster.WriteAsync(await edna.CreateDatasetAsync(), $"p{i}");
        await cluster.ShouldBeTheTableAsync();
        var indexing = edna.Grains.GetGrain<IIndexingGrain>(0);
        await indexing.SetAsync(true, "ann");
        var looks = new ConcurrentQueue<long>();
        edna.Calling = call =>
        {
            if (call.InterfaceMethod.Name == nameof(IIndexingGrain.GetAsync) && call.SourceId?.ToString().Contains("reindex-", StringComparison.Ordinal) == true)
                looks.Enqueue(TimeProvider.System.GetTimestamp());
        };
        var job = await EdnaCluster.Good(cluster.StartReindexAsync());
        await Eventually.IsTrueAsync(() => looks.Count >= Looks);
        Assert.Equal("1", await WritesAsync(edna, job));
        long[] at = [.. looks];
        for (var n = 1; n < Looks; n++)
            Assert.True(TimeProvider.System.GetElapsedTime(at[n - 1], at[n]) > (FirstPause * (1 << (n - 1))) - Early, $"Look {n} came {TimeProvider.System.GetElapsedTime(at[n - 1], at[n])} after the one before.");
        await indexing.SetAsync(false, "ann");
        Assert.Equal(JobStatus.Succeeded, (await edna.EndOfAsync(job.Id)).Status);
        await cluster.ShouldHaveOneIndexAsync();
    }

    /// <summary>How often a job's state was written: its etag in the embedded database.</summary>
    private static async Task<string?> WritesAsync(EdnaCluster edna, Job job)
    {
        var stored = new GrainState<JobState>();
        await edna.Services.GetRequiredKeyedService<IGrainStorage>("Default").ReadStateAsync("job", edna.Grains.GetGrain<IJobGrain>($"default/{job.Id}").GetGrainId(), stored);
        return stored.ETag;
    }
}
