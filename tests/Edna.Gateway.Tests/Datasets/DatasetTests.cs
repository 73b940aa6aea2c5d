using System.Net;
using System.Text.Json;
using Xunit;

namespace Edna.Gateway.Tests.Datasets;

public sealed class DatasetTests(RunningGateway gateway)
{
    [Fact]
    public async Task A_dataset_is_read_with_its_settings_and_counts_over_its_items()
    {
        var dataset = await gateway.NewDatasetAsync(new { description = "Cats", splits = new[] { "train" } });
        await gateway.NewAvailableItemAsync(dataset);
        await gateway.NewItemsAsync(dataset, "b", "c");
        await gateway.UntilIndexedAsync(dataset);
        using var response = await gateway.Admin.GetAsync(dataset);
        var read = await response.ReadAsync();
        Assert.Equal(["name", "description", "labelSchema", "splits", "storage", "trashRetentionDays", "createdAt", "createdBy", "revision", "stats"], read.EnumerateObject().Select(m => m.Name));
        Assert.Equal(("Cats", "\"1\""), (read.GetProperty("description").GetString(), response.Etag()));
        Assert.Equal("""{"items":{"pending":2,"available":1,"failed":0,"trashed":0},"bytes":5""", read.GetProperty("stats").GetRawText().Split(",\"asOf\":")[0]);
        using var again = await gateway.Admin.SendAsync("POST", "/v1/datasets", JsonSerializer.Serialize(new { name = read.GetProperty("name").GetString() }));
        await again.ShouldBeProblemAsync(409, "dataset.exists");
    }

    [Fact]
    public async Task Settings_are_patched_null_removes_and_a_stale_patch_is_refused()
    {
        var dataset = await gateway.NewDatasetAsync(new { description = "Cats", splits = new[] { "train" } });
        using var patched = await gateway.Admin.SendAsync("PATCH", dataset, """{"description": null, "labelSchema": {"classes": [{"name": "cat"}]}}""", "If-Match: \"1\"");
        Assert.Equal("\"2\"", patched.Etag());
        var now = await patched.ReadAsync();
        Assert.Equal((JsonValueKind.Null, "cat", "train"),
            (now.GetProperty("description").ValueKind, now.GetProperty("labelSchema").GetProperty("classes")[0].GetProperty("name").GetString(), now.GetProperty("splits")[0].GetString()));
        foreach (var (method, address) in ((string, string)[])[("PATCH", dataset), ("DELETE", dataset), ("DELETE", $"{dataset}?purge=true")])
        {
            using var stale = await gateway.Admin.SendAsync(method, address, method == "PATCH" ? """{"description": "x"}""" : null, "If-Match: \"1\"");
            Assert.Equal(2, (await stale.ShouldBeProblemAsync(412, "revision.stale")).GetProperty("currentRevision").GetInt64());
        }
        Assert.Equal(now.GetProperty("labelSchema").GetRawText(), (await gateway.Admin.GetJsonAsync(dataset)).GetProperty("labelSchema").GetRawText());
    }

    [Theory]
    [InlineData("""{"name": "other"}""", "name")]
    [InlineData("""{"storage": null, "nonsense": null}""", "nonsense", "storage")]
    [InlineData("""{"description": 5}""", "description")]
    [InlineData("""{"splits": ["a", "a", ""]}""", "splits", "splits[2]")]
    [InlineData("""{"labelSchema": {"classes": [{"name": "a", "color": "red"}, {"name": "a"}, {}]}}""",
        "labelSchema.classes[0].color", "labelSchema.classes[1].name", "labelSchema.classes[2].name")]
    [InlineData("""{"description": "\ud800"}""", "body")]
    [InlineData("""{"description": "a", "description": "b"}""", "body")]
    [InlineData("[]", "body")]
    [InlineData("""{"trashRetentionDays": -1}""", "trashRetentionDays")]
    [InlineData("""{"trashRetentionDays": 36501}""", "trashRetentionDays")]
    [InlineData("""{"trashRetentionDays": 1.5}""", "trashRetentionDays")]
    public async Task A_patch_that_cannot_be_names_every_fault_and_changes_nothing(string patch, params string[] fields)
    {
        var dataset = await gateway.NewDatasetAsync();
        using var refused = await gateway.Admin.SendAsync("PATCH", dataset, patch);
        await refused.ShouldNameAsync("request.invalid", fields);
        Assert.Equal(1, (await gateway.Admin.GetJsonAsync(dataset)).GetProperty("revision").GetInt64());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(36_500)]
    public async Task How_long_the_trash_keeps_items_is_set_changed_and_given_back_to_the_service(int days)
    {
        var dataset = await gateway.NewDatasetAsync(new { trashRetentionDays = days });
        Assert.Equal(days, (await gateway.Admin.GetJsonAsync(dataset)).GetProperty("trashRetentionDays").GetInt32());
        foreach (var (patch, after) in new[] { ("""{"trashRetentionDays": 7}""", 7), ("""{"description": "x"}""", 7), ("""{"trashRetentionDays": null}""", 30) })
        {
            using var patched = await gateway.Admin.SendAsync("PATCH", dataset, patch);
            Assert.Equal(after, (await patched.ReadAsync()).GetProperty("trashRetentionDays").GetInt32());
        }
    }

    [Fact]
    public async Task Every_fault_of_a_new_dataset_is_named_at_once()
    {
        using var refused = await gateway.Admin.SendAsync("POST", "/v1/datasets", $$"""
            {"name": "ok-name", "description": "{{new string('x', 4_097)}}", "splits": ["a", "a"], "storage": {"bucket": "not-allowed", "prefix": "no-slash"}, "trashRetentionDays": -1,
             "labelSchema": {"classes": [{"name": "a", "attributes": [{"name": "b", "type": "enum"}]}]} }
            """);
        await refused.ShouldNameAsync("request.invalid", "description", "splits", "storage.bucket", "storage.prefix", "trashRetentionDays", "labelSchema.classes[0].attributes[0].values");
    }

    [Theory]
    [InlineData("a")]
    [InlineData("-ab")]
    [InlineData("Ab")]
    [InlineData("a_b")]
    [InlineData("ä1")]
    [InlineData("../x")]
    public async Task A_bad_name_is_refused(string name)
    {
        foreach (var bad in (string[])[name, new string('a', 64)])
        {
            using var refused = await gateway.Admin.SendAsync("POST", "/v1/datasets", JsonSerializer.Serialize(new { name = bad }));
            await refused.ShouldNameAsync("request.invalid", "name");
        }
    }

    [Fact]
    public async Task An_empty_dataset_is_deleted_and_one_with_items_is_not()
    {
        var dataset = await gateway.NewDatasetAsync();
        var item = await gateway.NewItemAsync(dataset);
        using var full = await gateway.Admin.DeleteAsync(dataset);
        await full.ShouldBeProblemAsync(409, "dataset.not_empty");
        (await gateway.Admin.DeleteAsync($"{item}?permanent=true")).EnsureSuccessStatusCode();
        using var deleted = await gateway.Admin.SendAsync("DELETE", dataset, null, "If-Match: \"1\"");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        foreach (var (method, address) in ((string, string)[])[("GET", dataset), ("DELETE", dataset), ("PATCH", dataset), ("GET", item)])
        {
            using var gone = await gateway.Admin.SendAsync(method, address, method == "PATCH" ? "{}" : null);
            await gone.ShouldBeProblemAsync(404, "dataset.not_found");
        }
    }

    [Fact]
    public async Task Datasets_are_listed_by_name_page_by_page()
    {
        string[] made = [await gateway.NewDatasetAsync(), await gateway.NewDatasetAsync(), await gateway.NewDatasetAsync()];
        var (seen, cursor) = (new List<string?>(), "");
        do
        {
            var page = await gateway.Admin.GetJsonAsync($"/v1/datasets?limit=2&cursor={cursor}");
            seen.AddRange(page.GetProperty("items").Each("name"));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        Assert.Equal(seen.Distinct().Order(StringComparer.Ordinal), seen);
        Assert.All(made, address => Assert.Contains(address[(address.LastIndexOf('/') + 1)..], seen));
    }
}
