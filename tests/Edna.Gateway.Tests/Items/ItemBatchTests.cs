using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Edna.Gateway.Tests.Items;

public sealed class ItemBatchTests(RunningGateway gateway)
{
    private const string Unknown = "aaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Fact]
    public async Task One_bad_entry_does_not_fail_the_others()
    {
        var dataset = await gateway.NewDatasetAsync();
        using var response = await gateway.Admin.SendAsync("POST", $"{dataset}/items:batch", """
            {"items": [
              {"path": "a.txt", "contentType": "text/plain", "size": 1}, {"path": "../b", "contentType": "text/plain", "size": 1},
              {"path": "c.txt", "contentType": "text/plain", "size": 1, "colour": "red"}, {"path": "d.txt", "contentType": "text/plain", "size": 1}]}
            """);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var results = (await response.ReadAsync()).GetProperty("results").EnumerateArray().ToList();
        Assert.Equal("a.txt", results[0].GetProperty("item").GetProperty("path").GetString());
        Assert.Equal("PUT", results[0].GetProperty("upload").GetProperty("method").GetString());
        Assert.True(results[1].GetProperty("problem").GetProperty("errors").TryGetProperty("path", out _));
        Assert.True(results[2].GetProperty("problem").GetProperty("errors").TryGetProperty("colour", out _));
        Assert.NotEmpty(results[2].GetProperty("problem").GetProperty("traceId").GetString()!);
        Assert.Equal("d.txt", results[3].GetProperty("item").GetProperty("path").GetString());
    }

    [Fact]
    public async Task A_thousand_items_are_planned_in_order_in_one_request()
    {
        var dataset = await gateway.NewDatasetAsync();
        var items = Enumerable.Range(0, 1_000).Select(i => new { path = $"many/{i:0000}.bin", contentType = "application/octet-stream", size = i }).ToList();
        using var response = await gateway.Admin.PostAsJsonAsync($"{dataset}/items:batch", new { items });
        var results = (await response.ReadAsync()).GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(items.Select(i => i.path), results.Select(r => r.GetProperty("item").GetProperty("path").GetString()));
    }

    [Fact]
    public async Task Items_are_completed_downloaded_and_deleted_together_each_with_its_own_outcome()
    {
        var dataset = await gateway.NewDatasetAsync();
        var available = IdOf(await gateway.NewAvailableItemAsync(dataset));
        var pending = IdOf(await gateway.NewItemAsync(dataset, "pending.txt"));
        string[] ids = [available, "no-id", pending, Unknown];

        var completed = await ResultsAsync($"{dataset}/items:complete", ids);
        Assert.Equal("available", completed[0].GetProperty("item").GetProperty("status").GetString());
        Assert.Equal(["", "request.invalid", "upload.not_found_in_store", "item.not_found"], completed.Select(CodeOf));

        var downloads = await ResultsAsync($"{dataset}/items:downloads", ids);
        using var anonymous = gateway.Anonymous();
        Assert.Equal("hello", await anonymous.GetStringAsync(downloads[0].GetProperty("url").GetString()));
        Assert.Equal(["", "request.invalid", "item.not_available", "item.not_found"], downloads.Select(CodeOf));

        var deleted = await ResultsAsync($"{dataset}/items:delete", ids);
        Assert.Equal([available, "request.invalid", pending, "item.not_found"], deleted.Select(d => d.TryGetProperty("id", out var id) ? id.GetString()! : CodeOf(d)));
        using var trashed = await gateway.Admin.GetAsync($"{dataset}/items/{available}");
        Assert.Equal("trashed", (await trashed.ReadAsync()).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("items:batch")]
    [InlineData("items:complete")]
    [InlineData("items:downloads")]
    [InlineData("items:delete")]
    public async Task More_than_a_thousand_are_refused(string route)
    {
        var dataset = await gateway.NewDatasetAsync();
        using var response = await gateway.Admin.PostAsJsonAsync($"{dataset}/{route}", new { items = Enumerable.Repeat(Unknown, 1_001) });
        await response.ShouldBeProblemAsync(400, "request.invalid");
        using var missing = await gateway.Admin.PostAsJsonAsync($"{dataset}/{route}", new { });
        await missing.ShouldBeProblemAsync(400, "request.invalid");
    }

    private async Task<List<JsonElement>> ResultsAsync(string address, string[] ids)
    {
        using var response = await gateway.Admin.PostAsJsonAsync(address, new { items = ids });
        return [.. (await response.ReadAsync()).GetProperty("results").EnumerateArray()];
    }

    private static string CodeOf(JsonElement result) => result.TryGetProperty("problem", out var problem) ? problem.GetProperty("code").GetString()! : "";

    private static string IdOf(string address) => address[(address.LastIndexOf('/') + 1)..];
}
