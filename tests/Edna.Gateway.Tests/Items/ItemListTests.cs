using System.Net.Http.Json;
using Xunit;

namespace Edna.Gateway.Tests.Items;

public sealed class ItemListTests(RunningGateway gateway)
{
    [Fact]
    public async Task Every_filter_finds_what_it_names_alone_and_together_with_others()
    {
        var dataset = await gateway.NewDatasetAsync();
        object[] items =
        [
            new { path = "cats/1", contentType = "text/plain", size = 1, split = "train", tags = new { side = "left", rain = "no" } },
            new { path = "cats/2", contentType = "text/plain", size = 1, split = "test", tags = new { side = "left", rain = "yes" } },
            new { path = "cats_3", contentType = "text/plain", size = 1, split = "train" },
        ];
        (await gateway.Admin.PostAsJsonAsync($"{dataset}/items:batch", new { items })).EnsureSuccessStatusCode();
        var available = await gateway.NewAvailableItemAsync(dataset, "dogs/1");
        (await gateway.Admin.SendAsync("PUT", $"{available}/labels", """{"annotations": [{"kind": "classification", "class": "dog", "source": {"kind": "human", "name": "a"}}]}""")).EnsureSuccessStatusCode();
        var trashed = await gateway.NewItemAsync(dataset, "old");
        (await gateway.Admin.DeleteAsync(trashed)).EnsureSuccessStatusCode();
        var written = Uri.EscapeDataString((await gateway.Admin.GetJsonAsync(available)).GetProperty("updatedAt").GetString()!);

        (string Filter, string[] Found)[] expected =
        [
            ("", ["cats/1", "cats/2", "cats_3", "dogs/1", "old"]), ("pathPrefix=cats/", ["cats/1", "cats/2"]), ("pathPrefix=cats_", ["cats_3"]), ("pathPrefix=%25", []),
            ("status=available", ["dogs/1"]), ("status=trashed", ["old"]), ("status=pending&pathPrefix=c", ["cats/1", "cats/2", "cats_3"]), ("status=failed", []),
            ("split=train", ["cats/1", "cats_3"]), ("split=train&tag.side=left", ["cats/1"]), ("tag.side=left&tag.rain=yes", ["cats/2"]), ("tag.side=", []),
            ("label=dog", ["dogs/1"]), ("label=do", []), ("label=dog&split=train", []),
            ($"updatedSince={written}", ["dogs/1", "old"]), ("updatedSince=2999-01-01T00:00:00Z", []), ("path=cats%2F2&split=train", []),
        ];
        foreach (var (filter, found) in expected)
            Assert.Equal((filter, string.Join(' ', found)), (filter, string.Join(' ', (await gateway.Admin.GetJsonAsync($"{dataset}/items?{filter}")).GetProperty("items").Each("path"))));
    }

    [Fact]
    public async Task A_cursor_stays_valid_while_items_come_and_go()
    {
        var dataset = await gateway.NewDatasetAsync();
        await gateway.NewItemsAsync(dataset, Enumerable.Range(0, 20).Select(i => $"p/{i:00}"));
        var (seen, cursor, page) = (new List<string?>(), "", 0);
        do
        {
            var answer = await gateway.Admin.GetJsonAsync($"{dataset}/items?limit=4&cursor={Uri.EscapeDataString(cursor)}");
            seen.AddRange(answer.GetProperty("items").Each("path"));
            cursor = answer.GetProperty("nextCursor").GetString();
            // The last one seen goes, one comes before it and one after everything that is there.
            var last = (await gateway.Admin.GetJsonAsync($"{dataset}/items?path={Uri.EscapeDataString(seen[^1]!)}")).GetProperty("items")[0].GetProperty("id").GetString();
            (await gateway.Admin.DeleteAsync($"{dataset}/items/{last}?permanent=true")).EnsureSuccessStatusCode();
            await gateway.NewItemsAsync(dataset, $"a/{page}", $"z/{page}");
            page++;
        }
        while (cursor is not null && page < 40);
        Assert.Equal(seen.Distinct(), seen);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"p/{i:00}"), seen.Where(p => p!.StartsWith('p')));
        Assert.Equal(seen.Order(StringComparer.Ordinal), seen);
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_refused()
    {
        var dataset = await gateway.NewDatasetAsync();
        await gateway.NewItemsAsync(dataset, "a", "b");
        var changes = (await gateway.Admin.GetJsonAsync($"{dataset}/changes?limit=1")).GetProperty("nextCursor").GetString();
        using var refused = await gateway.Admin.GetAsync($"{dataset}/items?cursor={Uri.EscapeDataString(changes!)}");
        await refused.ShouldNameAsync("request.invalid", "cursor");
    }

    [Theory]
    [InlineData("include=everything", "include")]
    [InlineData("include=downloadUrl&include=downloadUrl", "include")]
    public async Task An_item_is_read_with_what_there_is_to_include(string query, string field)
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());
        using var refused = await gateway.Admin.GetAsync($"{item}?{query}");
        await refused.ShouldNameAsync("request.invalid", field);
    }
}
