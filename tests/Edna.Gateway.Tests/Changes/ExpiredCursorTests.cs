using Edna.Items;
using Edna.Keys;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Edna.Gateway.Tests.Changes;

public sealed class ExpiredCursorTests(RunningGateway gateway)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("&wait=60")]
    [InlineData("&stream")]
    public async Task A_cursor_before_what_is_kept_is_refused_at_once_and_the_edge_is_not(string how)
    {
        var (dataset, cursors) = await TrimmedAsync();
        using var refused = await AskAsync(cursors[1]);
        var problem = await refused.ShouldBeProblemAsync(410, "changes.cursor_expired");
        Assert.Contains("List the items anew", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var edge = await AskAsync(cursors[2]);
        Assert.Equal(200, (int)edge.StatusCode);

        Task<HttpResponseMessage> AskAsync(string cursor)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, how == "&stream" ? $"{dataset}/changes?since=now" : $"{dataset}/changes?since={cursor}{how}");
            if (how == "&stream") request.Headers.TryAddWithoutValidation("Last-Event-ID", cursor);
            if (how == "&stream") request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
            return gateway.Admin.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct).WaitAsync(TimeSpan.FromSeconds(30), Ct);
        }
    }

    [Fact]
    public async Task Whoever_lists_anew_goes_on_with_the_cursor_of_the_problem_and_misses_nothing()
    {
        var (dataset, cursors) = await TrimmedAsync();
        using var refused = await gateway.Admin.GetAsync($"{dataset}/changes?since={cursors[0]}", Ct);
        var cursor = (await refused.ShouldBeProblemAsync(410, "changes.cursor_expired")).GetProperty("cursor").GetString();
        await gateway.NewItemsAsync(dataset, "f");
        var listed = (await gateway.Admin.GetJsonAsync($"{dataset}/items")).GetProperty("items").Each("path");
        Assert.Equal(["a", "b", "c", "d", "e", "f"], listed);
        await gateway.NewItemsAsync(dataset, "g");
        Assert.Equal(["f", "g"], (await gateway.Admin.GetJsonAsync($"{dataset}/changes?since={cursor}")).GetProperty("changes").Each("path"));
    }

    [Fact]
    public async Task Without_a_cursor_reading_begins_with_the_oldest_that_is_kept()
    {
        var (dataset, cursors) = await TrimmedAsync();
        Assert.Equal(["d", "e"], (await gateway.Admin.GetJsonAsync($"{dataset}/changes")).GetProperty("changes").Each("path"));
        Assert.Equal(["d", "e"], (await gateway.Admin.GetJsonAsync($"{dataset}/changes?since={cursors[2]}")).GetProperty("changes").Each("path"));
        using var stream = await EventStream.OpenAsync(gateway.Admin, $"{dataset}/changes");
        Assert.Equal(["d", "e"], (await stream.TakeAsync(2)).Select(c => c.GetProperty("path").GetString()));
        Assert.Equal(2, await TrimAsync(dataset, 100));
        var empty = await gateway.Admin.GetJsonAsync($"{dataset}/changes");
        Assert.Equal((0, cursors[4]), (empty.GetProperty("changes").GetArrayLength(), empty.GetProperty("nextCursor").GetString()));
        // Who had them before they went is told on.
        await gateway.NewItemsAsync(dataset, "f");
        Assert.Equal(["f"], (await stream.TakeAsync(1)).Select(c => c.GetProperty("path").GetString()));
        Assert.Equal(["f"], (await gateway.Admin.GetJsonAsync($"{dataset}/changes?since={cursors[4]}&wait=5")).GetProperty("changes").Each("path"));
    }

    /// <summary>A dataset with five changes, of which the first three are forgotten; the cursors of all.</summary>
    private async Task<(string Dataset, string[] Cursors)> TrimmedAsync()
    {
        var dataset = await gateway.NewDatasetAsync();
        await gateway.NewItemsAsync(dataset, "a", "b", "c", "d", "e");
        var all = (await gateway.Admin.GetJsonAsync($"{dataset}/changes")).GetProperty("changes").EnumerateArray().ToArray();
        Assert.Equal(3, await TrimAsync(dataset, 3));
        return (dataset, [.. all.Select(c => c.GetProperty("cursor").GetString()!)]);
    }

    private Task<int> TrimAsync(string dataset, int limit) => gateway.Services.GetRequiredService<IItemTable>()
        .TrimChangesAsync(new DatasetKey("default", dataset[(dataset.LastIndexOf('/') + 1)..]), DateTimeOffset.UtcNow.AddDays(1), limit, Ct);
}
