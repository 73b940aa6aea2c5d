using Edna.Changes;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Edna.Results;
using Edna.Silo.Tests.Cluster;
using Xunit;

namespace Edna.Silo.Tests.Items;

public sealed class BatchTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_grain_that_was_awake_sees_what_a_batch_confirmed()
    {
        var dataset = await edna.CreateDatasetAsync();
        await AnnounceAsync(dataset, "a");
        Assert.Equal(ItemStatus.Pending, (await EdnaCluster.Good(edna.Item(dataset, "a").GetAsync(false))).Status);
        await edna.ArriveAsync(dataset, "a", "hello");
        var confirmed = (await CompleteAsync(dataset, "a"))[0].Value!;
        Assert.Equal((ItemStatus.Available, 2L), (confirmed.Status, confirmed.Revision));
        Assert.Equal(2, (await EdnaCluster.Good(edna.Item(dataset, "a").GetAsync(false))).Revision);
        var tagged = await EdnaCluster.Good(edna.Item(dataset, "a").SetTagsAsync(new Dictionary<string, string> { ["k"] = "v" }, 2, "ann"));
        Assert.Equal((ItemStatus.Available, 3L), (tagged.Status, tagged.Revision));
    }

    [Fact]
    public async Task Whoever_waits_is_told_of_what_a_batch_confirmed_before_and_after()
    {
        var dataset = await edna.CreateDatasetAsync();
        await AnnounceAsync(dataset, "a", "b");
        await edna.ArriveAsync(dataset, "a", "hello");
        var waiting = edna.Item(dataset, "a").WaitAsync(1, IItemGrain.LongestWait, Ct);
        var other = edna.Item(dataset, "b").WaitAsync(1, TimeSpan.FromMilliseconds(200), Ct);
        await CompleteAsync(dataset, "a");
        Assert.Equal(ItemWait.Written, await waiting);
        Assert.Equal(ItemWait.Elapsed, await other);
        await edna.ArriveAsync(dataset, "b", "hello");
        await CompleteAsync(dataset, "b");
        Assert.Equal(ItemWait.Written, await edna.Item(dataset, "b").WaitAsync(1, IItemGrain.LongestWait, Ct));
    }

    [Fact]
    public async Task Each_of_a_batch_is_answered_as_its_own_grain_would()
    {
        var dataset = await edna.CreateDatasetAsync();
        string[] paths = ["arrived", "late", "wrong", "edited", "trashed", "available"];
        await AnnounceAsync(dataset, paths);
        foreach (var path in paths.Except(["late", "wrong"])) await edna.ArriveAsync(dataset, path, "hello");
        await edna.ArriveAsync(dataset, "wrong", "hello, world");
        await EdnaCluster.Good(edna.Item(dataset, "edited").PatchAsync(new("""{"metadata":{"camera":"A1"}}"""), null, "ann"));
        await EdnaCluster.Good(edna.Item(dataset, "trashed").TrashAsync(null, "ann"));
        await EdnaCluster.Good(edna.Item(dataset, "available").CompleteAsync(null, "ann"));
        var answers = await CompleteAsync(dataset, [.. paths, "unknown", "arrived"]);
        Assert.Equal(
            ["Available", "upload.not_found_in_store", UploadErrors.SizeMismatch, "Available", "item.trashed", "Available", "item.not_found", "Available"],
            answers.Select(a => a.Problem?.Code ?? a.Value!.Status.ToString()));
        Assert.Contains("A1", (await EdnaCluster.Good(edna.Item(dataset, "edited").GetAsync(false))).Metadata!.Value.ToString(), StringComparison.Ordinal);
        // Nothing but what each did is in the feed, and each once.
        var changes = (await edna.Table.ReadChangesAsync(dataset, null, 100, Ct))!.Changes.Where(c => c.Kind == ChangeKind.Available).Select(c => c.Path);
        Assert.Equal(["arrived", "available", "edited"], changes.Order(StringComparer.Ordinal));
        Assert.All(await CompleteAsync(dataset, "arrived", "edited", "available"), again => Assert.Equal(ItemStatus.Available, again.Value?.Status));
    }

    [Fact]
    public async Task Of_batches_and_grains_that_confirm_the_same_item_at_once_one_does()
    {
        var dataset = await edna.CreateDatasetAsync();
        var paths = Enumerable.Range(0, 40).Select(n => $"p{n}").ToArray();
        await AnnounceAsync(dataset, paths);
        foreach (var path in paths) await edna.ArriveAsync(dataset, path, "hello");
        var batches = Enumerable.Range(0, 4).Select(_ => CompleteAsync(dataset, paths));
        var singles = paths.Select(path => ItemCalls.AnswerAsync(() => edna.Item(dataset, path).CompleteAsync(null, "bob")));
        var (all, each) = (Task.WhenAll(batches), Task.WhenAll(singles));
        Assert.All((await all).SelectMany(answers => answers).Concat(await each), a => Assert.Equal((ItemStatus.Available, 2L), (a.Value?.Status, a.Value?.Revision)));
        var changes = (await edna.Table.ReadChangesAsync(dataset, null, 1_000, Ct))!.Changes;
        Assert.Equal(paths.Length, changes.Count(c => c.Kind == ChangeKind.Available));
    }

    [Fact]
    public async Task A_fault_of_one_is_its_own_answer_and_the_others_are_confirmed()
    {
        var dataset = await edna.CreateDatasetAsync();
        await AnnounceAsync(dataset, "bad", "good");
        await edna.ArriveAsync(dataset, "good", "hello");
        var at = new ObjectKeys(edna.Store.Prefix, dataset, null).Content(EdnaCluster.KeyOf(dataset, "bad").ItemId, 1).Key;
        edna.StoreFaults[at] = new InvalidOperationException("A fault of EDNA's own.");
        var answers = await CompleteAsync(dataset, "bad", "good");
        Assert.Equal(("internal", ItemStatus.Available), (answers[0].Problem?.Code, answers[1].Value?.Status));
    }

    [Fact]
    public async Task What_was_edited_while_a_batch_asked_the_store_keeps_its_edit()
    {
        var dataset = await edna.CreateDatasetAsync();
        await AnnounceAsync(dataset, "a");
        await edna.ArriveAsync(dataset, "a", "hello");
        Task<IReadOnlyList<Result<Item>>> batch;
        using (var held = edna.StoreOutage.Hold())
        {
            batch = CompleteAsync(dataset, "a");
            await held.Reached;
            // Through its grain the edit would wait for the store, too.
            var state = (await edna.StateOf(EdnaCluster.KeyOf(dataset, "a")))!;
            var edited = EditDecisions.Tag(state, new Dictionary<string, string> { ["k"] = "v" }, state.UpdatedAt).Next!;
            await edna.Table.WriteAsync(ItemView.RowOf(EdnaCluster.KeyOf(dataset, "a"), edited), state.Revision, new(ChangeKind.Tagged, edited.UpdatedAt, "bob"), Ct);
        }
        var item = (await batch)[0].Value!;
        Assert.Equal((ItemStatus.Available, 3L, "v"), (item.Status, item.Revision, item.Tags["k"]));
    }

    private async Task AnnounceAsync(DatasetKey dataset, params string[] paths)
    {
        var plans = await EdnaCluster.Good(Batch(dataset).PlanAsync([.. paths.Select(path => EdnaCluster.Announce(path))], "ann"));
        Assert.All(plans, plan => Assert.NotNull(plan.Value?.Upload));
    }

    private Task<IReadOnlyList<Result<Item>>> CompleteAsync(DatasetKey dataset, params string[] paths) =>
        EdnaCluster.Good(Batch(dataset).CompleteAsync([.. paths.Select(path => EdnaCluster.KeyOf(dataset, path).ItemId)], "ann"));

    private IItemBatchGrain Batch(DatasetKey dataset) => edna.Grains.GetGrain<IItemBatchGrain>(dataset.ToString());
}
