using Edna.Compliance.Search;
using Edna.Results;
using Edna.Search.Elasticsearch;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Search.Tests.Elasticsearch;

/// <summary>The index behind the alias: made once, told apart from others, and not made again behind anybody's back.</summary>
public sealed class IndexLifecycleTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Those_who_start_together_share_one_index()
    {
        await using var host = await ElasticsearchIndexHost.StartAsync();
        var generations = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var client = new ElasticsearchClient(host.Options, new HeaderAuthorization(null));
            using var lifecycle = new IndexLifecycle(client, host.Options, Microsoft.Extensions.Logging.Abstractions.NullLogger<IndexLifecycle>.Instance);
            return await lifecycle.GetGenerationAsync(Ct);
        }));
        Assert.Single(generations.Distinct());
    }

    [Fact]
    public async Task An_index_that_is_gone_is_told_and_a_new_one_has_another_generation()
    {
        await using var host = await ElasticsearchIndexHost.StartAsync();
        var generation = await host.Index.GetGenerationAsync(Ct);
        await host.Index.PushAsync(Document("a"));
        host.Server.DropIndexes();
        // Made again by itself it would lack everything, and nobody would know.
        Assert.Equal("index_not_found_exception", (await Assert.ThrowsAsync<UnavailableException>(() => host.Index.PushAsync(Document("b")))).Refusal);
        await Assert.ThrowsAsync<UnavailableException>(() => host.Index.AllAsync(new()));
        await Assert.ThrowsAsync<UnavailableException>(() => host.Index.CheckAsync(Ct).AsTask());
        Assert.NotEqual(generation, await host.Index.GetGenerationAsync(Ct));
        Assert.Empty(await host.Index.AllAsync(new()));
    }

    [Theory]
    [InlineData("edna", """{"aliases":{}""", "not_an_alias")]
    [InlineData("edna-000001", """{"aliases":{}""", "alias_missing")]
    [InlineData("mine", """{"aliases":{"edna":{}}""", "foreign_index")]
    public async Task An_index_that_is_not_EDNAs_is_left_alone(string name, string start, string refusal)
    {
        await using var host = await ElasticsearchIndexHost.StartAsync();
        using var http = new HttpClient();
        using var body = new StringContent(start + ""","settings":{"index":{"gc_deletes":"60s"}},"mappings":{"properties":{"x":{"type":"keyword"}}}}""", System.Text.Encoding.UTF8, "application/json");
        using var made = await http.PutAsync(new Uri(host.Server.Address, "/" + name), body, Ct);
        Assert.True(made.IsSuccessStatusCode);
        Assert.Equal(refusal, (await Assert.ThrowsAsync<UnavailableException>(() => host.Index.PushAsync(Document("a")))).Refusal);
        Assert.Equal(refusal, (await Assert.ThrowsAsync<UnavailableException>(() => host.Index.GetGenerationAsync(Ct).AsTask())).Refusal);
    }
}
