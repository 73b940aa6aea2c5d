using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Edna.Gateway.Tests.Labels;

public sealed class LabelHistoryTests(RunningGateway gateway)
{
    [Fact]
    public async Task A_history_tells_who_and_from_what_newest_first_page_by_page()
    {
        var item = await LabelledAsync(5);
        var (seen, cursor) = (new List<long>(), "");
        do
        {
            var page = await gateway.Admin.GetJsonAsync($"{item}/labels/history?limit=2&cursor={cursor}");
            var entries = page.GetProperty("items").EnumerateArray().ToList();
            Assert.InRange(entries.Count, 1, 2);
            seen.AddRange(entries.Select(e => e.GetProperty("revision").GetInt64()));
            Assert.All(entries, e => Assert.Equal(["model"], e.GetProperty("sources").EnumerateArray().Select(s => s.GetString())));
            Assert.All(entries, e => Assert.NotEmpty(e.GetProperty("by").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        Assert.Equal([5, 4, 3, 2, 1], seen);
        foreach (var wrong in (string[])["x", "-1", "1.5"])
        {
            using var refused = await gateway.Admin.GetAsync($"{item}/labels/history?cursor={wrong}");
            await refused.ShouldNameAsync("request.invalid", "cursor");
        }
    }

    [Fact]
    public async Task A_revision_of_the_past_is_read_as_it_was()
    {
        var item = await LabelledAsync(3);
        using var second = await gateway.Admin.GetAsync($"{item}/labels/history/2");
        Assert.Equal("\"2\"", second.Etag());
        Assert.Equal("c2", (await second.ReadAsync()).GetProperty("annotations")[0].GetProperty("class").GetString());
    }

    [Theory]
    [InlineData("4", 404, "labels.not_found")]
    [InlineData("9223372036854775807", 404, "labels.not_found")]
    [InlineData("0", 400, "request.invalid")]
    [InlineData("-1", 400, "request.invalid")]
    [InlineData("first", 400, "request.invalid")]
    [InlineData("99999999999999999999", 400, "request.invalid")]
    public async Task A_revision_that_is_none_is_refused(string revision, int status, string code)
    {
        var item = await LabelledAsync(1);
        using var refused = await gateway.Admin.GetAsync($"{item}/labels/history/{revision}");
        await refused.ShouldBeProblemAsync(status, code);
    }

    [Theory]
    [InlineData("approve", "approved")]
    [InlineData("reject", "rejected")]
    public async Task A_review_is_a_revision_of_its_own_with_the_comment(string decision, string status)
    {
        var item = await LabelledAsync(1);
        using var reviewed = await gateway.Admin.SendAsync("POST", $"{item}/labels/review", $$"""{"decision": "{{decision}}", "comment": "box 2 — too large"}""", "If-Match: \"1\"");
        Assert.Equal("\"2\"", reviewed.Etag());
        var document = await reviewed.ReadAsync();
        Assert.Equal((status, "box 2 — too large", "c1"),
            (document.GetProperty("status").GetString(), document.GetProperty("comment").GetString(), document.GetProperty("annotations")[0].GetProperty("class").GetString()));
        Assert.Equal(status, (await gateway.Admin.GetJsonAsync(item)).GetProperty("labels").GetProperty("status").GetString());
        var newest = (await gateway.Admin.GetJsonAsync($"{item}/labels/history?limit=1")).GetProperty("items")[0];
        Assert.Equal("box 2 — too large", newest.GetProperty("comment").GetString());
    }

    [Theory]
    [InlineData("{}", "decision")]
    [InlineData("{\"decision\": \"perhaps\"}", "decision")]
    [InlineData("{\"decision\": \"approve\", \"by\": \"x\"}", "by")]
    public async Task A_review_that_decides_nothing_is_refused(string body, string field)
    {
        var item = await LabelledAsync(1);
        using var refused = await gateway.Admin.SendAsync("POST", $"{item}/labels/review", body);
        await refused.ShouldNameAsync("request.invalid", field);
    }

    [Fact]
    public async Task A_comment_may_be_4096_characters_and_no_more()
    {
        var item = await LabelledAsync(1);
        foreach (var (length, fine) in ((int, bool)[])[(4_097, false), (4_096, true)])
        {
            using var response = await gateway.Admin.SendAsync("POST", $"{item}/labels/review", JsonSerializer.Serialize(new { decision = "approve", comment = new string('x', length) }));
            if (fine) Assert.True(response.IsSuccessStatusCode);
            else await response.ShouldNameAsync("request.invalid", "comment");
        }
    }

    [Fact]
    public async Task What_has_no_labels_cannot_be_reviewed_and_has_an_empty_history()
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());
        using var refused = await gateway.Admin.SendAsync("POST", $"{item}/labels/review", "{\"decision\": \"approve\"}");
        await refused.ShouldBeProblemAsync(404, "labels.not_found");
        var history = await gateway.Admin.GetJsonAsync($"{item}/labels/history");
        Assert.Equal((0, JsonValueKind.Null), (history.GetProperty("items").GetArrayLength(), history.GetProperty("nextCursor").ValueKind));
    }

    /// <summary>An item with as many label documents, of classes c1, c2, …</summary>
    private async Task<string> LabelledAsync(int documents)
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());
        for (var i = 1; i <= documents; i++)
        {
            var number = i.ToString(CultureInfo.InvariantCulture);
            (await gateway.Admin.SendAsync("PUT", $"{item}/labels", $$"""{"annotations": [{"kind": "classification", "class": "c{{number}}", "source": {"kind": "model", "name": "m"} }]}""")).EnsureSuccessStatusCode();
        }
        return item;
    }
}
