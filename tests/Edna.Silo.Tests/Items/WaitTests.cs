using Edna.Items;
using Edna.Silo.Tests.Cluster;
using Xunit;

namespace Edna.Silo.Tests.Items;

public sealed class WaitTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_waits_is_told_of_the_next_write_and_never_misses_one()
    {
        var dataset = await edna.CreateDatasetAsync();
        var grain = edna.Item(dataset, "a");
        var planned = await EdnaCluster.Good(grain.PlanAsync(EdnaCluster.Announce("a"), "ann"));
        await edna.ArriveAsync(dataset, "a", "hello");
        var waiting = Enumerable.Range(0, 20).Select(_ => grain.WaitAsync(planned.Item.Revision, Long, Ct)).ToArray();
        await EdnaCluster.Good(grain.CompleteAsync(null, "ann"));
        Assert.All(await Task.WhenAll(waiting), ended => Assert.Equal(ItemWait.Written, ended));
        Assert.Equal(ItemWait.Written, await grain.WaitAsync(planned.Item.Revision, Long, Ct));
        // The feed's word of that write may still be on its way, and wakes whoever waits by then: he looks, and waits again.
        await Eventually.IsTrueAsync(async () => await grain.WaitAsync(planned.Item.Revision + 1, TimeSpan.FromMilliseconds(20), Ct) == ItemWait.Elapsed);
    }

    [Fact]
    public async Task Only_so_many_may_wait_and_who_has_gone_makes_room()
    {
        var dataset = await edna.CreateDatasetAsync();
        var grain = edna.Item(dataset, "a");
        var planned = await EdnaCluster.Good(grain.PlanAsync(EdnaCluster.Announce("a"), "ann"));
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var waiting = Enumerable.Range(0, IItemGrain.MostWaiting + 1).Select(_ => grain.WaitAsync(planned.Item.Revision, Long, gone.Token)).ToArray();
        Assert.Equal(ItemWait.Full, await await Task.WhenAny(waiting));
        await gone.CancelAsync();
        await Task.WhenAll(waiting).ContinueWith(_ => { }, Ct, TaskContinuationOptions.None, TaskScheduler.Default);
        // A caller's cancellation travels by itself: the grain may learn of it a moment later.
        await Eventually.IsTrueAsync(async () => await grain.WaitAsync(planned.Item.Revision, TimeSpan.FromMilliseconds(20), Ct) == ItemWait.Elapsed);
    }

    [Fact]
    public async Task A_write_that_fails_sends_those_who_wait_away_to_look()
    {
        var dataset = await edna.CreateDatasetAsync();
        var item = await edna.UploadAsync(dataset, "a");
        var row = (await edna.Table.ReadAsync(EdnaCluster.KeyOf(dataset, "a"), Ct))!;
        var waiting = edna.Item(dataset, "a").WaitAsync(item.Revision, Long, Ct);
        var body = System.Text.Encoding.UTF8.GetString(row.Body).Replace("\"revision\":2", "\"revision\":3", StringComparison.Ordinal);
        await edna.Table.WriteAsync(row with { Revision = 3, Body = System.Text.Encoding.UTF8.GetBytes(body) }, item.Revision, new(Edna.Changes.ChangeKind.Updated, row.UpdatedAt, "x"), Ct);
        await Assert.ThrowsAnyAsync<Exception>(() => edna.Item(dataset, "a").SetTagsAsync(new Dictionary<string, string> { ["k"] = "v" }, null, "ann"));
        Assert.Equal(ItemWait.Written, await waiting);
        Assert.Equal(3, (await EdnaCluster.Good(edna.Item(dataset, "a").GetAsync(false))).Revision);
    }
}
