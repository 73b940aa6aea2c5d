using System.Net;
using System.Text.Json;
using Xunit;

namespace Edna.Gateway.Tests.Items;

public sealed class UploadTests(RunningGateway gateway)
{
    [Fact]
    public async Task An_open_upload_tells_what_is_awaited_and_whether_it_has_arrived()
    {
        var planned = await gateway.PlanAsync(await gateway.NewDatasetAsync(), new { path = "a.txt", contentType = "text/plain", size = 5 });
        var before = await gateway.Admin.GetJsonAsync($"{planned.Item}/upload");
        Assert.Equal((5, "text/plain", false),
            (before.GetProperty("size").GetInt32(), before.GetProperty("contentType").GetString(), before.GetProperty("inStore").GetBoolean()));
        planned.Url = before.GetProperty("upload").GetProperty("url").GetString()!;
        using var sent = await planned.SendAsync("hello"u8.ToArray());
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        Assert.True((await gateway.Admin.GetJsonAsync($"{planned.Item}/upload")).GetProperty("inStore").GetBoolean());
        (await gateway.Admin.PostAsync($"{planned.Item}/upload/complete", null)).EnsureSuccessStatusCode();
        using var after = await gateway.Admin.GetAsync($"{planned.Item}/upload");
        await after.ShouldBeProblemAsync(409, "upload.none_open");
    }

    [Fact]
    public async Task Completing_before_the_bytes_are_there_is_refused_and_changes_nothing()
    {
        var planned = await gateway.PlanAsync(await gateway.NewDatasetAsync(), new { path = "a.txt", contentType = "text/plain", size = 5 });
        for (var i = 0; i < 2; i++)
        {
            using var early = await gateway.Admin.PostAsync($"{planned.Item}/upload/complete", null);
            await early.ShouldBeProblemAsync(409, "upload.not_found_in_store");
        }
        var item = await gateway.Admin.GetJsonAsync(planned.Item);
        Assert.Equal(("pending", 1), (item.GetProperty("status").GetString(), item.GetProperty("revision").GetInt32()));
        (await planned.SendAsync("hello"u8.ToArray())).EnsureSuccessStatusCode();
        using var completed = await gateway.Admin.PostAsync($"{planned.Item}/upload/complete", null);
        Assert.Equal("available", (await completed.ReadAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Completed_many_times_at_once_and_again_it_answers_the_same()
    {
        var planned = await gateway.PlanAsync(await gateway.NewDatasetAsync(), new { path = "a.txt", contentType = "text/plain", size = 5 });
        (await planned.SendAsync("hello"u8.ToArray())).EnsureSuccessStatusCode();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => gateway.Admin.PostAsync($"{planned.Item}/upload/complete", null)));
        using var later = await gateway.Admin.SendAsync("POST", $"{planned.Item}/upload/complete", "{\"parts\": []}");
        var expected = await later.Content.ReadAsStringAsync();
        foreach (var answer in answers)
        {
            Assert.Equal((HttpStatusCode.OK, "\"2\""), (answer.StatusCode, answer.Etag()));
            Assert.Equal(expected, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task An_upload_that_is_given_up_leaves_a_failed_item_that_can_be_uploaded_again()
    {
        var dataset = await gateway.NewDatasetAsync();
        var planned = await gateway.PlanAsync(dataset, new { path = "a.txt", contentType = "text/plain", size = 5 });
        (await planned.SendAsync("hello"u8.ToArray())).EnsureSuccessStatusCode();
        using var aborted = await gateway.Admin.DeleteAsync($"{planned.Item}/upload");
        var item = await aborted.ReadAsync();
        Assert.Equal(("failed", "upload.aborted"), (item.GetProperty("status").GetString(), item.GetProperty("failure").GetProperty("code").GetString()));
        using var again = await gateway.Admin.DeleteAsync($"{planned.Item}/upload");
        await again.ShouldBeProblemAsync(409, "upload.none_open");
        using var completed = await gateway.Admin.PostAsync($"{planned.Item}/upload/complete", null);
        await completed.ShouldBeProblemAsync(409, "upload.aborted");
        Assert.Equal(planned.Item, await gateway.NewAvailableItemAsync(dataset));
    }

    [Fact]
    public async Task Giving_up_a_second_upload_keeps_the_content_of_the_first()
    {
        var dataset = await gateway.NewDatasetAsync();
        var item = await gateway.NewAvailableItemAsync(dataset, text: "first");
        await gateway.PlanAsync(dataset, new { path = "a.txt", contentType = "text/plain", size = 7 });
        (await gateway.Admin.DeleteAsync($"{item}/upload")).EnsureSuccessStatusCode();
        using var content = await gateway.Admin.GetAsync($"{item}/content");
        using var anonymous = gateway.Anonymous();
        Assert.Equal("first", await anonymous.GetStringAsync(content.Headers.Location));
    }

    [Fact]
    public async Task More_than_5_GiB_cannot_be_one_PUT()
    {
        var dataset = await gateway.NewDatasetAsync();
        using var refused = await gateway.Admin.SendAsync("POST", $"{dataset}/items", """{"path": "a", "contentType": "text/plain", "size": 5368709121, "multipart": false}""");
        await refused.ShouldNameAsync("request.invalid", "multipart");
    }

    [Theory]
    [InlineData("size", "5368709120", true)]
    [InlineData("size", "50000000000000", true)]
    [InlineData("size", "50000000000001", false)]
    [InlineData("size", "0", true)]
    [InlineData("size", "-1", false)]
    [InlineData("size", "9223372036854775807", false)]
    [InlineData("size", "1e3", false)]
    [InlineData("size", "18446744073709551616", false)]
    [InlineData("size", "null", false)]
    [InlineData("size", "\"5\"", false)]
    public async Task A_size_is_a_whole_number_of_bytes_that_can_be(string field, string value, bool fine)
    {
        var dataset = await gateway.NewDatasetAsync();
        using var response = await gateway.Admin.SendAsync("POST", $"{dataset}/items", $$"""{"path": "a", "contentType": "text/plain", "{{field}}": {{value}}}""");
        if (fine) Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        else await response.ShouldNameAsync("request.invalid", field);
    }

    [Fact]
    public async Task A_path_is_normalised_and_at_most_1024_bytes()
    {
        var dataset = await gateway.NewDatasetAsync();
        var planned = await gateway.PlanAsync(dataset, new { path = "cafe\u0301.txt", contentType = "text/plain", size = 1 });
        var found = (await gateway.Admin.GetJsonAsync($"{dataset}/items?path=caf%C3%A9.txt")).GetProperty("items")[0];
        Assert.Equal("caf\u00e9.txt", found.GetProperty("path").GetString());
        Assert.EndsWith(found.GetProperty("id").GetString()!, planned.Item, StringComparison.Ordinal);
        using var longest = await gateway.Admin.SendAsync("POST", $"{dataset}/items", JsonSerializer.Serialize(new { path = new string('ü', 513), contentType = "text/plain", size = 1 }));
        await longest.ShouldNameAsync("request.invalid", "path");
    }
}
