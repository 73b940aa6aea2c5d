using System.Threading.Channels;
using Edna.Changes;
using Edna.Items;
using Edna.Keys;
using Edna.Search;
using Edna.Silo.Tests.Cluster;
using Orleans.Runtime.Placement;
using Xunit;

namespace Edna.Silo.Tests.Changes;

/// <summary>Two silos that share the files.</summary>
public sealed class TwoSilos : EdnaCluster
{
    /// <inheritdoc />
    protected override short Silos => 2;
}

/// <summary>What is written on one silo is followed, indexed and found on the other.</summary>
public sealed class TwoSilosTests(TwoSilos edna) : IClassFixture<TwoSilos>
{
    private const int Items = 60;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_are_followed_and_indexed_wherever_they_are_made()
    {
        var dataset = await edna.CreateDatasetAsync();
        var nudged = Channel.CreateUnbounded<ShardKey>();
        var observer = new Observer(nudged.Writer);
        var reference = edna.Grains.CreateObjectReference<IChangeObserver>(observer);
        SiloAddress[] silos = [.. (await edna.Grains.GetGrain<IManagementGrain>(0).GetHosts(true, Ct)).Keys];
        for (var shard = 0; shard < ShardKey.Count; shard++)
        {
            // Half of the feeds on each, wherever Orleans would have put them.
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silos[shard % silos.Length]);
            await edna.Grains.GetGrain<IChangeFeedGrain>(new ShardKey(dataset, shard).ToString()).SubscribeAsync(reference);
        }
        RequestContext.Remove(IPlacementDirector.PlacementHintKey);

        await Task.WhenAll(Enumerable.Range(0, Items).Select(i => edna.UploadAsync(dataset, $"{i}")));

        var (told, cursor, query) = (new List<ItemChange>(), (string?)null, edna.Grains.GetGrain<IQueryGrain>(dataset.Tenant));
        while (told.Count < 2 * Items)
        {
            await nudged.Reader.ReadAsync(Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Ct);
            var page = await EdnaCluster.Good(query.GetChangesAsync(dataset, cursor, 500));
            told.AddRange(page.Changes);
            cursor = page.NextCursor;
        }
        Assert.Equal(2 * Items, told.Count);
        Assert.All(told.GroupBy(change => change.Item), item => Assert.Equal([1L, 2L], item.Select(change => change.Revision)));

        await Eventually.IsTrueAsync(async () => (await edna.Table.ListDirtyShardsAsync(Ct)).All(shard => shard.Dataset != dataset));
        var found = await EdnaCluster.Good(edna.Grains.GetGrain<ISearchGrain>(dataset.Tenant).SearchAsync(new() { Datasets = [dataset.Dataset], Limit = 100 }, Ct));
        Assert.Equal(Items, found.Items.Count(item => item.Status == ItemStatus.Available));

        // Otherwise one silo had it all, and the test would show nothing.
        var grains = await edna.Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics(null, null, Ct);
        var ofDataset = grains.Where(grain => grain.GrainId.Key.ToString()!.Contains(dataset.Dataset, StringComparison.Ordinal));
        Assert.Equal(2, ofDataset.Where(grain => grain.GrainId.Type.ToString() == "changefeed").Select(grain => grain.SiloAddress).Distinct().Count());
        GC.KeepAlive(observer);
    }

    /// <summary>What a killed process had written and told nobody of, and what others had told its feeds, is known to the table alone.</summary>
    [Fact]
    public async Task When_a_silo_has_died_the_feeds_look_that_have_something_to_do()
    {
        await using var dying = new TwoSilos();
        await dying.InitializeAsync();
        var dataset = await dying.CreateDatasetAsync();
        var overdue = UploadDecisions.Plan(
            null, EdnaCluster.Announce("a", 5), "a", new(TimeSpan.FromHours(1), TimeSpan.FromMinutes(15)), DateTimeOffset.UtcNow.AddHours(-2), "ann").Next!;
        var key = await dying.WriteAsync(dataset, overdue);
        await dying.KillOneAsync();
        await Eventually.IsTrueAsync(async () => await dying.StateOf(key) is { Failure.Code: UploadErrors.Expired });
        await Eventually.IsTrueAsync(async () => (await dying.Table.ListDirtyShardsAsync(Ct)).Count == 0);
    }

    private sealed class Observer(ChannelWriter<ShardKey> nudged) : IChangeObserver
    {
        public Task NudgeAsync(ShardKey shard)
        {
            Assert.True(nudged.TryWrite(shard));
            return Task.CompletedTask;
        }
    }
}
