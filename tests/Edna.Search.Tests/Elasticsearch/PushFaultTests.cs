using System.Text;
using CsCheck;
using Edna.Compliance.Search;
using Edna.Compliance.Search.Elasticsearch;
using Edna.Items;
using Edna.Keys;
using Edna.Results;
using Edna.Search.Elasticsearch;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Search.Tests.Elasticsearch;

/// <summary>What becomes of pushed documents when the server is down, busy, picky, or out of its mind.</summary>
public sealed class PushFaultTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Passing => ["down", "429", "503", "cut", "<html>Bad gateway</html>", "{}", """{"took":1,"errors":false,"items":[]}""", """{"took":1,"errors":false,"items":[{"index":{"""];

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task What_passes_is_tried_again_until_everything_is_there(string kind)
    {
        var time = new SkippingTime();
        await using var host = await ElasticsearchIndexHost.StartAsync(time: time);
        var (left, start) = (3, time.GetUtcNow());
        host.Server.Fault = request => request.Call == "_bulk" && left-- > 0 ? FaultOf(kind) : null;
        Assert.Empty(await host.Index.PushAsync(Document("a") with { Status = ItemStatus.Pending }, Document("b")));
        Assert.Empty(await host.Index.PushAsync(Document("a", 2), Document("b", 2) with { Status = ItemStatus.Purged }));
        Assert.Equal([ItemId.FromPath("a")], await host.Index.AllAsync(new() { Filter = new() { Status = [ItemStatus.Available] } }));
        Assert.Equal(5, host.Server.Requests.Count(request => request.Call == "_bulk"));
        Assert.InRange(time.GetUtcNow() - start, TimeSpan.FromMilliseconds(525), TimeSpan.FromMilliseconds(700));
    }

    [Theory]
    [InlineData("down", null)]
    [InlineData("429", null)]
    [InlineData("cut", null)]
    [InlineData("401", "as the test says")]
    [InlineData("403", "as the test says")]
    public async Task What_does_not_pass_is_told_and_nothing_is_lost_by_trying_later(string kind, string? refusal)
    {
        await using var host = await ElasticsearchIndexHost.StartAsync(time: new SkippingTime());
        host.Server.Fault = request => request.Call == "_bulk" ? FaultOf(kind) : null;
        var told = await Assert.ThrowsAsync<UnavailableException>(() => host.Index.PushAsync(Document("a")));
        Assert.Equal(refusal, told.Refusal);
        Assert.Equal(refusal is null ? 10 : 1, host.Server.Requests.Count(request => request.Call == "_bulk"));
        host.Server.Fault = null;
        await host.Index.PushAsync(Document("a"));
        Assert.Single(await host.Index.AllAsync(new()));
    }

    [Fact]
    public async Task Of_many_documents_only_those_that_were_turned_away_are_sent_again()
    {
        await using var host = await ElasticsearchIndexHost.StartAsync(time: new SkippingTime());
        var left = 2;
        host.Server.Reject = id => id.EndsWith(ItemId.FromPath("p7"), StringComparison.Ordinal) && left-- > 0 ? (429, "es_rejected_execution_exception") : null;
        await host.Index.PushAsync([.. Enumerable.Range(0, 20).Select(n => Document($"p{n}"))]);
        Assert.Equal([20, 1, 1], host.Server.Requests.Where(request => request.Call == "_bulk").Select(request => request.Body.Count(c => c == '\n') / 2));
        Assert.Equal(20, (await host.Index.AllAsync(new())).Count);
    }

    [Fact]
    public async Task A_document_that_is_refused_for_good_is_set_aside_and_the_others_go_on()
    {
        await using var host = await ElasticsearchIndexHost.StartAsync();
        await host.Index.PushAsync(Document("p3") with { Split = "old" });
        host.Server.Reject = id => id.EndsWith(ItemId.FromPath("p3"), StringComparison.Ordinal) ? (400, "document_parsing_exception") : null;
        var refused = await host.Index.PushAsync([.. Enumerable.Range(0, 6).Select(n => Document($"p{n}", 2) with { Split = "new" }), Document("half") with { LabelClasses = ["\ud83d"] }]);
        Assert.Equal(5, (await host.Index.AllAsync(new() { Query = "split:new" })).Count);
        Assert.Equal([ItemId.FromPath("p3")], await host.Index.AllAsync(new() { Query = "split:old" }));
        Assert.Single(await host.Index.AllAsync(new() { Query = "half" }));
        Assert.Equal(new(Document("p3").Key, 2, "document_parsing_exception: as the test wants it"), Assert.Single(refused));
        // Its next change is pushed as any other.
        host.Server.Reject = null;
        await host.Index.PushAsync(Document("p3", 3) with { Split = "new" });
        Assert.Equal(6, (await host.Index.AllAsync(new() { Query = "split:new" })).Count);
    }

    [Fact]
    public async Task Bodies_that_are_too_large_are_halved()
    {
        await using var host = await ElasticsearchIndexHost.StartAsync();
        var huge = ItemId.FromPath("p5");
        host.Server.Fault = request => request.Call == "_bulk" && (request.Body.Count(c => c == '\n') > 8 || request.Body.Contains(huge, StringComparison.Ordinal)) ? new FakeFault.Refuse(413, "") : null;
        var refused = await host.Index.PushAsync([.. Enumerable.Range(0, 30).Select(n => Document($"p{n}"))]);
        Assert.Equal(29, (await host.Index.AllAsync(new())).Count);
        Assert.Equal(huge, Assert.Single(refused).Item.ItemId);
    }

    [Fact]
    public async Task Many_documents_go_in_several_compressed_bodies()
    {
        await using var host = await ElasticsearchIndexHost.StartAsync(configure: options => options.BulkMegabytes = 5);
        var text = string.Concat(Enumerable.Repeat("word ", 1_500));
        await host.Index.PushAsync([.. Enumerable.Range(0, 1_000).Select(n => Document($"p{n}") with { Metadata = [new("m", text)] })]);
        var bodies = host.Server.Requests.Where(request => request.Call == "_bulk").ToList();
        Assert.Equal(4, bodies.Count);
        Assert.All(bodies, body => Assert.True(Encoding.UTF8.GetByteCount(body.Body) <= 5_000_000 && body.RawBody.Length < 1_000_000 && body.Headers["Content-Encoding"] == "gzip"));
        Assert.Equal(1_000, (await host.Index.SearchAsync("default", new() { Limit = 1 }, Ct)).Total);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_document_that_is_too_large_is_set_aside_before_it_is_sent(int tooMuch)
    {
        await using var host = await ElasticsearchIndexHost.StartAsync();
        var large = Sized("large", BulkOperation.Largest + tooMuch);
        var refused = await host.Index.PushAsync(Document("a"), large, Document("b"));
        Assert.Equal(3 - tooMuch, (await host.Index.AllAsync(new())).Count);
        Assert.Equal(tooMuch == 0, Assert.Single(host.Server.Requests, request => request.Call == "_bulk").Body.Contains(large.Key.ItemId, StringComparison.Ordinal));
        if (tooMuch == 0) Assert.Empty(refused);
        else Assert.Equal(new(large.Key, 1, "document_too_large: The document has 1000001 bytes, more than 1000000."), Assert.Single(refused));
    }

    /// <summary>However the sizes fall, a body is never above the limit, and nothing is lost between two.</summary>
    [Fact]
    public async Task No_body_is_larger_than_configured()
    {
        await using var host = await ElasticsearchIndexHost.StartAsync(configure: options => options.BulkMegabytes = 5);
        int[] sizes = [.. Enumerable.Repeat(BulkOperation.Largest, 6), .. Enumerable.Range(0, 12).Select(n => 700_000 + (n * 20_011)), 20_000, 20_000];
        await host.Index.PushAsync([.. sizes.Select((size, n) => Sized($"p{n}", size))]);
        var bodies = host.Server.Requests.Where(request => request.Call == "_bulk").Select(request => Encoding.UTF8.GetByteCount(request.Body)).ToList();
        Assert.All(bodies, size => Assert.InRange(size, 1, 5_000_000));
        Assert.Equal(5_000_000, bodies[0]);
        Assert.Equal(sizes.Length, (await host.Index.AllAsync(new())).Count);
    }

    /// <summary>The server remembers a removed item: nothing old brings it back meanwhile, and an item that begins anew is taken when that is forgotten.</summary>
    [Fact]
    public async Task A_removed_item_does_not_come_back_and_may_begin_anew()
    {
        var time = new SkippingTime();
        await using var host = await ElasticsearchIndexHost.StartAsync(time: time, configure: options => options.TombstoneSeconds = 5);
        await host.Index.PushAsync(Document("a", 4));
        var late = host.Server.Requests.Last(request => request.Call == "_bulk");
        await host.Index.PushAsync(Document("a", 5) with { Status = ItemStatus.Purged });
        Assert.Contains("version_conflict_engine_exception", await CarryOutAsync(host.Server, late), StringComparison.Ordinal);
        Assert.Empty(await host.Index.AllAsync(new()));
        var (start, sent) = (time.GetUtcNow(), host.Server.Requests.Count);
        var later = Assert.Single(await host.Index.PushAsync(Document("a"), Document("b")));
        Assert.Equal((Document("a").Key, 1, RefusalKind.NotYet), (later.Item, later.Revision, later.Kind));
        // It is answered at once, and the others are in: nobody waits for the one that begins anew.
        Assert.Equal(["_bulk", "_mget"], host.Server.Requests.Skip(sent).Select(request => request.Call));
        Assert.Equal(start, time.GetUtcNow());
        Assert.Equal([ItemId.FromPath("b")], await host.Index.AllAsync(new()));
        time.Skip(TimeSpan.FromSeconds(5));
        Assert.Empty(await host.Index.PushAsync(Document("a")));
        Assert.Equal(2, (await host.Index.AllAsync(new())).Count);
    }

    /// <summary>
    /// A push gives a request up, sends it again, and the item is purged right after; the server carries out the first one when a request and
    /// all pauses of a push have had their longest time. What an index is made with by default must outlast that.
    /// </summary>
    [Fact]
    public async Task A_request_that_is_carried_out_late_brings_no_purged_item_back()
    {
        var (time, usual) = (new SkippingTime(), new ElasticsearchOptions());
        await using var host = await ElasticsearchIndexHost.StartAsync(time: time, configure: options => options.TombstoneSeconds = usual.TombstoneSeconds);
        var left = 1;
        host.Server.Fault = request => request.Call == "_bulk" && left-- > 0 ? new FakeFault.Down() : null;
        await host.Index.PushAsync(Document("a"));
        var late = host.Server.Requests.First(request => request.Call == "_bulk");
        await host.Index.PushAsync(Document("a", 2) with { Status = ItemStatus.Purged });
        time.Skip(TimeSpan.FromSeconds(usual.TimeoutSeconds) + Backoff.Longest);
        Assert.Contains("version_conflict_engine_exception", await CarryOutAsync(host.Server, late), StringComparison.Ordinal);
        await host.Index.PushAsync(Document("b"));
        Assert.Equal([ItemId.FromPath("b")], await host.Index.AllAsync(new()));
    }

    /// <summary>What is sent again because the server cannot tell yet is answered once.</summary>
    [Fact]
    public async Task A_document_that_is_refused_in_two_tries_is_answered_once()
    {
        await using var host = await ElasticsearchIndexHost.StartAsync(time: new SkippingTime(), configure: options => options.TombstoneSeconds = 600);
        await host.Index.PushAsync(Document("a", 2) with { Status = ItemStatus.Purged });
        var left = 1;
        host.Server.Reject = id => id.EndsWith(ItemId.FromPath("odd"), StringComparison.Ordinal) ? (400, "document_parsing_exception") : null;
        host.Server.Fault = request => request.Call == "_mget" && left-- > 0 ? new FakeFault.Cut() : null;
        var refused = await host.Index.PushAsync(Document("odd"), Document("a"));
        Assert.Equal([(Document("odd").Key, RefusalKind.ForGood), (Document("a").Key, RefusalKind.NotYet)], refused.OrderBy(r => r.Kind).Select(r => (r.Item, r.Kind)));
    }

    /// <summary>Every revision of every item, pushed in any order by several at once with faults in between: the newest stays, item by item.</summary>
    [Fact]
    public Task Whatever_the_order_the_newest_stays() => Gen.Select(Gen.Shuffle(Enumerable.Range(0, 60).ToArray()), Gen.Int[0, 5].Array[60], Gen.Int[1, 9]).SampleAsync(async (order, faults, size) =>
    {
        await using var host = await ElasticsearchIndexHost.StartAsync(time: new SkippingTime());
        var n = -1;
        host.Server.Fault = request => request.Call != "_bulk" ? null : faults[Interlocked.Increment(ref n) % faults.Length] switch { 0 => new FakeFault.Cut(), 1 => new FakeFault.Down(), 2 => new FakeFault.Refuse(503, "busy"), _ => null };
        // The faults may come together for longer than a push has patience; then it is pushed again, as the indexer does.
        await Task.WhenAll(order.Select(k => Document($"p{k % 12}", 1 + (k / 12)) with { Size = k / 12 }).Chunk(size).Select(async batch =>
        {
            while (await Record.ExceptionAsync(() => host.Index.PushAsync(batch)) is { } fault) Assert.IsType<UnavailableException>(fault);
        }));
        var newest = await host.Index.AllAsync(new() { Query = "size:4" });
        Assert.Equal(Enumerable.Range(0, 12).Select(k => ItemId.FromPath($"p{k}")).ToHashSet(), newest.ToHashSet());
        Assert.Equal(12, (await host.Index.CountAsync(Pets, Ct)).Items[ItemStatus.Available]);
    }, iter: 15);

    [Fact]
    public async Task Without_waiting_for_a_refresh_a_push_is_found_after_the_next()
    {
        await using var host = await ElasticsearchIndexHost.StartAsync(configure: options => options.WaitForRefresh = false);
        await host.Index.PushAsync(Document("a"));
        Assert.Empty(await host.Index.AllAsync(new()));
        using var http = new HttpClient();
        using var refreshed = await http.PostAsync(new Uri(host.Server.Address, "/edna/_refresh"), null, Ct);
        Assert.Single(await host.Index.AllAsync(new()));
    }

    /// <summary>A document whose lines have exactly so many bytes.</summary>
    private static SearchDocument Sized(string path, int size)
    {
        var name = new string('n', 9_000);
        var document = Document(path) with { Metadata = [.. Enumerable.Range(0, Math.Max(0, (size - 10_000) / 9_100)).Select(_ => KeyValuePair.Create(name, "1"))], Split = "" };
        document = document with { Split = new string('s', size - SizeOf(document)) };
        Assert.Equal(size, SizeOf(document));
        return document;
    }

    private static int SizeOf(SearchDocument document)
    {
        using var lines = new PooledBuffer();
        using var json = RequestJson.Begin(lines);
        return BulkOperation.Write(lines, json, document).Length;
    }

    /// <summary>What a server that was stuck does with a request whose sender gave it up long ago: its answer.</summary>
    private static async Task<string> CarryOutAsync(FakeElasticsearch server, FakeRequest late)
    {
        using var http = new HttpClient();
        using var body = new StringContent(late.Body, Encoding.UTF8, "application/x-ndjson");
        using var answer = await http.PostAsync(new Uri(server.Address, late.Path + late.Query), body, Ct);
        return await answer.Content.ReadAsStringAsync(Ct);
    }

    private static FakeFault FaultOf(string kind) => kind switch
    {
        "down" => new FakeFault.Down(),
        "cut" => new FakeFault.Cut(),
        "401" or "403" => new FakeFault.Refuse(int.Parse(kind, null), "as the test says"),
        "429" or "503" => new FakeFault.Refuse(int.Parse(kind, null), "busy"),
        _ => new FakeFault.Garbage(kind),
    };
}
