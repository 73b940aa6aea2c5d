using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Edna.Gateway.Tests.Changes;

public sealed class ChangeStreamTests(RunningGateway gateway)
{
    [Fact]
    public async Task Many_readers_are_told_every_change_once_in_the_order_of_the_feed_while_others_write()
    {
        var dataset = await gateway.NewDatasetAsync();
        await gateway.NewItemsAsync(dataset, Enumerable.Range(0, 700).Select(i => $"before/{i}"));
        using var readers = new Readers(await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => EventStream.OpenAsync(gateway.Admin, $"{dataset}/changes"))));
        var told = Task.WhenAll(readers.All.Select(r => r.TakeAsync(2_000)));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var i = 0; i < 10; i++)
            {
                await gateway.NewItemsAsync(dataset, Enumerable.Range(0, 30).Select(n => $"{writer}/{i}/{n}"));
                var item = await gateway.NewItemAsync(dataset, $"{writer}/{i}/one");
                for (var tags = 0; tags < 2; tags++) (await gateway.Admin.SendAsync("PUT", $"{item}/tags", $$"""{"n": "{{tags}}"}""")).EnsureSuccessStatusCode();
            }
        }));
        await gateway.NewItemsAsync(dataset, Enumerable.Range(0, 2_000 - 700 - (4 * 10 * 33) + 20).Select(i => $"after/{i}"));
        var kept = (await ReadAllAsync(dataset)).Take(2_000).Select(c => c.GetRawText()).ToArray();
        foreach (var reader in await told)
        {
            Assert.Equal(kept, reader.Select(c => c.GetRawText()));
            Assert.All(reader.GroupBy(c => c.GetProperty("item").GetString()), item => Assert.Equal(Enumerable.Range(1, item.Count()), item.Select(c => c.GetProperty("revision").GetInt32())));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(249)]
    [InlineData(250)]
    [InlineData(411)]
    public async Task Who_is_cut_off_in_the_middle_goes_on_without_gap_or_doubling(int read)
    {
        var dataset = await gateway.NewDatasetAsync();
        await gateway.NewItemsAsync(dataset, Enumerable.Range(0, 400).Select(i => $"a/{i}"));
        List<JsonElement> told;
        string? last;
        using (var first = await EventStream.OpenAsync(gateway.Admin, $"{dataset}/changes"))
        {
            await gateway.NewItemsAsync(dataset, Enumerable.Range(0, 20).Select(i => $"b/{i}"));
            told = await first.TakeAsync(read);
            last = first.LastId;
        }
        await gateway.NewItemsAsync(dataset, Enumerable.Range(0, 20).Select(i => $"c/{i}"));
        // A browser asks for the same address again: the id goes before what stands in it.
        using var second = await EventStream.OpenAsync(gateway.Admin, $"{dataset}/changes?since=now", last ?? "0000000000000000");
        await gateway.NewItemsAsync(dataset, Enumerable.Range(0, 20).Select(i => $"d/{i}"));
        told.AddRange(await second.TakeAsync(460 - read));
        Assert.Equal((await ReadAllAsync(dataset)).Select(c => c.GetRawText()), told.Select(c => c.GetRawText()));
    }

    [Fact]
    public async Task From_now_on_is_told_what_comes_and_an_id_from_the_start()
    {
        var dataset = await gateway.NewDatasetAsync();
        await gateway.NewItemsAsync(dataset, "before");
        using var stream = await EventStream.OpenAsync(gateway.Admin, $"{dataset}/changes?since=now");
        await gateway.NewItemsAsync(dataset, "after");
        Assert.Equal("after", Assert.Single(await stream.TakeAsync(1)).GetProperty("path").GetString());
        using var unread = await EventStream.OpenAsync(gateway.Admin, $"{dataset}/changes?since=now");
        await gateway.NewItemsAsync(dataset, "later");
        await unread.TakeAsync(1);
        Assert.NotEqual(stream.LastId, unread.LastId);
    }

    [Fact]
    public async Task Changes_come_by_the_feeds_nudges_and_not_only_when_the_table_is_looked_into_unasked()
    {
        var dataset = await gateway.NewDatasetAsync();
        using var stream = await EventStream.OpenAsync(gateway.Admin, $"{dataset}/changes");
        await gateway.NewItemsAsync(dataset, "first");
        await stream.TakeAsync(1);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 12; i++)
        {
            await gateway.NewItemsAsync(dataset, $"{i}");
            await stream.TakeAsync(1);
        }
        // Unasked it is looked every five seconds: that would have taken a minute.
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(25), $"It took {Stopwatch.GetElapsedTime(started)}.");
    }

    [Fact]
    public async Task Before_the_stream_begins_what_is_wrong_is_an_ordinary_answer()
    {
        var dataset = await gateway.NewDatasetAsync();
        using var cursor = await gateway.Admin.SendAsync("GET", $"{dataset}/changes", null, "Accept: text/event-stream", "Last-Event-ID: nonsense");
        await cursor.ShouldNameAsync("request.invalid", "since");
        using var missing = await gateway.Admin.SendAsync("GET", "/v1/datasets/never-there/changes", null, "Accept: text/event-stream");
        await missing.ShouldBeProblemAsync(404, "dataset.not_found");
        using var anonymous = gateway.Anonymous();
        using var refused = await anonymous.SendAsync("GET", $"{dataset}/changes", null, "Accept: text/event-stream");
        await refused.ShouldBeProblemAsync(401, "auth.missing");
    }

    [Fact]
    public async Task A_dataset_that_is_deleted_ends_its_streams()
    {
        var dataset = await gateway.NewDatasetAsync();
        using var stream = await EventStream.OpenAsync(gateway.Admin, $"{dataset}/changes");
        (await gateway.Admin.DeleteAsync(dataset)).EnsureSuccessStatusCode();
        Assert.Equal("dataset.not_found", await stream.EndAsync());
    }

    private async Task<List<JsonElement>> ReadAllAsync(string dataset)
    {
        var (all, since) = (new List<JsonElement>(), "");
        while (true)
        {
            var page = await gateway.Admin.GetJsonAsync($"{dataset}/changes?limit=1000&since={since}");
            if (page.GetProperty("changes").GetArrayLength() == 0) return all;
            all.AddRange(page.GetProperty("changes").EnumerateArray());
            since = page.GetProperty("nextCursor").GetString()!;
        }
    }

    private sealed class Readers(EventStream[] all) : IDisposable
    {
        public EventStream[] All => all;

        public void Dispose() => Array.ForEach(all, r => r.Dispose());
    }
}
