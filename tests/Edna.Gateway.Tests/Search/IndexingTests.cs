using System.Text.Json;
using Edna.Compliance.Search.Elasticsearch;
using Edna.Keys;
using Edna.Search;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Edna.Gateway.Tests.Search;

public sealed class IndexingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Indexing_is_paused_and_resumed_and_nothing_is_lost()
    {
        await using var gateway = await RunningGateway.StartAsync([]);
        var dataset = await gateway.NewDatasetAsync();
        Assert.False((await gateway.Admin.GetJsonAsync("/v1/search/indexing")).GetProperty("paused").GetBoolean());
        using (var paused = await gateway.Admin.SendAsync("PUT", "/v1/search/indexing", """{"paused": true}"""))
            Assert.Equal((true, "admin"), ((await paused.ReadAsync()).GetProperty("paused").GetBoolean(), (await paused.ReadAsync()).GetProperty("by").GetString()));
        var indexer = gateway.Services.GetRequiredService<SearchIndexer>();
        while (!indexer.IsPaused) await Task.Delay(20, Ct);

        await gateway.NewItemsAsync(dataset, "a", "b");
        while (indexer.Lag < TimeSpan.FromMilliseconds(600)) await Task.Delay(20, Ct);
        Assert.Equal(0, await TotalAsync(gateway, dataset));
        var stats = (await gateway.Admin.GetJsonAsync(dataset)).GetProperty("stats");
        Assert.True(TimeProvider.System.GetUtcNow() - stats.GetProperty("asOf").GetDateTimeOffset() > TimeSpan.FromMilliseconds(500), "The stats do not say how old they are.");

        (await gateway.Admin.SendAsync("PUT", "/v1/search/indexing", """{"paused": false}""")).EnsureSuccessStatusCode();
        await gateway.UntilIndexedAsync(dataset);
        Assert.Equal(2, await TotalAsync(gateway, dataset));
    }

    [Fact]
    public async Task Only_admins_switch_it()
    {
        await using var gateway = await RunningGateway.StartAsync([]);
        using var writer = await gateway.WithNewKeyAsync("write");
        using var refused = await writer.SendAsync("PUT", "/v1/search/indexing", """{"paused": true}""");
        await refused.ShouldBeProblemAsync(403, "auth.forbidden");
        using var empty = await gateway.Admin.SendAsync("PUT", "/v1/search/indexing", "{}");
        Assert.Equal(400, (int)empty.StatusCode);
    }

    [Fact]
    public async Task The_embedded_index_needs_no_reindex_and_only_admins_may_ask()
    {
        await using var gateway = await RunningGateway.StartAsync([]);
        using var writer = await gateway.WithNewKeyAsync("write");
        using var refused = await writer.PostAsync("/v1/search/reindex", null, Ct);
        await refused.ShouldBeProblemAsync(403, "auth.forbidden");
        using var asked = await gateway.Admin.PostAsync("/v1/search/reindex", null, Ct);
        await asked.ShouldBeProblemAsync(409, "search.reindex_not_needed");
    }

    [Fact]
    public async Task A_reindex_is_a_job_like_any_other()
    {
        await using var server = await FakeElasticsearch.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(["--Edna:Search:Provider=Elasticsearch", $"--Edna:Search:Elasticsearch:Address={server.Address}"]);
        var dataset = await gateway.NewDatasetAsync();
        await gateway.NewItemsAsync(dataset, "a", "b");
        await gateway.UntilIndexedAsync(dataset);
        using var started = await gateway.Admin.PostAsync("/v1/search/reindex", null, Ct);
        Assert.Equal(202, (int)started.StatusCode);
        Assert.Equal(("reindex", "running"), ((await started.ReadAsync()).GetProperty("kind").GetString(), (await started.ReadAsync()).GetProperty("status").GetString()));
        var job = await gateway.Admin.GetJsonAsync(started.Headers.Location!.ToString());
        while (job.GetProperty("status").GetString() == "running")
        {
            await Task.Delay(20, Ct);
            job = await gateway.Admin.GetJsonAsync(started.Headers.Location!.ToString());
        }
        Assert.Equal("""{"status":"succeeded","items":2}""", $$"""{"status":"{{job.GetProperty("status").GetString()}}","items":{{job.GetProperty("result").GetProperty("items")}}}""");
        Assert.Equal(2, await TotalAsync(gateway, dataset));
        Assert.Single(server.Indexes);
    }

    [Fact]
    public async Task A_reindex_is_there_for_admins_alone()
    {
        await using var server = await FakeElasticsearch.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(["--Edna:Search:Provider=Elasticsearch", $"--Edna:Search:Elasticsearch:Address={server.Address}"]);
        // While indexing is paused a reindex waits, so it is still under way when it is cancelled.
        (await gateway.Admin.SendAsync("PUT", "/v1/search/indexing", """{"paused": true}""")).EnsureSuccessStatusCode();
        using var started = await gateway.Admin.PostAsync("/v1/search/reindex", null, Ct);
        var job = started.Headers.Location!.ToString();
        foreach (var scope in (string[])["read", "write"])
        {
            using var other = await gateway.WithNewKeyAsync(scope);
            using var seen = await other.GetAsync(job, Ct);
            await seen.ShouldBeProblemAsync(404, "job.not_found");
            using var cancelled = await other.DeleteAsync(job, Ct);
            if (scope == "read") await cancelled.ShouldBeProblemAsync(403, "auth.forbidden");
            else await cancelled.ShouldBeProblemAsync(404, "job.not_found");
        }
        Assert.Equal("running", (await gateway.Admin.GetJsonAsync(job)).GetProperty("status").GetString());
        using var ended = await gateway.Admin.DeleteAsync(job, Ct);
        Assert.True(ended.IsSuccessStatusCode);
        while ((await gateway.Admin.GetJsonAsync(job)).GetProperty("status").GetString() == "running") await Task.Delay(20, Ct);
        Assert.Equal("cancelled", (await gateway.Admin.GetJsonAsync(job)).GetProperty("status").GetString());
        using var reader = await gateway.WithNewKeyAsync("read");
        using var after = await reader.GetAsync(job, Ct);
        await after.ShouldBeProblemAsync(404, "job.not_found");
    }

    /// <summary>What the index refuses is not only in the log: an operator sees it, nobody else, and it goes when the item is mended.</summary>
    [Fact]
    public async Task Operators_see_what_the_index_does_not_take_in()
    {
        await using var server = await FakeElasticsearch.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(["--Edna:Search:Provider=Elasticsearch", $"--Edna:Search:Elasticsearch:Address={server.Address}"]);
        var dataset = await gateway.NewDatasetAsync();
        var odd = ItemId.FromPath("odd");
        server.Reject = id => id.EndsWith(odd, StringComparison.Ordinal) ? (400, "document_parsing_exception") : null;
        await gateway.NewItemsAsync(dataset, "odd", "good");
        var indexing = await UntilAsync(gateway, 1);
        var refused = Assert.Single(indexing.GetProperty("refused").EnumerateArray());
        Assert.Equal($"default/{dataset[(dataset.LastIndexOf('/') + 1)..]}/{odd}", refused.GetProperty("item").GetString());
        Assert.Equal((1, "document_parsing_exception: as the test wants it"), (refused.GetProperty("revision").GetInt64(), refused.GetProperty("reason").GetString()));
        Assert.InRange(TimeProvider.System.GetUtcNow() - refused.GetProperty("at").GetDateTimeOffset(), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        using (var writer = await gateway.WithNewKeyAsync("write"))
        using (var hidden = await writer.GetAsync("/v1/search/indexing", Ct))
            await hidden.ShouldBeProblemAsync(403, "auth.forbidden");

        server.Reject = null;
        (await gateway.Admin.SendAsync("PATCH", $"{dataset}/items/{odd}", """{"metadata": {"mended": true}}""")).EnsureSuccessStatusCode();
        Assert.Empty((await UntilAsync(gateway, 0)).GetProperty("refused").EnumerateArray());
        await gateway.UntilIndexedAsync(dataset);
        Assert.Equal(2, await TotalAsync(gateway, dataset));
    }

    private static async Task<JsonElement> UntilAsync(RunningGateway gateway, int refused)
    {
        while (true)
        {
            var indexing = await gateway.Admin.GetJsonAsync("/v1/search/indexing");
            if (indexing.GetProperty("refusedCount").GetInt32() == refused) return indexing;
            await Task.Delay(20, Ct);
        }
    }

    private static async Task<long> TotalAsync(RunningGateway gateway, string dataset)
    {
        using var found = await gateway.Admin.SendAsync("POST", "/v1/search", $$"""{"datasets": ["{{dataset[(dataset.LastIndexOf('/') + 1)..]}}"]}""");
        return (await found.ReadAsync()).GetProperty("total").GetInt64();
    }
}
