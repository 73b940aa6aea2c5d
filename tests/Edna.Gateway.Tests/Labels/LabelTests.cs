using System.Net;
using Xunit;

namespace Edna.Gateway.Tests.Labels;

public sealed class LabelTests(RunningGateway gateway)
{
    private const string Source = "\"source\": {\"kind\": \"human\", \"name\": \"ann\"}";
    private const string Cat = $$"""{"annotations": [{"kind": "bbox", "class": "cat", "bbox": [1, 2, 3.5, 4], {{Source}}}], "status": "submitted"}""";
    private const string Nothing = "{\"annotations\": []}";

    private static readonly object Schema = new
    {
        labelSchema = new
        {
            classes = new object[]
            {
                new { name = "cat", kinds = new[] { "bbox" }, attributes = new object[] { new { name = "pose", type = "enum", values = new[] { "sits", "lies" } } } },
                new { name = "scene", kinds = new[] { "classification" }, attributes = new object[] { new { name = "dark", type = "boolean", required = true } } },
            },
        },
    };

    [Fact]
    public async Task A_document_comes_back_as_it_was_written_with_its_revision_as_etag()
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());
        using var before = await gateway.Admin.GetAsync($"{item}/labels");
        await before.ShouldBeProblemAsync(404, "labels.not_found");
        using var written = await gateway.Admin.SendAsync("PUT", $"{item}/labels", Cat);
        Assert.Equal((HttpStatusCode.OK, "\"1\""), (written.StatusCode, written.Etag()));
        using var read = await gateway.Admin.GetAsync($"{item}/labels");
        Assert.Equal("\"1\"", read.Etag());
        var (put, got) = (await written.ReadAsync(), await read.ReadAsync());
        Assert.Equal(put.ToString(), got.ToString());
        Assert.Equal("submitted", got.GetProperty("status").GetString());
        Assert.Equal([1, 2, 3.5, 4], got.GetProperty("annotations")[0].GetProperty("bbox").EnumerateArray().Select(n => n.GetDouble()));
        var summary = (await gateway.Admin.GetJsonAsync(item)).GetProperty("labels");
        Assert.Equal(1, summary.GetProperty("classes").GetProperty("cat").GetInt32());
    }

    [Fact]
    public async Task A_stale_revision_is_refused_with_the_current_one_and_nothing_is_written()
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());
        using var first = await gateway.Admin.SendAsync("PUT", $"{item}/labels", Cat, "If-None-Match: *");
        using var second = await gateway.Admin.SendAsync("PUT", $"{item}/labels", Nothing, "If-Match: \"1\"");
        Assert.Equal(("\"1\"", "\"2\""), (first.Etag(), second.Etag()));
        (string Method, string Address, string? Body, string Header)[] stale =
        [
            ("PUT", $"{item}/labels", Cat, "If-Match: \"1\""), ("PUT", $"{item}/labels", Cat, "If-Match: \"3\""), ("PUT", $"{item}/labels", Cat, "If-None-Match: *"),
            ("DELETE", $"{item}/labels", null, "If-Match: \"1\""), ("POST", $"{item}/labels/review", "{\"decision\": \"approve\"}", "If-Match: \"1\""),
        ];
        foreach (var (method, address, body, header) in stale)
        {
            using var refused = await gateway.Admin.SendAsync(method, address, body, header);
            var problem = await refused.ShouldBeProblemAsync(412, "labels.revision_conflict");
            Assert.Equal(2, problem.GetProperty("currentRevision").GetInt64());
        }
        var history = await gateway.Admin.GetJsonAsync($"{item}/labels/history");
        Assert.Equal(2, history.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task The_same_write_again_answers_the_same_and_makes_no_revision()
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());
        using var first = await gateway.Admin.SendAsync("PUT", $"{item}/labels", Cat, "If-None-Match: *");
        using var again = await gateway.Admin.SendAsync("PUT", $"{item}/labels", Cat, "If-None-Match: *");
        Assert.Equal("\"1\"", again.Etag());
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(1, (await gateway.Admin.GetJsonAsync(item)).GetProperty("labelRevision").GetInt64());
    }

    [Fact]
    public async Task Removed_labels_are_gone_and_their_history_stays()
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());
        using var none = await gateway.Admin.DeleteAsync($"{item}/labels");
        await none.ShouldBeProblemAsync(404, "labels.not_found");
        (await gateway.Admin.SendAsync("PUT", $"{item}/labels", Cat)).EnsureSuccessStatusCode();
        using var removed = await gateway.Admin.SendAsync("DELETE", $"{item}/labels", null, "If-Match: \"1\"");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var read = await gateway.Admin.GetAsync($"{item}/labels");
        await read.ShouldBeProblemAsync(404, "labels.not_found");
        var history = (await gateway.Admin.GetJsonAsync($"{item}/labels/history")).GetProperty("items");
        Assert.Equal([true, false], history.EnumerateArray().Select(h => h.TryGetProperty("deleted", out _)));
    }

    [Fact]
    public async Task Every_fault_of_a_document_is_named_at_once_and_nothing_is_written()
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync(Schema));
        using var refused = await gateway.Admin.SendAsync("PUT", $"{item}/labels", $$"""
            {"annotations": [
              {"kind": "bbox", "class": "dog", "bbox": [0, 0, 1, 1], {{Source}}},
              {"kind": "classification", "class": "cat", {{Source}}},
              {"kind": "bbox", "class": "cat", "bbox": [0, 0, 0, 1], {{Source}}},
              {"kind": "bbox", "class": "cat", "bbox": [0, 0, 1], "attributes": {"pose": "jumps"}, {{Source}}},
              {"kind": "bbox", "class": "cat", "bbox": [0, 0, 1, 1], "attributes": {"mood": "good"}, {{Source}}},
              {"kind": "classification", "class": "scene", "source": {"kind": "oracle", "name": "x", "confidence": 2} },
              {"kind": "bbox", "class": "cat", "bbox": [0, 0, 1, 1]},
              null]}
            """);
        await refused.ShouldNameAsync("labels.invalid", "annotations[0].class", "annotations[1].kind", "annotations[2].bbox", "annotations[3].bbox",
            "annotations[3].attributes.pose", "annotations[4].attributes.mood", "annotations[5].attributes.dark", "annotations[5].source.kind",
            "annotations[5].source.confidence", "annotations[6].source", "annotations[7]");
        using var read = await gateway.Admin.GetAsync($"{item}/labels");
        await read.ShouldBeProblemAsync(404, "labels.not_found");
    }

    [Theory]
    [InlineData("{}", "labels.invalid", "annotations")]
    [InlineData("{\"annotations\": null}", "labels.invalid", "annotations")]
    [InlineData("{\"annotations\": {}}", "request.invalid", "annotations")]
    [InlineData("{\"annotations\": [], \"status\": \"done\"}", "request.invalid", "status")]
    [InlineData("{\"annotations\": [], \"note\": 1}", "request.invalid", "note")]
    [InlineData("{\"annotations\": [{\"kind\": \"circle\"}]}", "request.invalid", "annotations[0].kind")]
    [InlineData("{\"annotations\": [{\"kind\": \"bbox\", \"box\": []}]}", "request.invalid", "annotations[0].box")]
    [InlineData("{\"annotations\": [{\"kind\": \"bbox\", \"bbox\": [\"1\", 2, 3, 4]}]}", "request.invalid", "annotations[0].bbox[0]")]
    [InlineData("{\"annotations\": [{\"kind\": \"classification\", \"class\": \"a\", \"source\": {\"kind\": \"human\", \"name\": \"a\"}, \"attributes\": {\"a\": \"\\ud800\"}}]}", "labels.invalid", "annotations[0].attributes.a")]
    [InlineData("{\"annotations\": [{\"kind\": \"classification\", \"class\": \"a\", \"source\": {\"kind\": \"human\", \"name\": \"a\"}, \"attributes\": {\"a\": {\"b\": 1}}}]}", "labels.invalid", "annotations[0].attributes.a")]
    public async Task A_malformed_document_names_the_field(string body, string code, string field)
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());
        using var refused = await gateway.Admin.SendAsync("PUT", $"{item}/labels", body);
        await refused.ShouldNameAsync(code, field);
    }
}
