using System.Net;
using System.Text.Json;
using Xunit;

namespace Edna.Gateway.Tests.Items;

public sealed class TagTests(RunningGateway gateway)
{
    [Fact]
    public async Task Tags_are_replaced_merged_and_removed_each_with_the_items_etag()
    {
        var item = await gateway.NewAvailableItemAsync(await gateway.NewDatasetAsync());
        (string Method, string? Body, string Left)[] steps =
        [
            ("GET", null, "{}"), ("PUT", """{"camera": "front left", "night": ""}""", """{"camera":"front left","night":""}"""),
            ("PATCH", """{"night": null, "rain": "yes"}""", """{"camera":"front left","rain":"yes"}"""),
            ("PATCH", """{"nobody": null}""", """{"camera":"front left","rain":"yes"}"""), ("PATCH", "{}", """{"camera":"front left","rain":"yes"}"""),
            ("PUT", """{"ünï": "+-=._:/@"}""", """{"ünï":"+-=._:/@"}"""), ("PUT", "{}", "{}"),
        ];
        foreach (var (method, body, left) in steps)
        {
            using var response = await gateway.Admin.SendAsync(method, $"{item}/tags", body);
            Assert.Equal(Sorted(left), Sorted(await response.Content.ReadAsStringAsync()));
            using var read = await gateway.Admin.GetAsync(item);
            Assert.Equal(read.Etag(), response.Etag());
            Assert.Equal(Sorted(left), Sorted((await read.ReadAsync()).GetProperty("tags").GetRawText()));
        }
    }

    [Fact]
    public async Task All_tags_are_removed_together()
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());
        (await gateway.Admin.SendAsync("PUT", $"{item}/tags", """{"a": "b"}""")).EnsureSuccessStatusCode();
        using var stale = await gateway.Admin.SendAsync("DELETE", $"{item}/tags", null, "If-Match: \"1\"");
        await stale.ShouldBeProblemAsync(412, "revision.stale");
        using var removed = await gateway.Admin.SendAsync("DELETE", $"{item}/tags", null, "If-Match: \"2\"");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal("{}", (await gateway.Admin.GetJsonAsync($"{item}/tags")).GetRawText());
    }

    [Fact]
    public async Task Ten_tags_are_taken_and_an_eleventh_is_refused_however_it_comes()
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());
        using var ten = await gateway.Admin.SendAsync("PUT", $"{item}/tags", Tags(10));
        Assert.Equal(HttpStatusCode.OK, ten.StatusCode);
        foreach (var (method, body) in ((string, string)[])[("PUT", Tags(11)), ("PATCH", """{"more": "x"}""")])
        {
            using var eleven = await gateway.Admin.SendAsync(method, $"{item}/tags", body);
            await eleven.ShouldNameAsync("request.invalid", "tags");
        }
        using var swapped = await gateway.Admin.SendAsync("PATCH", $"{item}/tags", """{"more": "x", "k0": null}""");
        Assert.Equal(10, (await swapped.ReadAsync()).EnumerateObject().Count());
    }

    [Theory]
    [InlineData("""{"a": "x;y", "b*": "x", "good": "x"}""", "tags.a", "tags.b*")]
    [InlineData("""{"": "x"}""", "tags.")]
    [InlineData("""{"a": "line\nbreak"}""", "tags.a")]
    [InlineData("""{"a": "😀"}""", "tags.a")]
    [InlineData("""{"edna:labels": "x"}""", "tags.edna:labels")]
    [InlineData("""{"AWS:x": "x"}""", "tags.AWS:x")]
    [InlineData("""{"a": 5}""", "a")]
    [InlineData("""{"a": {"b": "c"}}""", "a")]
    [InlineData("""{"a": "x", "a": "y"}""", "a")]
    [InlineData("""["a"]""", "body")]
    [InlineData("null", "body")]
    public async Task What_S3_would_refuse_is_refused_before_it_is_asked(string body, params string[] fields)
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());
        foreach (var method in (string[])["PUT", "PATCH"])
        {
            using var refused = await gateway.Admin.SendAsync(method, $"{item}/tags", body);
            await refused.ShouldNameAsync("request.invalid", fields);
        }
        Assert.Equal(1, (await gateway.Admin.GetJsonAsync(item)).GetProperty("revision").GetInt64());
    }

    [Theory]
    [InlineData("PUT", "{\"a\": \"\\ud800\"}")]
    [InlineData("PATCH", "{\"a\": \"\\ud800\"}")]
    [InlineData("PUT", "{\"\\ud800\": \"a\"}")]
    [InlineData("PATCH", "{\"\\ud800\": \"a\"}")]
    public async Task Half_a_surrogate_pair_is_refused(string method, string body)
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());
        using var refused = await gateway.Admin.SendAsync(method, $"{item}/tags", body);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Only_a_patch_takes_null()
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());
        using var refused = await gateway.Admin.SendAsync("PUT", $"{item}/tags", """{"a": null, "b": "x"}""");
        await refused.ShouldNameAsync("request.invalid", "a");
    }

    private static string Tags(int count) => JsonSerializer.Serialize(Enumerable.Range(0, count).ToDictionary(i => $"k{i}", _ => "v"));

    private static string Sorted(string json) => string.Join(',', JsonSerializer.Deserialize<SortedDictionary<string, string>>(json)!);
}
