using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Edna.Gateway.Tests.Changes;

public sealed class ChangeTests(RunningGateway gateway)
{
    [Fact]
    public async Task A_life_is_told_in_order_page_by_page_and_can_be_read_again()
    {
        var dataset = await gateway.NewDatasetAsync();
        var item = await gateway.NewAvailableItemAsync(dataset);
        (string Method, string Below, string? Body)[] writes =
        [
            ("PUT", "/tags", """{"a": "b"}"""), ("PATCH", "", """{"split": "train"}"""), ("PUT", "/labels", """{"annotations": []}"""),
            ("POST", "/labels/review", """{"decision": "approve"}"""), ("DELETE", "", null), ("POST", "/restore", null), ("DELETE", "?permanent=true", null),
        ];
        foreach (var (method, below, body) in writes) (await gateway.Admin.SendAsync(method, item + below, body)).EnsureSuccessStatusCode();

        var first = await ReadAllAsync(dataset, limit: 2);
        Assert.Equal(["created", "available", "tagged", "updated", "labeled", "reviewed", "trashed", "restored", "trashed", "deleted"], first.Select(c => c.GetProperty("kind").GetString()));
        Assert.Equal(Enumerable.Range(1, 10), first.Select(c => c.GetProperty("revision").GetInt32()));
        Assert.All(first, c => Assert.EndsWith(c.GetProperty("item").GetString()!, item, StringComparison.Ordinal));
        Assert.All(first, c => Assert.Equal(["cursor", "item", "path", "kind", "revision", "at", "by"], c.EnumerateObject().Select(m => m.Name)));
        Assert.Equal(first.Select(c => c.GetRawText()), (await ReadAllAsync(dataset, limit: 1_000)).Select(c => c.GetRawText()));
        var rest = await gateway.Admin.GetJsonAsync($"{dataset}/changes?since={Uri.EscapeDataString(first[6].GetProperty("cursor").GetString()!)}");
        Assert.Equal(["restored", "trashed", "deleted"], rest.GetProperty("changes").Each("kind"));
    }

    [Fact]
    public async Task Who_has_read_everything_goes_on_from_there()
    {
        var dataset = await gateway.NewDatasetAsync();
        var empty = await gateway.Admin.GetJsonAsync($"{dataset}/changes");
        Assert.Equal(0, empty.GetProperty("changes").GetArrayLength());
        await gateway.NewItemsAsync(dataset, "a");
        var next = await gateway.Admin.GetJsonAsync($"{dataset}/changes?since={Uri.EscapeDataString(empty.GetProperty("nextCursor").GetString()!)}");
        Assert.Equal(["a"], next.GetProperty("changes").Each("path"));
    }

    [Fact]
    public async Task Who_waits_is_answered_as_soon_as_there_is_a_change()
    {
        var dataset = await gateway.NewDatasetAsync();
        await gateway.NewItemsAsync(dataset, "a");
        var end = (await gateway.Admin.GetJsonAsync($"{dataset}/changes")).GetProperty("nextCursor").GetString();
        var started = Stopwatch.GetTimestamp();
        var waiting = Enumerable.Range(0, 10).Select(_ => gateway.Admin.GetJsonAsync($"{dataset}/changes?since={end}&wait=60&limit=1")).ToArray();
        var atOnce = await gateway.Admin.GetJsonAsync($"{dataset}/changes?wait=60");
        Assert.Equal(["a"], atOnce.GetProperty("changes").Each("path"));
        Assert.DoesNotContain(waiting, w => w.IsCompleted);
        await gateway.NewItemsAsync(dataset, "b", "c");
        Assert.All(await Task.WhenAll(waiting), page => Assert.Single(page.GetProperty("changes").EnumerateArray()));
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task When_the_time_is_over_an_empty_page_has_the_same_cursor()
    {
        var dataset = await gateway.NewDatasetAsync();
        await gateway.NewItemsAsync(dataset, "a");
        var end = (await gateway.Admin.GetJsonAsync($"{dataset}/changes")).GetProperty("nextCursor").GetString();
        var started = Stopwatch.GetTimestamp();
        var page = await gateway.Admin.GetJsonAsync($"{dataset}/changes?since={end}&wait=1");
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.95, 20);
        Assert.Equal((0, end), (page.GetProperty("changes").GetArrayLength(), page.GetProperty("nextCursor").GetString()));
    }

    [Fact]
    public async Task From_now_on_skips_what_was()
    {
        var dataset = await gateway.NewDatasetAsync();
        await gateway.NewItemsAsync(dataset, "a");
        var now = await gateway.Admin.GetJsonAsync($"{dataset}/changes?since=now");
        Assert.Equal(0, now.GetProperty("changes").GetArrayLength());
        await gateway.NewItemsAsync(dataset, "b");
        var next = await gateway.Admin.GetJsonAsync($"{dataset}/changes?since={now.GetProperty("nextCursor").GetString()}");
        Assert.Equal(["b"], next.GetProperty("changes").Each("path"));
    }

    [Theory]
    [InlineData("since=nonsense%20%C3%A4", "since")]
    [InlineData("since=%00", "since")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("wait=61", "wait")]
    [InlineData("wait=-1", "wait")]
    [InlineData("wait=", "wait")]
    [InlineData("wait=soon", "wait")]
    public async Task A_wrong_query_names_its_field(string query, string field)
    {
        using var refused = await gateway.Admin.GetAsync($"{await gateway.NewDatasetAsync()}/changes?{query}");
        await refused.ShouldNameAsync("request.invalid", field);
    }

    private async Task<List<JsonElement>> ReadAllAsync(string dataset, int limit)
    {
        var (all, since) = (new List<JsonElement>(), "");
        while (true)
        {
            var page = await gateway.Admin.GetJsonAsync($"{dataset}/changes?limit={limit}&since={Uri.EscapeDataString(since)}");
            if (page.GetProperty("changes").GetArrayLength() == 0) return all;
            all.AddRange(page.GetProperty("changes").EnumerateArray());
            since = page.GetProperty("nextCursor").GetString()!;
        }
    }
}
