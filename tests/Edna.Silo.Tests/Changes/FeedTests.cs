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
    public async Task An_observer_is_nudged_for_each_shard_that_was_written_to_and_finds_every_change_in_the_table()
    {
        var dataset = await edna.CreateDatasetAsync();
        var (observer, query) = (new Observer(), edna.Grains.GetGrain<IQueryGrain>(dataset.Tenant));
        var reference = edna.Grains.CreateObjectReference<IChangeObserver>(observer);
        for (var shard = 0; shard < ShardKey.Count; shard++) await Feed(dataset, shard).SubscribeAsync(reference);
        var cursor = await EdnaCluster.Good(query.GetChangesEndAsync(dataset));
        var told = new List<ItemChange>();
        for (var i = 0; i < 20; i++) await edna.UploadAsync(dataset, $"{i}");
        while (told.Count < 40)
        {
            Assert.Equal(dataset, (await observer.Nudged.Reader.ReadAsync(Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Ct)).Dataset);
            var page = await EdnaCluster.Good(query.GetChangesAsync(dataset, cursor, 100));
            told.AddRange(page.Changes);
            cursor = page.NextCursor;
        }
        Assert.Equal((await edna.Table.ReadChangesAsync(dataset, null, 100, Ct))!.Changes, told);
        Assert.All(told.GroupBy(c => c.Item), item => Assert.Equal([1L, 2L], item.Select(c => c.Revision)));
        GC.KeepAlive(observer);
    }

    [Fact]
    public async Task Who_has_unsubscribed_is_nudged_no_more_and_the_others_are()
    {
        var dataset = await edna.CreateDatasetAsync();
        var (gone, here, shard) = (new Observer(), new Observer(), EdnaCluster.KeyOf(dataset, "a").Shard.Shard);
        var reference = edna.Grains.CreateObjectReference<IChangeObserver>(gone);
        await Feed(dataset, shard).SubscribeAsync(reference);
        await Feed(dataset, shard).SubscribeAsync(edna.Grains.CreateObjectReference<IChangeObserver>(here));
        await Feed(dataset, shard).UnsubscribeAsync(reference);
        await edna.UploadAsync(dataset, "a");
        await here.Nudged.Reader.ReadAsync(Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Ct);
        Assert.Equal(0, gone.Nudged.Reader.Count);
        GC.KeepAlive(gone);
    }

    [Fact]
    public async Task The_index_catches_up_by_itself_after_an_outage()
    {
        var dataset = await edna.CreateDatasetAsync();
        using (edna.IndexOutage.Begin())
            for (var i = 0; i < 5; i++) await edna.UploadAsync(dataset, $"{i}");
        await UntilIndexedAsync(dataset);
        var found = await EdnaCluster.Good(edna.Grains.GetGrain<ISearchGrain>("default").SearchAsync(new() { Datasets = [dataset.Dataset] }, TestContext.Current.CancellationToken));
        Assert.Equal(5, found.Total);
        Assert.All(found.Items, i => Assert.Equal(ItemStatus.Available, i.Status));
    }

    /// <summary>Waits on the table's own word that no row is dirty.</summary>
    private Task UntilIndexedAsync(DatasetKey dataset) =>
        Eventually.IsTrueAsync(async () => (await edna.Table.ListDirtyShardsAsync(Ct)).All(s => s.Dataset != dataset));

    private IChangeFeedGrain Feed(DatasetKey dataset, int shard) => edna.Grains.GetGrain<IChangeFeedGrain>(new ShardKey(dataset, shard).ToString());

    private sealed class Observer : IChangeObserver
    {
        public Channel<ShardKey> Nudged { get; } = Channel.CreateUnbounded<ShardKey>();

        public Task NudgeAsync(ShardKey shard)
        {
            Assert.True(Nudged.Writer.TryWrite(shard));
            return Task.CompletedTask;
        }
    }
}
