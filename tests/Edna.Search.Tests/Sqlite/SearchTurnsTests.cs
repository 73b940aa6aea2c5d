using System.Collections.Concurrent;
using Edna.Compliance.Search;
using Edna.Search.Sqlite;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Search.Tests.Sqlite;

/// <summary>A search ends: by its deadline, when its caller goes, and it leaves readers for other tenants.</summary>
public sealed class SearchTurnsTests
{
    /// <summary>Never ends by itself.</summary>
    private const string Endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_statement_is_interrupted_by_the_deadline()
    {
        await using var host = new SqliteSearchIndexHost(options: new() { Deadline = TimeSpan.FromMilliseconds(20), Readers = 1 });
        var stopped = await Assert.ThrowsAsync<SearchStoppedException>(() => host.Database.SearchAsync("default", connection => connection.QueryLong(Endless), Ct));
        Assert.Equal(("search.too_slow", 503), (stopped.Problem.Code, stopped.Problem.Status));
        Assert.Contains("after 0.02 s. Narrow the query", stopped.Problem.Detail, StringComparison.Ordinal);
        // The one reader is of use again.
        Assert.Empty(await host.Index.AllAsync(new() { Query = "a*" }));
    }

    [Fact]
    public async Task A_statement_is_interrupted_when_the_caller_goes()
    {
        using var gone = new CancellationTokenSource();
        await using var host = new SqliteSearchIndexHost(options: new() { Deadline = TimeSpan.FromMinutes(10), Readers = 1 }, began: _ => gone.CancelAfter(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.Database.SearchAsync("default", connection => connection.QueryLong(Endless), gone.Token));
    }

    /// <summary>The time that the search has passes while it reads: what it asks the inverted index then is not answered.</summary>
    [Fact]
    public async Task A_search_whose_deadline_passes_is_told_to_narrow_its_query()
    {
        var (time, late) = (new TimeOnDemand(), false);
        await using var host = new SqliteSearchIndexHost(time: time, began: _ => { if (late) time.Pass(); });
        foreach (var batch in Enumerable.Range(0, 4_000).Chunk(1_000)) await host.Index.PushAsync([.. batch.Select(n => Document($"a{n}/b{n}/c{n}"))]);
        var search = new SearchRequest { Query = "a* b* c*" };
        Assert.Equal(4_000, (await host.Index.SearchAsync("default", search, Ct)).Total);
        late = true;
        var stopped = await Assert.ThrowsAsync<SearchStoppedException>(() => host.Index.SearchAsync("default", search, Ct).AsTask());
        Assert.Equal("search.too_slow", stopped.Problem.Code);
        late = false;
        Assert.Equal(4_000, (await host.Index.SearchAsync("default", search, Ct)).Total);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_tenants_slow_searches_leave_a_reader_for_the_others()
    {
        using var open = new ManualResetEventSlim();
        var (began, time) = (new SemaphoreSlim(0), new TimeOnDemand());
        await using var host = new SqliteSearchIndexHost(options: new() { Readers = 3 }, time: time, began: tenant =>
        {
            began.Release();
            if (tenant == "slow") open.Wait(Ct);
        });
        var slow = Enumerable.Range(0, 5).Select(_ => host.Index.SearchAsync("slow", new(), Ct).AsTask()).ToList();
        try
        {
            for (var n = 0; n < 2; n++) await began.WaitAsync(Ct);
            // The time passes for those only that have begun to wait.
            for (var n = 0; n < 5; n++) await time.Timers.WaitAsync(TestContext.Current.CancellationToken);
            for (var n = 0; n < 3; n++)
            {
                Assert.Empty((await host.Index.SearchAsync("quick", new(), Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Ct)).Items);
                await began.WaitAsync(Ct);
            }
            // Two hold their readers, three wait for a turn. When the time is over, those that wait are told so.
            time.Pass();
            for (var n = 0; n < 3; n++)
            {
                var ended = await Task.WhenAny(slow);
                slow.Remove(ended);
                Assert.Equal("search.busy", (await Assert.ThrowsAsync<SearchStoppedException>(() => ended)).Problem.Code);
            }
            Assert.Equal(0, began.CurrentCount);
        }
        finally
        {
            open.Set();
        }
        // What little was left to do took them no longer.
        foreach (var one in slow) Assert.Empty((await one).Items);
    }

    [Fact(Timeout = 60_000)]
    public async Task Searches_of_all_tenants_leave_a_reader_for_what_is_no_search()
    {
        var ct = TestContext.Current.CancellationToken;
        var began = new SemaphoreSlim(0);
        await using var host = new SqliteSearchIndexHost(options: new() { Readers = 3, Deadline = TimeSpan.FromMinutes(10) }, began: _ => began.Release());
        using var stop = new CancellationTokenSource();
        var slow = ((string[])["a", "a", "b", "b"]).Select(tenant => host.Database.SearchAsync(tenant, connection => connection.QueryLong(Endless), stop.Token)).ToList();
        for (var n = 0; n < 3; n++) await began.WaitAsync(ct);
        await host.Index.CheckAsync(ct);
        Assert.Equal(0, began.CurrentCount);
        await stop.CancelAsync();
        foreach (var one in slow) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
    }

    [Fact]
    public async Task Tenants_that_search_no_more_are_forgotten()
    {
        var turns = new SearchTurns(1, 1, TimeSpan.FromMinutes(1), TimeProvider.System, began: null);
        Assert.Equal(1, await turns.RunAsync("a", (began, _) => ValueTask.FromResult(turns.Tenants), Ct));
        await Assert.ThrowsAsync<FormatException>(() => turns.RunAsync<int>("b", (_, _) => throw new FormatException(), Ct));
        Assert.Equal(0, turns.Tenants);
    }

    /// <summary>The tiers of relevance ask again what the query asks, and so do queries that say a thing twice.</summary>
    [Fact]
    public async Task The_inverted_index_is_asked_once_for_the_same()
    {
        await using var host = new SqliteSearchIndexHost();
        await host.Index.PushAsync(Document("cats/1"), Document("cats/2") with { Metadata = [new("m", "cats asleep")] });
        var asked = await host.Database.ReadAsync(connection =>
        {
            using var sets = new IdSets(connection);
            var finder = new HitFinder(connection, sets, "default");
            var search = ParsedSearch.Of("default", new() { Query = string.Join(" OR ", Enumerable.Repeat("(path:ca* -meta.m:none)", 20)) }).Value!;
            var scope = finder.Scope(search);
            Assert.Equal(2, finder.Find(search.Query, scope).Count);
            Assert.Equal(2, finder.Find(search.Query, scope).Count);
            return finder.Matches;
        }, Ct);
        Assert.Equal(2, asked);
    }

    /// <summary>Where there is nothing to find, nothing is looked for, however much others have; nor do the tiers of relevance look among no hits.</summary>
    [Theory]
    [InlineData("cats")]
    [InlineData("ca*")]
    [InlineData("\"cats asleep\"")]
    [InlineData("cats OR dogs")]
    [InlineData("path:ca* OR meta.m:none OR -asleep")]
    [InlineData("(cats OR dogs) -(label:cat asleep)")]
    public async Task A_search_within_nothing_asks_the_inverted_index_nothing(string query)
    {
        await using var host = new SqliteSearchIndexHost();
        await host.Index.PushAsync(Document("cats/1"), Document("cats/2") with { Metadata = [new("m", "cats asleep")] });
        foreach (var (tenant, dataset) in ((string, string?)[])[("default", "elsewhere"), ("nobody", null), ("default", null)])
        {
            var request = new SearchRequest { Query = query, Datasets = dataset is null ? null : [dataset], Sort = "relevance", Facets = ["label", "status"] };
            var search = ParsedSearch.Of(tenant, request).Value!;
            var asked = await host.Database.ReadAsync(connection =>
            {
                using var sets = new IdSets(connection);
                var finder = new HitFinder(connection, sets, tenant);
                var tiers = new RelevanceTiers(sets, finder, search.Query, finder.Find(AllOf.Of(search.Filter, search.Query), finder.Scope(search)));
                for (var tier = 0; tier < 3; tier++) tiers.Of(tier);
                return finder.Matches;
            }, Ct);
            var hits = await host.Index.SearchAsync(search, Ct);
            if (search is { Tenant: "default", Datasets.Count: 0 })
            {
                Assert.InRange(asked, 1, int.MaxValue);
                Assert.NotEqual(0, hits.Total);
                continue;
            }
            Assert.Equal(0, asked);
            Assert.Equal((0, 0L, null), (hits.Items.Count, hits.Total, hits.NextCursor));
            Assert.All(hits.Facets.Values, Assert.Empty);
        }
    }

    /// <summary>Time that stands still until it is told to pass: then every timer is due.</summary>
    private sealed class TimeOnDemand : TimeProvider
    {
        private readonly ConcurrentBag<Due> _timers = [];

        /// <summary>Released for each timer that is made.</summary>
        public SemaphoreSlim Timers { get; } = new(0);

        public void Pass()
        {
            foreach (var timer in _timers) timer.Fire();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Due(callback, state);
            _timers.Add(timer);
            Timers.Release();
            return timer;
        }

        private sealed class Due(TimerCallback callback, object? state) : ITimer
        {
            private volatile bool _ended;

            public void Fire()
            {
                if (!_ended) callback(state);
            }

            public bool Change(TimeSpan dueTime, TimeSpan period) => !_ended;

            public void Dispose() => _ended = true;

            public ValueTask DisposeAsync()
            {
                _ended = true;
                return default;
            }
        }
    }
}
