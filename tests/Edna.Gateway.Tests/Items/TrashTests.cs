using System.Net;
using System.Net.Http.Json;
using Xunit;

namespace Edna.Gateway.Tests.Items;

public sealed class TrashTests(RunningGateway gateway)
{
    private const string Labels = """{"annotations": []}""";

    [Theory]
    [InlineData("PATCH", "", "{\"split\": \"a\"}")]
    [InlineData("PUT", "/tags", "{\"a\": \"b\"}")]
    [InlineData("PATCH", "/tags", "{\"a\": \"b\"}")]
    [InlineData("DELETE", "/tags", null)]
    [InlineData("PUT", "/labels", Labels)]
    [InlineData("DELETE", "/labels", null)]
    [InlineData("POST", "/labels/review", "{\"decision\": \"approve\"}")]
    [InlineData("POST", "/upload/complete", null)]
    [InlineData("GET", "/content", null)]
    public async Task Nothing_in_the_trash_can_be_changed_or_fetched(string method, string below, string? body)
    {
        var item = await gateway.NewAvailableItemAsync(await gateway.NewDatasetAsync());
        (await gateway.Admin.SendAsync("PUT", $"{item}/labels", Labels)).EnsureSuccessStatusCode();
        (await gateway.Admin.DeleteAsync(item)).EnsureSuccessStatusCode();
        using var refused = await gateway.Admin.SendAsync(method, item + below, body);
        await refused.ShouldBeProblemAsync(409, "item.trashed");
    }

    [Fact]
    public async Task A_path_in_the_trash_is_not_announced_again_before_it_is_restored_or_removed()
    {
        var dataset = await gateway.NewDatasetAsync();
        var item = await gateway.NewAvailableItemAsync(dataset);
        (await gateway.Admin.DeleteAsync(item)).EnsureSuccessStatusCode();
        var announcement = new { path = "a.txt", contentType = "text/plain", size = 1 };
        using var refused = await gateway.Admin.PostAsJsonAsync($"{dataset}/items", announcement);
        await refused.ShouldBeProblemAsync(409, "item.trashed");
        (await gateway.Admin.DeleteAsync($"{item}?permanent=true")).EnsureSuccessStatusCode();
        using var anew = await gateway.Admin.PostAsJsonAsync($"{dataset}/items", announcement);
        Assert.Equal(HttpStatusCode.Created, anew.StatusCode);
        Assert.Equal(item, anew.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Trashing_and_restoring_twice_is_the_same_as_once()
    {
        var item = await gateway.NewAvailableItemAsync(await gateway.NewDatasetAsync());
        for (var i = 0; i < 2; i++)
        {
            using var trashed = await gateway.Admin.DeleteAsync(item);
            Assert.Equal(HttpStatusCode.NoContent, trashed.StatusCode);
        }
        for (var i = 0; i < 2; i++)
        {
            using var restored = await gateway.Admin.PostAsync($"{item}/restore", null);
            Assert.Equal("\"4\"", restored.Etag());
        }
        using var stale = await gateway.Admin.SendAsync("POST", $"{item}/restore", null, "If-Match: \"1\"");
        await stale.ShouldBeProblemAsync(412, "revision.stale");
    }

    [Fact]
    public async Task A_stale_removal_for_good_removes_nothing()
    {
        var item = await gateway.NewAvailableItemAsync(await gateway.NewDatasetAsync());
        using var stale = await gateway.Admin.SendAsync("DELETE", $"{item}?permanent=true", null, "If-Match: \"1\"");
        Assert.Equal(2, (await stale.ShouldBeProblemAsync(412, "revision.stale")).GetProperty("currentRevision").GetInt64());
        using var content = await gateway.Admin.GetAsync($"{item}/content");
        using var anonymous = gateway.Anonymous();
        Assert.Equal("hello", await anonymous.GetStringAsync(content.Headers.Location));
    }

    [Fact]
    public async Task Many_are_removed_for_good_together_with_their_bytes()
    {
        var dataset = await gateway.NewDatasetAsync();
        string[] addresses = [await gateway.NewAvailableItemAsync(dataset, "a.txt"), await gateway.NewAvailableItemAsync(dataset, "b.txt")];
        using var content = await gateway.Admin.GetAsync($"{addresses[0]}/content");
        var items = addresses.Select(a => a[(a.LastIndexOf('/') + 1)..]);
        using var removed = await gateway.Admin.PostAsJsonAsync($"{dataset}/items:delete?permanent=true", new { items });
        Assert.Equal(items, (await removed.ReadAsync()).GetProperty("results").Each("id"));
        foreach (var address in addresses)
        {
            using var gone = await gateway.Admin.GetAsync(address);
            await gone.ShouldBeProblemAsync(404, "item.not_found");
        }
        using var anonymous = gateway.Anonymous();
        using var bytes = await anonymous.GetAsync(content.Headers.Location);
        Assert.Equal(HttpStatusCode.NotFound, bytes.StatusCode);
        (await gateway.Admin.DeleteAsync(dataset)).EnsureSuccessStatusCode();
    }
}
