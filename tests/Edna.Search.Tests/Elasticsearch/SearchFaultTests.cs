using Edna.Compliance.Search;
using Edna.Compliance.Search.Elasticsearch;
using Edna.Items;
using Edna.Results;
using Edna.Search.Elasticsearch;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Search.Tests.Elasticsearch;

/// <summary>What a search answers when the server does not, or not as it should.</summary>
public sealed class SearchFaultTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Wrong =>
    [
        "", "<html>", "[]", "{}", "null", """{"took":1,"timed_out":false,"hits":{"total":{"value":1},"hits":[{"_id":"x"}]}}""",
        """{"timed_out":true,"_shards":{"total":1,"successful":1,"failed":0},"hits":{"total":{"value":0},"hits":[]}}""",
        """{"timed_out":false,"_shards":{"total":2,"successful":1,"failed":1},"hits":{"total":{"value":0},"hits":[]}}""",
        """{"timed_out":false,"hits":{"total":{"value":1},"hits":[{"_id":"no-item","sort":["a","b"]}]}}""",
        """{"timed_out":false,"hits":{"total":{"value":"many"},"hits":[]}}""", """{"hits":{"total":{"value":1},"hits":[{"_id":"\ud800","sort":["a","b"]}]}}""",
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task An_answer_that_makes_no_sense_is_told(string text)
    {
        await using var host = await FilledAsync(2);
        host.Server.Fault = request => request.Call == "_search" ? new FakeFault.Garbage(text) : null;
        await Assert.ThrowsAsync<UnavailableException>(() => host.Index.AllAsync(new()));
    }

    [Fact]
    public async Task A_server_that_is_down_or_cut_off_is_told_and_is_well_again_later()
    {
        await using var host = await FilledAsync(2);
        foreach (var fault in (FakeFault[])[new FakeFault.Down(), new FakeFault.Cut(), new FakeFault.Refuse(503, "busy"), new FakeFault.Refuse(429, "busy"), new FakeFault.Refuse(403, "security_exception")])
        {
            host.Server.Fault = _ => fault;
            var told = await Assert.ThrowsAsync<UnavailableException>(() => host.Index.AllAsync(new()));
            Assert.Equal(fault is FakeFault.Refuse { Status: 403 } ? "security_exception" : null, told.Refusal);
            await Assert.ThrowsAsync<UnavailableException>(() => host.Index.CountAsync(Pets, Ct).AsTask());
            if (fault is not FakeFault.Cut) await Assert.ThrowsAsync<UnavailableException>(() => host.Index.CheckAsync(Ct).AsTask());
            await Assert.ThrowsAsync<UnavailableException>(() => host.Index.GetGenerationAsync(Ct).AsTask());
            await Assert.ThrowsAsync<UnavailableException>(() => host.Index.RemoveDatasetAsync(Pets, Ct));
        }
        host.Server.Fault = null;
        Assert.Equal(2, (await host.Index.AllAsync(new())).Count);
    }

    [Fact]
    public async Task A_server_that_does_not_listen_is_told()
    {
        await using var host = await FilledAsync(1);
        await host.Server.DisposeAsync();
        await Assert.ThrowsAsync<UnavailableException>(() => host.Index.AllAsync(new()));
        await Assert.ThrowsAsync<UnavailableException>(() => host.Index.CheckAsync(Ct).AsTask());
    }

    [Fact]
    public async Task A_server_that_is_too_slow_is_told_and_one_who_leaves_is_not_kept()
    {
        await using var host = await ElasticsearchIndexHost.StartAsync(configure: options => options.TimeoutSeconds = 1);
        await host.Index.PushAsync(Document("a"));
        var never = new TaskCompletionSource();
        host.Server.Fault = _ => new FakeFault.Slow(never.Task);
        await Assert.ThrowsAsync<UnavailableException>(() => host.Index.AllAsync(new()));
        using var leaves = new CancellationTokenSource();
        var search = host.Index.SearchAsync("default", new(), leaves.Token).AsTask();
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);
        never.SetResult();
    }

    [Theory]
    [InlineData(ElasticsearchFlavor.Elasticsearch)]
    [InlineData(ElasticsearchFlavor.OpenSearch)]
    public async Task Pages_after_the_first_are_read_from_one_point_in_time(ElasticsearchFlavor flavor)
    {
        await using var host = await FilledAsync(9, flavor);
        var page = await host.Index.SearchAsync("default", new() { Limit = 3 }, Ct);
        Assert.Equal(0, host.Server.OpenPoints);
        page = await host.Index.SearchAsync("default", new() { Limit = 3, Cursor = page.NextCursor }, Ct);
        Assert.Equal(1, host.Server.OpenPoints);
        // What changes its place meanwhile is still found where it was.
        await host.Index.PushAsync(Document("p8", 2) with { Status = ItemStatus.Purged }, Document("p9"));
        page = await host.Index.SearchAsync("default", new() { Limit = 3, Cursor = page.NextCursor }, Ct);
        Assert.Equal((9, 3), (page.Total, page.Items.Count));
        Assert.Null(page.NextCursor);
        Assert.Equal(0, host.Server.OpenPoints);
    }

    [Theory]
    [InlineData("forgotten")]
    [InlineData("429")]
    [InlineData("400")]
    [InlineData("not searched")]
    public async Task Without_a_point_in_time_the_pages_go_on(string kind)
    {
        await using var host = await FilledAsync(20);
        host.Server.Fault = request => kind switch
        {
            "429" or "400" when request.Call == "_pit" => new FakeFault.Refuse(int.Parse(kind, null), "none_left"),
            "not searched" when request.Path == "/_search" => new FakeFault.Refuse(400, "illegal_argument_exception"),
            _ => null,
        };
        var (seen, cursor) = (new List<string>(), default(string));
        do
        {
            var page = await host.Index.SearchAsync("default", new() { Limit = 3, Cursor = cursor }, Ct);
            seen.AddRange(page.Items.Select(item => item.ItemId));
            cursor = page.NextCursor;
            if (kind == "forgotten") host.Server.ForgetPoints();
        }
        while (cursor is not null);
        Assert.Equal(20, seen.Count);
        Assert.Equal(20, seen.Distinct().Count());
    }

    private static async Task<ElasticsearchIndexHost> FilledAsync(int count, ElasticsearchFlavor flavor = ElasticsearchFlavor.Elasticsearch)
    {
        var host = await ElasticsearchIndexHost.StartAsync(flavor);
        await host.Index.PushAsync([.. Enumerable.Range(0, count).Select(n => Document($"p{n}"))]);
        return host;
    }
}
