using System.Threading.Channels;
using Edna.Changes;
using Edna.Items;
using Edna.Keys;
using Edna.Search;
using Edna.Silo.Tests.Cluster;
using Xunit;

namespace Edna.Silo.Tests.Changes;

public sealed class FeedTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_observer_is_told_of_every_change_in_the_feeds_order()
    {
        var dataset = await edna.CreateDatasetAsync();
        var observer = new Observer();
        var reference = ((IClusterClient)edna.Grains).CreateObjectReference<IChangeObserver>(observer);
        for (var shard = 0; shard < ShardKey.Count; shard++)
            await edna.Grains.GetGrain<IChangeFeedGrain>(new ShardKey(dataset, shard).ToString()).SubscribeAsync(reference);
        for (var i = 0; i < 20; i++) await edna.UploadAsync(dataset, $"{i}");
        var told = new List<ItemChange>();
        while (told.Count < 40) told.Add(await observer.Told.Reader.ReadAsync(Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Ct));
        var kept = (await edna.Table.ReadChangesAsync(dataset, null, 100, Ct)).Changes;
        Assert.Equal(kept.Select(c => c.Cursor), told.Select(c => c.Cursor).Order(StringComparer.Ordinal));
        Assert.All(told.GroupBy(c => c.Item), item => Assert.Equal([1L, 2L], item.Select(c => c.Revision)));
    }

    [Fact]
    public async Task The_index_catches_up_by_itself_after_an_outage()
    {
        var dataset = await edna.CreateDatasetAsync();
        using (edna.IndexOutage.Begin())
            for (var i = 0; i < 5; i++) await edna.UploadAsync(dataset, $"{i}");
        await UntilIndexedAsync(dataset);
        var found = await EdnaCluster.Good(edna.Grains.GetGrain<IQueryGrain>("default").SearchAsync(new() { Datasets = [dataset.Dataset] }));
        Assert.Equal(5, found.Total);
        Assert.All(found.Items, i => Assert.Equal(ItemStatus.Available, i.Status));
    }

    /// <summary>Waits on the table's own word that no row is dirty.</summary>
    private Task UntilIndexedAsync(DatasetKey dataset) =>
        Eventually.IsTrueAsync(async () => (await edna.Table.ListDirtyShardsAsync(Ct)).All(s => s.Dataset != dataset));

    private sealed class Observer : IChangeObserver
    {
        public Channel<ItemChange> Told { get; } = Channel.CreateUnbounded<ItemChange>();

        public Task ChangedAsync(ShardKey shard, IReadOnlyList<ItemChange> changes)
        {
            foreach (var change in changes) Assert.True(Told.Writer.TryWrite(change));
            return Task.CompletedTask;
        }
    }
}
