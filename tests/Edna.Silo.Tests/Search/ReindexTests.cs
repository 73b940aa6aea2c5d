using Edna.Compliance.Search.Elasticsearch;
using Edna.Items;
using Edna.Jobs;
using Edna.Search;
using Edna.Silo.Tests.Cluster;
using Xunit;

namespace Edna.Silo.Tests.Search;

/// <summary>The search index is made anew while everything goes on.</summary>
public sealed class ReindexTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_items_are_written_and_searched_a_new_index_takes_over_and_is_the_table_item_by_item()
    {
        await using var cluster = await SearchServerCluster.StartAsync();
        var edna = cluster.Edna;
        var (dataset, other) = (await edna.CreateDatasetAsync(), await edna.CreateDatasetAsync());
        for (var i = 0; i < 120; i++) await cluster.WriteAsync(i % 3 == 0 ? other : dataset, $"p{i:d3}");
        await cluster.ShouldBeTheTableAsync();
        var before = await cluster.ShouldHaveOneIndexAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        // Each page of the fill takes a while, so that much happens in between; the first dataset's name may come first or last.
        var slow = new SemaphoreSlim(0);
        var pages = 0;
        cluster.Server.Fault = request => IsFill(request) ? new FakeFault.Slow(PassAsync()) : null;
        var job = await EdnaCluster.Good(cluster.StartReindexAsync());
        var (writer, searcher) = (WriteAsync(), SearchAsync());
        await Eventually.IsTrueAsync(() => Volatile.Read(ref pages) == 1);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => PurgeAsync(i * 7)));
        slow.Release(1_000);
        var done = await edna.EndOfAsync(job.Id);
        Assert.Equal((JobStatus.Succeeded, "reindex", "", 0L), (done.Status, done.Kind, done.Dataset, done.ErrorCount));
        await stop.CancelAsync();
        Assert.True(await writer > 10, "Too little was written meanwhile.");
        Assert.True(await searcher > 3, "Too little was searched meanwhile.");
        Assert.NotEqual(before, await cluster.ShouldHaveOneIndexAsync());
        await cluster.ShouldBeTheTableAsync();

        async Task PassAsync()
        {
            Interlocked.Increment(ref pages);
            await slow.WaitAsync(Ct);
        }

        async Task PurgeAsync(int i)
        {
            var key = EdnaCluster.KeyOf(i % 3 == 0 ? other : dataset, $"p{i:d3}");
            await EdnaCluster.Good(edna.Grains.GetGrain<IItemGrain>(key.ToString()).PurgeAsync(null, "ann"));
            // The index in use has heard of it, and the row is gone, before the fill's page arrives.
            await Eventually.IsTrueAsync(async () => await edna.Table.ReadAsync(key, Ct) is null);
        }

        async Task<int> WriteAsync()
        {
            var written = 0;
            for (; !stop.IsCancellationRequested; written++)
            {
                var path = $"p{100 + (written % 40):d3}";
                var item = edna.Item(written % 2 == 0 ? dataset : other, path);
                if ((await item.PatchAsync(new($$"""{"split": "s{{written}}"}"""), null, "ann")).Problem is not null) await EdnaCluster.Good(item.PlanAsync(EdnaCluster.Announce(path), "ann"));
            }
            return written;
        }

        async Task<int> SearchAsync()
        {
            var searched = 0;
            for (string? cursor = null; !stop.IsCancellationRequested; searched++)
            {
                var page = await EdnaCluster.Good(edna.Grains.GetGrain<ISearchGrain>("default").SearchAsync(new() { Datasets = [dataset.Dataset], Limit = 7, Cursor = cursor }, TestContext.Current.CancellationToken));
                Assert.True(page.Total >= 75, $"A search found {page.Total} items only.");
                cursor = page.NextCursor;
            }
            return searched;
        }
    }

    /// <summary>
    /// A page is taken, and the reindex hears of it only when one of its items was purged, forgotten by the server, and made again: what the reindex removes then is
    /// the new document, whose row is clean, and the server takes it in again only when it has forgotten that, too.
    /// </summary>
    [Fact]
    public async Task An_item_that_began_anew_while_the_reindex_heard_nothing_is_in_the_new_index()
    {
        var time = new SkippingTime();
        await using var cluster = await SearchServerCluster.StartAsync(time, TimeSpan.FromSeconds(90));
        var (edna, dataset) = (cluster.Edna, await cluster.Edna.CreateDatasetAsync());
        for (var i = 0; i < 20; i++) await cluster.WriteAsync(dataset, $"p{i}");
        var key = EdnaCluster.KeyOf(dataset, "p7");
        await EdnaCluster.Good(edna.Item(dataset, "p7").PatchAsync(new("""{"split": "a"}"""), null, "ann"));
        await Eventually.IsTrueAsync(async () => await edna.Table.ReadAsync(key, Ct) is { Revision: 2, IndexedRevision: 2 });
        var (pushes, isBack) = (0, false);
        cluster.Server.Fault = request => !IsFill(request) || Volatile.Read(ref isBack) ? null : Interlocked.Increment(ref pushes) == 1 ? new FakeFault.Cut() : new FakeFault.Down();
        var job = await EdnaCluster.Good(cluster.StartReindexAsync());
        await Eventually.IsTrueAsync(() => Volatile.Read(ref pushes) > 0);
        await EdnaCluster.Good(edna.Item(dataset, "p7").PurgeAsync(null, "ann"));
        await Eventually.IsTrueAsync(async () => await edna.Table.ReadAsync(key, Ct) is null);
        time.Skip(TimeSpan.FromSeconds(91));
        await cluster.WriteAsync(dataset, "p7");
        await Eventually.IsTrueAsync(async () => await edna.Table.ReadAsync(key, Ct) is { Revision: 1, IndexedRevision: 1 });
        Volatile.Write(ref isBack, true);
        await Eventually.IsTrueAsync(async () =>
        {
            time.Skip(TimeSpan.FromSeconds(5));
            return (await EdnaCluster.Good(edna.Grains.GetGrain<IJobGrain>($"default/{job.Id}").GetAsync())).Status != JobStatus.Running;
        });
        var done = await edna.EndOfAsync(job.Id);
        Assert.Equal((JobStatus.Succeeded, 0L), (done.Status, done.ErrorCount));
        await cluster.ShouldBeTheTableAsync();
    }

    [Fact]
    public async Task One_runs_at_a_time_and_one_that_is_cancelled_leaves_nothing_behind()
    {
        await using var cluster = await SearchServerCluster.StartAsync();
        var dataset = await cluster.Edna.CreateDatasetAsync();
        for (var i = 0; i < 20; i++) await cluster.WriteAsync(dataset, $"p{i}");
        await cluster.ShouldBeTheTableAsync();
        var before = await cluster.ShouldHaveOneIndexAsync();
        var (held, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        cluster.Server.Fault = request =>
        {
            if (!IsFill(request)) return null;
            held.TrySetResult();
            return new FakeFault.Slow(release.Task);
        };
        var job = await EdnaCluster.Good(cluster.StartReindexAsync("one"));
        await held.Task.WaitAsync(Ct);
        Assert.Equal("search.reindex_running", await EdnaCluster.CodeOf(cluster.StartReindexAsync()));
        Assert.Equal("search.reindex_running", await EdnaCluster.CodeOf(cluster.StartReindexAsync("two")));
        // The request that made the job is sent again, with the name that belongs to its key.
        Assert.Equal(("reindex-one", "reindex-one"), (job.Id, (await EdnaCluster.Good(cluster.StartReindexAsync("one"))).Id));
        Assert.Equal(2, cluster.Server.Indexes.Count);
        var cancelled = cluster.Edna.Grains.GetGrain<IJobGrain>($"default/{job.Id}").CancelAsync();
        release.SetResult();
        Assert.Equal(JobStatus.Cancelled, (await EdnaCluster.Good(cancelled)).Status);
        Assert.Equal(before, await cluster.ShouldHaveOneIndexAsync());
        cluster.Server.Fault = null;
        await cluster.WriteAsync(dataset, "after");
        await cluster.ShouldBeTheTableAsync();
        var done = await cluster.ReindexAsync();
        Assert.Equal((JobStatus.Succeeded, 21L), (done.Status, done.Progress.Done));
        Assert.NotEqual(before, await cluster.ShouldHaveOneIndexAsync());
        Assert.Equal("job.not_cancellable", await EdnaCluster.CodeOf(cluster.Edna.Grains.GetGrain<IJobGrain>($"default/{done.Id}").CancelAsync()));
    }

    /// <summary>A document is lost after it was pushed: before the count, or after it and before the sample is taken.</summary>
    [Theory]
    [InlineData("_count", "search.count_differs")]
    [InlineData("_mget", "search.sample_differs")]
    public async Task A_new_index_that_is_not_right_is_dropped_and_the_old_one_goes_on(string call, string code)
    {
        await using var cluster = await SearchServerCluster.StartAsync();
        var dataset = await cluster.Edna.CreateDatasetAsync();
        var key = await cluster.WriteAsync(dataset, "a");
        await cluster.WriteAsync(dataset, "b");
        await cluster.ShouldBeTheTableAsync();
        var before = await cluster.ShouldHaveOneIndexAsync();
        cluster.Server.Fault = request =>
        {
            if (request.Call == call && NextOf(cluster) is { } next) cluster.Server.Lose(next, key.ToString());
            return null;
        };
        // Lost before the refresh that comes with the count, so that it is not counted.
        if (call == "_count") cluster.Server.Fault = request =>
        {
            if (request.Path.EndsWith("-next/_refresh", StringComparison.Ordinal)) cluster.Server.Lose(NextOf(cluster)!, key.ToString());
            return null;
        };
        var done = await cluster.ReindexAsync();
        Assert.Equal(JobStatus.Failed, done.Status);
        Assert.EndsWith($"[{code}]", Assert.Single(done.Errors), StringComparison.Ordinal);
        Assert.Equal(before, await cluster.ShouldHaveOneIndexAsync());
        await cluster.ShouldBeTheTableAsync();
        cluster.Server.Fault = null;
        Assert.Equal(JobStatus.Succeeded, (await cluster.ReindexAsync()).Status);
    }

    [Fact]
    public async Task A_server_that_refuses_ends_it_with_its_word()
    {
        await using var cluster = await SearchServerCluster.StartAsync();
        await Eventually.IsTrueAsync(() => cluster.Server.Indexes.Count == 1);
        cluster.Server.Fault = request => request.Method == "PUT" ? new FakeFault.Refuse(403, "security_exception") : null;
        var done = await cluster.ReindexAsync();
        Assert.Equal(JobStatus.Failed, done.Status);
        Assert.Contains("'security_exception'", Assert.Single(done.Errors), StringComparison.Ordinal);
        Assert.EndsWith("[search.index_refuses]", done.Errors[0], StringComparison.Ordinal);
        await cluster.ShouldHaveOneIndexAsync();
    }

    [Fact]
    public async Task An_old_index_that_may_not_be_removed_is_told_of_and_the_new_one_is_in_use()
    {
        await using var cluster = await SearchServerCluster.StartAsync();
        await cluster.WriteAsync(await cluster.Edna.CreateDatasetAsync(), "a");
        await cluster.ShouldBeTheTableAsync();
        cluster.Server.Fault = request => request.Method == "DELETE" ? new FakeFault.Refuse(403, "security_exception") : null;
        var done = await cluster.ReindexAsync();
        Assert.Equal(JobStatus.Succeeded, done.Status);
        Assert.EndsWith("'edna-000001' is not any more: remove it by hand. [search.old_index_stays]", Assert.Single(done.Errors), StringComparison.Ordinal);
        Assert.Empty(cluster.Server.Indexes["edna-000001"]);
        await cluster.WriteAsync(await cluster.Edna.CreateDatasetAsync(), "b");
        await cluster.ShouldBeTheTableAsync();
    }

    /// <summary>Every request of the reindex meets a server that is down, and then one that does what it is asked but whose answer is lost.</summary>
    [Fact]
    public async Task A_server_that_is_down_again_and_again_is_waited_for()
    {
        await using var cluster = await SearchServerCluster.StartAsync();
        var dataset = await cluster.Edna.CreateDatasetAsync();
        for (var i = 0; i < 20; i++) await cluster.WriteAsync(dataset, $"p{i}");
        await cluster.ShouldBeTheTableAsync();
        var before = await cluster.ShouldHaveOneIndexAsync();
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        cluster.Server.Fault = request => IsReindex(request)
            ? seen.AddOrUpdate($"{request.Method} {request.Call} {request.Body.Length}", 1, (_, n) => n + 1) switch { 1 => new FakeFault.Down(), 2 => new FakeFault.Cut(), _ => null }
            : null;
        Assert.Equal(JobStatus.Succeeded, (await cluster.ReindexAsync()).Status);
        Assert.True(seen.Count >= 7, string.Join(", ", seen.Keys));
        Assert.NotEqual(before, await cluster.ShouldHaveOneIndexAsync());
        await cluster.ShouldBeTheTableAsync();
    }

    [Fact]
    public async Task An_index_in_use_that_goes_meanwhile_is_made_and_filled_anew_and_the_reindex_gives_up()
    {
        await using var cluster = await SearchServerCluster.StartAsync();
        var dataset = await cluster.Edna.CreateDatasetAsync();
        for (var i = 0; i < 20; i++) await cluster.WriteAsync(dataset, $"p{i}");
        await cluster.ShouldBeTheTableAsync();
        var (held, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        cluster.Server.Fault = request =>
        {
            if (!IsFill(request)) return null;
            held.TrySetResult();
            return new FakeFault.Slow(release.Task);
        };
        var job = await EdnaCluster.Good(cluster.StartReindexAsync());
        await held.Task.WaitAsync(Ct);
        var noted = await cluster.Edna.Table.ReadIndexGenerationAsync(Ct);
        cluster.Server.DropIndex("edna");
        await Eventually.IsAsync(() => cluster.Edna.Table.ReadIndexGenerationAsync(Ct).AsTask(), now => now is not null && now != noted);
        release.SetResult();
        var done = await cluster.Edna.EndOfAsync(job.Id);
        Assert.Equal(JobStatus.Failed, done.Status);
        Assert.EndsWith("[search.reindex_lost]", Assert.Single(done.Errors), StringComparison.Ordinal);
        await cluster.ShouldBeTheTableAsync();
        await cluster.ShouldHaveOneIndexAsync();
    }

    [Fact]
    public async Task An_index_that_somebody_removes_comes_back_by_itself()
    {
        await using var cluster = await SearchServerCluster.StartAsync();
        var dataset = await cluster.Edna.CreateDatasetAsync();
        for (var i = 0; i < 20; i++) await cluster.WriteAsync(dataset, $"p{i}");
        await cluster.ShouldBeTheTableAsync();
        cluster.Server.DropIndexes();
        // Nothing is written meanwhile that would tell.
        await Eventually.IsTrueAsync(() => cluster.Server.Indexes.Count == 1 && cluster.Server.VersionsIn("edna").Count == 20);
        await cluster.ShouldBeTheTableAsync();
        cluster.Server.DropIndexes();
        await cluster.WriteAsync(dataset, "more");
        await Eventually.IsTrueAsync(() => cluster.Server.Indexes.Count == 1 && cluster.Server.VersionsIn("edna").Count == 21);
        await cluster.ShouldBeTheTableAsync();
        Assert.Equal(21, (await EdnaCluster.Good(cluster.Edna.Grains.GetGrain<ISearchGrain>("default").SearchAsync(new() { Datasets = [dataset.Dataset] }, TestContext.Current.CancellationToken))).Total);
    }

    /// <summary>Of two items that the old index refuses too, one is unreadable to the new one as well.</summary>
    [Fact]
    public async Task Items_that_the_server_refuses_are_listed_and_do_not_stand_in_the_way()
    {
        await using var cluster = await SearchServerCluster.StartAsync();
        var dataset = await cluster.Edna.CreateDatasetAsync();
        var odd = EdnaCluster.KeyOf(dataset, "odd");
        cluster.Server.Reject = id => id == odd.ToString() ? (400, "document_parsing_exception") : null;
        for (var i = 0; i < 20; i++) await cluster.WriteAsync(dataset, $"p{i}");
        await cluster.WriteAsync(dataset, "odd");
        await Eventually.IsTrueAsync(() => cluster.Indexer.Refused.Count == 1 && cluster.Server.VersionsIn("edna").Count == 20);
        Assert.Equal((odd, 1L, "document_parsing_exception: as the test wants it"), cluster.Indexer.Refused.Select(r => (r.Item, r.Revision, r.Reason)).Single());
        var done = await cluster.ReindexAsync();
        Assert.Equal((JobStatus.Succeeded, 1L), (done.Status, done.ErrorCount));
        Assert.StartsWith(odd.ToString(), done.Errors[0], StringComparison.Ordinal);
        Assert.EndsWith("[search.document_refused]", done.Errors[0], StringComparison.Ordinal);
        Assert.Equal("""{"items":21,"refused":1,"sampled":20}""", done.Result!.ToString());
        Assert.Equal(20, cluster.Server.VersionsIn("edna").Count);
    }

    [Fact]
    public async Task The_embedded_index_says_that_it_needs_none()
    {
        var edna = new EdnaCluster();
        await edna.InitializeAsync();
        Assert.Equal("search.reindex_not_needed", await EdnaCluster.CodeOf(edna.Grains.GetGrain<IIndexingGrain>(0).StartReindexAsync("default", "ann")));
        await edna.DisposeAsync();
    }

    /// <summary>A page of the fill: the indexer waits until searches see what it pushes.</summary>
    private static bool IsFill(FakeRequest request) => request.Path.EndsWith("-next/_bulk", StringComparison.Ordinal) && request.Query.Contains("refresh=false", StringComparison.Ordinal);

    private static bool IsReindex(FakeRequest request) =>
        request.Method is "PUT" or "DELETE" || request.Path.Contains("-next/", StringComparison.Ordinal) || request.Path is "/_aliases" or "/_mget";

    private static string? NextOf(SearchServerCluster cluster) =>
        cluster.Server.Indexes.Values.SelectMany(aliases => aliases).FirstOrDefault(alias => alias.EndsWith("-next", StringComparison.Ordinal));

    /// <summary>The system's time, and what a test skips of it.</summary>
    private sealed class SkippingTime : TimeProvider
    {
        private long skipped;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref skipped));

        public void Skip(TimeSpan by) => Interlocked.Add(ref skipped, by.Ticks);
    }
}
