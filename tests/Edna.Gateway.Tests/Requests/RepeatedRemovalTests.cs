using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Edna.Gateway.Tests.Requests;

/// <summary>Removals whose silo dies when they are done: who asked is told that it is done, not that nothing was there.</summary>
public sealed class RepeatedRemovalTests : IAsyncLifetime
{
    private const string Labels = """{"annotations": [{"kind": "classification", "class": "cat", "source": {"kind": "model", "name": "m"}}]}""";

    private readonly LostAnswers _lost = new();
    private RunningGateway _gateway = null!;

    [Theory]
    [InlineData("dataset", "IDatasetGrain.DeleteAsync")]
    [InlineData("item", "IItemGrain.PurgeAsync")]
    [InlineData("labels", "IItemGrain.DeleteLabelsAsync")]
    [InlineData("webhook", "IWebhookDirectoryGrain.RemoveAsync")]
    public async Task What_was_removed_is_removed(string what, string method)
    {
        var address = await MakeAsync(what);
        _lost.Lose(method);
        using var removed = await _gateway.Admin.DeleteAsync(address);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.True(_lost.AllLost);
        // Asked for once more, by somebody who knows of no attempt before, there is nothing.
        using var again = await _gateway.Admin.DeleteAsync(address);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Theory]
    [InlineData("IItemGrain.PurgeAsync")]
    [InlineData("IItemBatchGrain.DeleteAsync")]
    public async Task Items_that_were_removed_together_are_removed(string method)
    {
        var dataset = await _gateway.NewDatasetAsync();
        var item = await _gateway.NewAvailableItemAsync(dataset);
        string[] items = [item[(item.LastIndexOf('/') + 1)..]];
        _lost.Lose(method);
        using var removed = await _gateway.Admin.PostAsJsonAsync($"{dataset}/items:delete?permanent=true", new { items });
        Assert.True(_lost.AllLost);
        Assert.Equal(items, (await removed.ReadAsync()).GetProperty("results").Each("id"));
        using var gone = await _gateway.Admin.GetAsync(item);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    public async ValueTask InitializeAsync() => _gateway = await RunningGateway.StartAsync(
        ["--Edna:Webhooks:AllowHttp=true", "--Edna:Webhooks:AllowPrivateTargets=true"], services => services.AddSingleton<IIncomingGrainCallFilter>(_lost));

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    private async Task<string> MakeAsync(string what)
    {
        var dataset = await _gateway.NewDatasetAsync();
        if (what == "dataset") return dataset;
        if (what == "webhook")
        {
            using var made = await _gateway.Admin.SendAsync("POST", $"{dataset}/webhooks", """{"url": "http://127.0.0.1:1/a", "enabled": false}""");
            return made.Headers.Location!.ToString();
        }
        var item = await _gateway.NewAvailableItemAsync(dataset);
        if (what == "item") return $"{item}?permanent=true";
        (await _gateway.Admin.SendAsync("PUT", $"{item}/labels", Labels)).EnsureSuccessStatusCode();
        return $"{item}/labels";
    }
}
