using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Edna.Gateway.Tests.Items;

public sealed class ItemTests(RunningGateway gateway)
{
    private static readonly string[] Members =
    [
        "id", "dataset", "path", "status", "failure", "size", "contentType", "checksum", "tags", "metadata", "split", "labels", "revision",
        "contentRevision", "labelRevision", "createdAt", "createdBy", "updatedAt",
    ];

    [Fact]
    public async Task A_new_item_answers_201_with_where_it_is_and_how_to_upload()
    {
        var dataset = await gateway.NewDatasetAsync();
        using var response = await gateway.Admin.PostAsJsonAsync($"{dataset}/items", new { path = "cats/1.txt", contentType = "text/plain", size = 5 });
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("\"1\"", response.Etag());
        var plan = await response.ReadAsync();
        Assert.Equal(Members, plan.GetProperty("item").EnumerateObject().Select(m => m.Name));
        Assert.Equal(JsonValueKind.Null, plan.GetProperty("item").GetProperty("metadata").ValueKind);
        Assert.Equal(["kind", "method", "url", "headers", "expiresAt"], plan.GetProperty("upload").EnumerateObject().Select(m => m.Name));
        using var read = await gateway.Admin.GetAsync(response.Headers.Location);
        Assert.Equal("cats/1.txt", (await read.ReadAsync()).GetProperty("path").GetString());
    }

    [Fact]
    public async Task The_same_content_again_answers_200_without_an_upload()
    {
        var dataset = await gateway.NewDatasetAsync();
        var checksum = new { algorithm = "md5", value = "XUFAKrxLKna5cZ2REBfFkg==" };
        var body = new { path = "a.txt", contentType = "text/plain", size = 5, checksum };
        using var planned = await gateway.Admin.PostAsJsonAsync($"{dataset}/items", body);
        var upload = (await planned.ReadAsync()).GetProperty("upload");
        using var put = new HttpRequestMessage(HttpMethod.Put, upload.GetProperty("url").GetString()) { Content = new ByteArrayContent("hello"u8.ToArray()) };
        foreach (var header in upload.GetProperty("headers").EnumerateObject())
            if (!put.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString())) put.Content.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
        using var anonymous = gateway.Anonymous();
        (await anonymous.SendAsync(put)).EnsureSuccessStatusCode();
        using var completed = await gateway.Admin.PostAsync($"{planned.Headers.Location}/upload/complete", null);
        Assert.Equal(HttpStatusCode.OK, completed.StatusCode);

        using var again = await gateway.Admin.PostAsJsonAsync($"{dataset}/items", body);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(JsonValueKind.Null, (await again.ReadAsync()).GetProperty("upload").ValueKind);
    }

    [Fact]
    public async Task Every_fault_of_an_announcement_is_named_at_once()
    {
        var dataset = await gateway.NewDatasetAsync();
        var tags = Enumerable.Range(0, 11).ToDictionary(i => $"k{i}", _ => "v");
        using var response = await gateway.Admin.PostAsJsonAsync($"{dataset}/items", new { path = "a/../b", contentType = "nonsense", size = -1, tags });
        var problem = await response.ShouldBeProblemAsync(400, "request.invalid");
        Assert.Equal(["contentType", "path", "size", "tags"], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("..")]
    [InlineData("a/./b")]
    [InlineData("a\u0001b")]
    [InlineData("a\\b")]
    public async Task A_bad_path_is_refused(string path)
    {
        var dataset = await gateway.NewDatasetAsync();
        using var response = await gateway.Admin.PostAsJsonAsync($"{dataset}/items", new { path, contentType = "text/plain", size = 1 });
        var problem = await response.ShouldBeProblemAsync(400, "request.invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty("path", out _));
    }

    [Fact]
    public async Task Content_is_a_redirect_to_the_signed_bytes()
    {
        var item = await gateway.NewAvailableItemAsync(await gateway.NewDatasetAsync(), "cats/ä 1.txt", "meow");
        using var inline = await gateway.Admin.GetAsync($"{item}/content");
        Assert.Equal(HttpStatusCode.TemporaryRedirect, inline.StatusCode);
        using var anonymous = gateway.Anonymous();
        Assert.Equal("meow", await anonymous.GetStringAsync(inline.Headers.Location));
        using var redirect = await gateway.Admin.GetAsync($"{item}/content?disposition=attachment");
        using var attached = await anonymous.GetAsync(redirect.Headers.Location);
        Assert.Equal("attachment", attached.Content.Headers.ContentDisposition?.DispositionType);
        using var wrong = await gateway.Admin.GetAsync($"{item}/content?disposition=sideways");
        await wrong.ShouldBeProblemAsync(400, "request.invalid");
        using var with = await gateway.Admin.GetAsync($"{item}?include=downloadUrl");
        Assert.Equal("meow", await anonymous.GetStringAsync((await with.ReadAsync()).GetProperty("downloadUrl").GetString()));
        using var without = await gateway.Admin.GetAsync(item);
        Assert.False((await without.ReadAsync()).TryGetProperty("downloadUrl", out _));
    }

    [Fact]
    public async Task A_stale_if_match_answers_412_with_the_current_revision()
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());
        using var patched = await gateway.Admin.SendAsync("PATCH", item, "{\"split\": \"train\"}", "If-Match: \"1\"");
        Assert.Equal("\"2\"", patched.Etag());
        foreach (var (method, address) in ((string, string)[])[("PATCH", item), ("PUT", $"{item}/tags"), ("DELETE", item)])
        {
            using var stale = await gateway.Admin.SendAsync(method, address, method == "DELETE" ? null : "{}", "If-Match: \"1\"");
            var problem = await stale.ShouldBeProblemAsync(412, "revision.stale");
            Assert.Equal(2, problem.GetProperty("currentRevision").GetInt64());
        }
        using var any = await gateway.Admin.SendAsync("PATCH", item, "{\"split\": \"test\"}", "If-Match: *");
        Assert.Equal("\"3\"", any.Etag());
        using var weak = await gateway.Admin.SendAsync("PATCH", item, "{}", "If-Match: W/\"3\"");
        await weak.ShouldBeProblemAsync(400, "request.invalid");
    }

    [Fact]
    public async Task Trash_restore_and_removal_for_good()
    {
        var item = await gateway.NewAvailableItemAsync(await gateway.NewDatasetAsync());
        using var trashed = await gateway.Admin.DeleteAsync(item);
        Assert.Equal(HttpStatusCode.NoContent, trashed.StatusCode);
        using var refused = await gateway.Admin.GetAsync($"{item}/content");
        await refused.ShouldBeProblemAsync(409, "item.trashed");
        using var restored = await gateway.Admin.PostAsync($"{item}/restore", null);
        Assert.Equal("available", (await restored.ReadAsync()).GetProperty("status").GetString());
        using var removed = await gateway.Admin.DeleteAsync($"{item}?permanent=true");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var gone = await gateway.Admin.GetAsync(item);
        await gone.ShouldBeProblemAsync(404, "item.not_found");
        using var unclear = await gateway.Admin.DeleteAsync($"{item}?permanent=yes");
        await unclear.ShouldBeProblemAsync(400, "request.invalid");
    }

    [Fact]
    public async Task A_list_is_filtered_and_paged_without_skipping()
    {
        var dataset = await gateway.NewDatasetAsync();
        var items = Enumerable.Range(0, 7).Select(i => new { path = $"p/{i}.txt", contentType = "text/plain", size = 1, tags = new Dictionary<string, string> { ["side"] = i % 2 == 0 ? "left" : "right" } });
        using var batch = await gateway.Admin.PostAsJsonAsync($"{dataset}/items:batch", new { items });
        var (seen, cursor) = (new List<string>(), "");
        do
        {
            using var response = await gateway.Admin.GetAsync($"{dataset}/items?limit=3&cursor={Uri.EscapeDataString(cursor)}");
            var page = await response.ReadAsync();
            Assert.Equal(["items", "nextCursor"], page.EnumerateObject().Select(m => m.Name));
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("path").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"p/{i}.txt"), seen);
        Assert.Equal(["p/1.txt", "p/3.txt", "p/5.txt"], await PathsAsync($"{dataset}/items?tag.side=right"));
        Assert.Equal(["p/4.txt"], await PathsAsync($"{dataset}/items?path=p%2F4.txt"));
        Assert.Empty(await PathsAsync($"{dataset}/items?path=p%2F9.txt"));
        Assert.Empty(await PathsAsync($"{dataset}/items?status=available"));
        using var wrong = await gateway.Admin.GetAsync($"{dataset}/items?cursor=nonsense%20%C3%A4");
        await wrong.ShouldBeProblemAsync(400, "request.invalid");
    }

    private async Task<List<string>> PathsAsync(string address)
    {
        using var response = await gateway.Admin.GetAsync(address);
        return [.. (await response.ReadAsync()).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("path").GetString()!)];
    }
}
