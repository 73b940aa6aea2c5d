using System.Net;
using System.Text.Json;
using Xunit;

namespace Edna.Gateway.Tests.Items;

public sealed class ItemPatchTests(RunningGateway gateway)
{
    [Fact]
    public async Task Metadata_and_split_are_merged_null_removes_and_the_rest_stays()
    {
        var item = await gateway.NewAvailableItemAsync(await gateway.NewDatasetAsync());
        (string Patch, string Metadata, string? Split)[] steps =
        [
            ("""{"metadata": {"camera": {"id": 7, "side": "left"}, "n": 1.50}}""", """{"camera":{"id":7,"side":"left"},"n":1.50}""", null),
            ("""{"split": "train", "metadata": {"camera": {"side": null}, "ünï": ["x"]}}""", """{"camera":{"id":7},"n":1.50,"ünï":["x"]}""", "train"),
            ("{}", """{"camera":{"id":7},"n":1.50,"ünï":["x"]}""", "train"),
            ("""{"split": null, "metadata": {"camera": null}}""", """{"n":1.50,"ünï":["x"]}""", null),
            ("""{"metadata": null}""", "null", null),
        ];
        foreach (var (patch, metadata, split) in steps)
        {
            using var patched = await gateway.Admin.SendAsync("PATCH", item, patch);
            var now = await patched.ReadAsync();
            Assert.Equal((metadata, split), (now.GetProperty("metadata").GetRawText(), now.GetProperty("split").GetString()));
            Assert.Equal($"\"{now.GetProperty("revision").GetInt64()}\"", patched.Etag());
            Assert.Equal(now.GetRawText(), (await gateway.Admin.GetJsonAsync(item)).GetRawText());
        }
    }

    [Theory]
    [InlineData("""{"path": "b", "tags": {}, "split": 5}""", "path", "split", "tags")]
    [InlineData("""{"metadata": []}""", "metadata")]
    [InlineData("""{"metadata": "text"}""", "metadata")]
    [InlineData("""{"split": ""}""", "split")]
    [InlineData("""{"split": "other"}""", "split")]
    [InlineData("[]", "body")]
    [InlineData("null", "body")]
    [InlineData("\"x\"", "body")]
    [InlineData("""{"split": "\ud800"}""", "body")]
    [InlineData("""{"\ud800": 1}""", "body")]
    [InlineData("""{"metadata": {"a": "\ud800"}}""", "body")]
    [InlineData("""{"metadata": {"a": 1, "a": 2}}""", "body")]
    [InlineData("""{"split": "train", "split": "test"}""", "body")]
    public async Task A_patch_that_cannot_be_names_every_fault_and_changes_nothing(string patch, params string[] fields)
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync(new { splits = new[] { "train", "test" } }));
        using var refused = await gateway.Admin.SendAsync("PATCH", item, patch);
        await refused.ShouldNameAsync("request.invalid", fields);
        Assert.Equal(1, (await gateway.Admin.GetJsonAsync(item)).GetProperty("revision").GetInt64());
    }

    [Fact]
    public async Task A_merge_patch_may_come_under_its_own_media_type_and_no_other()
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());
        foreach (var (type, status) in ((string, HttpStatusCode)[])[("application/merge-patch+json", HttpStatusCode.OK), ("text/plain", HttpStatusCode.UnsupportedMediaType)])
        {
            using var content = new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue(type));
            using var response = await gateway.Admin.PatchAsync(item, content);
            Assert.Equal(status, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("""{"a": "\ud800"}""")]
    [InlineData("""{"\ud800": "a"}""")]
    [InlineData("""{"a": 1, "a": 2}""")]
    [InlineData("""{"a": {"b": [{"c": 1, "c": 2}]}}""")]
    [InlineData("""["a"]""")]
    public async Task Metadata_that_nothing_could_work_with_later_is_refused_at_once(string metadata)
    {
        var dataset = await gateway.NewDatasetAsync();
        var entry = $$"""{"path": "a", "contentType": "text/plain", "size": 1, "metadata": {{metadata}}}""";
        using var single = await gateway.Admin.SendAsync("POST", $"{dataset}/items", entry);
        await single.ShouldNameAsync("request.invalid", "metadata");
        using var batch = await gateway.Admin.SendAsync("POST", $"{dataset}/items:batch", $$"""{"items": [{{entry}}]}""");
        Assert.Equal("request.invalid", (await batch.ReadAsync()).GetProperty("results")[0].GetProperty("problem").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    [InlineData(62, false)]
    [InlineData(500, false)]
    public async Task Metadata_is_nested_only_so_deep_that_every_reader_can_follow(int depth, bool fine)
    {
        var dataset = await gateway.NewDatasetAsync();
        var metadata = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
        using var planned = await gateway.Admin.SendAsync("POST", $"{dataset}/items", $$"""{"path": "a", "contentType": "text/plain", "size": 1, "metadata": {{metadata}}}""");
        if (!fine)
        {
            Assert.Equal(HttpStatusCode.BadRequest, planned.StatusCode);
            return;
        }
        using var document = JsonDocument.Parse(await gateway.Admin.GetStringAsync(planned.Headers.Location));
        Assert.Equal(metadata, document.RootElement.GetProperty("metadata").GetRawText());
        await gateway.UntilIndexedAsync(dataset);
    }
}
