using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Edna.Gateway.Tests.Search;

public sealed class SearchTests(RunningGateway gateway)
{
    [Fact]
    public async Task Words_filters_and_facets_find_and_count_what_they_name()
    {
        var dataset = await PetsAsync();
        (string Asked, string[] Found)[] expected =
        [
            ("\"query\": \"black\"", ["cats/1", "dogs/1"]), ("\"query\": \"black dogs\"", ["dogs/1"]), ("\"query\": \"tabby\"", ["cats/2"]), ("\"query\": \"zebra\"", []),
            ("\"query\": \"whiskers\"", ["cats/1"]), ("\"query\": \"label:whiskers OR -split:train\"", ["cats/1", "cats/2"]),
            ("\"query\": \"tag.side:l* -(size:>10 meta.coat.colour:tabby) updated:>=2020\"", ["cats/1"]), ("\"query\": \"status:trashed\"", []), ("\"query\": \"!!!\"", []),
            ("\"filter\": {\"split\": \"train\"}", ["cats/1", "dogs/1"]), ("\"filter\": {\"split\": [\"train\", \"test\"]}", ["cats/1", "cats/2", "dogs/1"]),
            ("\"filter\": {\"tags\": {\"side\": \"left\"}, \"size\": {\"gte\": 20, \"lt\": 30}}", ["cats/2"]), ("\"filter\": {\"size\": {\"gte\": 30, \"lt\": 30}}", []),
            ("\"filter\": {\"contentType\": \"image/png\"}", ["dogs/1"]), ("\"filter\": {\"labels\": \"whiskers\"}", ["cats/1"]), ("\"filter\": {\"metadata\": {\"coat.colour\": \"black\"}}", ["cats/1", "dogs/1"]),
            ("\"filter\": {\"status\": \"available\"}", []), ("\"filter\": {\"status\": [\"pending\"], \"updatedAt\": {\"lt\": \"2000-01-01T00:00:00Z\"}}", []),
            ("\"query\": \"black\", \"filter\": {\"split\": \"train\", \"tags\": {\"side\": \"left\"}}", ["cats/1"]),
            ("\"sort\": \"-size\"", ["dogs/1", "cats/2", "cats/1"]), ("\"sort\": \"path\"", ["cats/1", "cats/2", "dogs/1"]), ("\"sort\": \"-path\"", ["dogs/1", "cats/2", "cats/1"]),
        ];
        foreach (var (asked, found) in expected)
        {
            var page = await SearchAsync(dataset, asked);
            var paths = page.GetProperty("items").Each("path");
            if (!asked.Contains("sort", StringComparison.Ordinal)) paths = paths.Order(StringComparer.Ordinal);
            Assert.Equal((asked, string.Join(' ', found)), (asked, string.Join(' ', paths)));
            Assert.Equal(found.Length, page.GetProperty("total").GetInt32());
        }
        var counted = await SearchAsync(dataset, "\"facets\": [\"split\", \"tag:side\", \"contentType\", \"status\", \"label\"], \"limit\": 1");
        (string Facet, string Counts)[] facets =
        [
            ("split", """[{"value":"train","count":2},{"value":"test","count":1}]"""), ("tag:side", """[{"value":"left","count":2}]"""),
            ("contentType", """[{"value":"image/jpeg","count":2},{"value":"image/png","count":1}]"""),
            ("status", """[{"value":"pending","count":3}]"""), ("label", """[{"value":"whiskers","count":1}]"""),
        ];
        Assert.Equal(facets.Order(), counted.GetProperty("facets").EnumerateObject().Select(f => (f.Name, f.Value.GetRawText())).Order());
    }

    [Fact]
    public async Task A_hit_is_the_item_as_reading_it_answers()
    {
        var dataset = await gateway.NewDatasetAsync();
        var item = await gateway.NewAvailableItemAsync(dataset);
        await gateway.UntilIndexedAsync(dataset);
        Assert.Equal((await gateway.Admin.GetJsonAsync(item)).GetRawText(), (await SearchAsync(dataset, "\"query\": \"a.txt\"")).GetProperty("items")[0].GetRawText());
    }

    [Fact]
    public async Task Pages_go_on_from_the_cursor_without_skipping_or_repeating()
    {
        var dataset = await gateway.NewDatasetAsync();
        await gateway.NewItemsAsync(dataset, Enumerable.Range(0, 23).Select(i => i.ToString("00", CultureInfo.InvariantCulture)));
        await gateway.UntilIndexedAsync(dataset);
        foreach (var sort in (string[])["path", "-path", "size", "-updatedAt"])
        {
            var (seen, cursor) = (new List<string?>(), "null");
            do
            {
                var page = await SearchAsync(dataset, $"\"sort\": \"{sort}\", \"limit\": 5, \"cursor\": {cursor}");
                Assert.Equal(23, page.GetProperty("total").GetInt32());
                seen.AddRange(page.GetProperty("items").Each("path"));
                cursor = page.GetProperty("nextCursor").GetRawText();
            }
            while (cursor != "null");
            Assert.Equal(23, seen.Count);
            Assert.Equal(23, seen.Distinct().Count());
            if (sort == "-path") Assert.Equal(seen.OrderDescending(StringComparer.Ordinal), seen);
        }
    }

    [Theory]
    [InlineData("""{"cursor": "nonsense ä"}""", "cursor")]
    [InlineData("""{"facets": ["colour", "tag:"]}""", "facets")]
    [InlineData("""{"facets": [null]}""", "facets")]
    [InlineData("""{"sort": "name", "limit": 0, "datasets": ["UPPER"]}""", "datasets", "limit", "sort")]
    [InlineData("""{"limit": 1001}""", "limit")]
    [InlineData("""{"limit": 1.5}""", "limit")]
    [InlineData("""{"colour": "red"}""", "colour")]
    [InlineData("""{"filter": {"colour": "red"}}""", "filter.colour")]
    [InlineData("""{"filter": {"size": {"gt": 5}}}""", "filter.size.gt")]
    [InlineData("""{"filter": {"size": {"gte": "big"}}}""", "filter.size.gte")]
    [InlineData("""{"filter": {"status": "lost"}}""", "filter.status")]
    [InlineData("""{"filter": {"split": null}, "sort": "x"}""", "sort")]
    [InlineData("""{"filter": {"split": [null]}}""", "filter.split")]
    [InlineData("""{"filter": {"updatedAt": {"gte": "yesterday"}}}""", "filter.updatedAt.gte")]
    [InlineData("""{"query": "\ud800"}""", "query")]
    [InlineData("[]", "body")]
    public async Task A_search_that_cannot_be_names_its_fields(string body, params string[] fields)
    {
        using var refused = await gateway.Admin.SendAsync("POST", "/v1/search", body);
        await refused.ShouldNameAsync("request.invalid", fields);
    }

    [Fact]
    public async Task A_query_that_cannot_be_read_tells_the_column()
    {
        using var refused = await gateway.Admin.SendAsync("POST", "/v1/search", """{"query": "cats (label:cat OR"}""");
        var problem = await refused.ShouldBeProblemAsync(400, "search.query_invalid");
        Assert.StartsWith("Column 17: AND and OR stand between two parts", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("column 17: ", problem.GetProperty("errors").GetProperty("query")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dataset_that_is_not_there_cannot_be_searched()
    {
        using var refused = await gateway.Admin.SendAsync("POST", "/v1/search", """{"datasets": ["nobody-made-it"]}""");
        await refused.ShouldBeProblemAsync(404, "dataset.not_found");
    }

    private async Task<string> PetsAsync()
    {
        var dataset = await gateway.NewDatasetAsync();
        object[] items =
        [
            new { path = "cats/1", contentType = "image/jpeg", size = 10, split = "train", tags = new { side = "left" }, metadata = new { coat = new { colour = "black" } } },
            new { path = "cats/2", contentType = "image/jpeg", size = 20, split = "test", tags = new { side = "left" }, metadata = new { coat = new { colour = "tabby" } } },
            new { path = "dogs/1", contentType = "image/png", size = 30, split = "train", metadata = new { coat = new { colour = "black" } } },
        ];
        using var made = await gateway.Admin.PostAsJsonAsync($"{dataset}/items:batch", new { items });
        var cat = (await made.ReadAsync()).GetProperty("results")[0].GetProperty("item").GetProperty("id").GetString();
        (await gateway.Admin.SendAsync("PUT", $"{dataset}/items/{cat}/labels", """{"annotations": [{"kind": "classification", "class": "whiskers", "source": {"kind": "human", "name": "a"}}]}""")).EnsureSuccessStatusCode();
        await gateway.UntilIndexedAsync(dataset);
        return dataset;
    }

    private async Task<JsonElement> SearchAsync(string dataset, string asked)
    {
        using var response = await gateway.Admin.SendAsync("POST", "/v1/search", $$"""{"datasets": ["{{dataset[(dataset.LastIndexOf('/') + 1)..]}}"], {{asked}}}""");
        Assert.True(response.IsSuccessStatusCode, $"{asked}: {await response.Content.ReadAsStringAsync()}");
        return await response.ReadAsync();
    }
}
