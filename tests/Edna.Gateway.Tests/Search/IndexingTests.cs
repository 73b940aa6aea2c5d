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

    private static async Task<long> TotalAsync(RunningGateway gateway, string dataset)
    {
        using var found = await gateway.Admin.SendAsync("POST", "/v1/search", $$"""{"datasets": ["{{dataset[(dataset.LastIndexOf('/') + 1)..]}}"]}""");
        return (await found.ReadAsync()).GetProperty("total").GetInt64();
    }
}
