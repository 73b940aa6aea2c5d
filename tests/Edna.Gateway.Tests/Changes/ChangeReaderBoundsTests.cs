using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Edna.Gateway.Tests.Changes;

/// <summary>What bounds a reader: its pace, how many there are, its key, and the life of the process.</summary>
public sealed class ChangeReaderBoundsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reader_that_falls_behind_what_is_kept_is_told_so_and_goes_on_without_a_gap()
    {
        var clock = new LateClock();
        await using var gateway = await RunningGateway.StartAsync(["--Edna:Changes:BufferBytes=65536", "--Edna:Changes:SlowReader=00:05:00"], s => s.AddSingleton<TimeProvider>(clock));
        var dataset = await gateway.NewDatasetAsync();
        using var slow = await SlowReader.OpenAsync(gateway, dataset);
        using var quick = await EventStream.OpenAsync(gateway.Admin, $"{dataset}/changes");
        await slow.ReadUntilAsync("\"path\":\"first\"", () => gateway.NewItemsAsync(dataset, "first"));
        var told = await FillAsync(gateway, dataset, quick);

        // The quick one fell behind as well, for that was more than is kept; but it kept nobody waiting.
        clock.Late = TimeSpan.FromMinutes(6);
        var text = await slow.ReadToEndAsync();
        Assert.Contains("event: end\ndata: {", text, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"changes.reader_too_slow\"", text, StringComparison.Ordinal);
        await GoesOnAsync(gateway, dataset, text, told);
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_in_is_cut_off_and_goes_on_without_a_gap()
    {
        await using var gateway = await RunningGateway.StartAsync(["--Edna:Changes:SlowReader=00:00:01", "--Edna:Changes:BufferBytes=268435456", "--Edna:Changes:ReadersPerDataset=2"]);
        var dataset = await gateway.NewDatasetAsync();
        using var slow = await SlowReader.OpenAsync(gateway, dataset);
        using var quick = await EventStream.OpenAsync(gateway.Admin, $"{dataset}/changes");
        await slow.ReadUntilAsync("\"path\":\"first\"", () => gateway.NewItemsAsync(dataset, "first"));
        var told = await FillAsync(gateway, dataset, quick);

        // It reads nothing until its place is free again.
        await UntilThereIsAPlaceAsync(gateway, dataset);
        var text = await slow.ReadToEndAsync();
        Assert.DoesNotContain("event: end", text, StringComparison.Ordinal);
        Assert.True(text.Length < told.Sum(c => c.GetRawText().Length), "It was told everything: nothing was cut off.");
        await GoesOnAsync(gateway, dataset, text, told);
    }

    [Fact]
    public async Task As_many_readers_as_configured_are_taken_and_no_more_until_one_goes()
    {
        await using var gateway = await RunningGateway.StartAsync(["--Edna:Changes:Readers=3", "--Edna:Changes:ReadersPerDataset=2"]);
        var (a, b, c) = (await gateway.NewDatasetAsync(), await gateway.NewDatasetAsync(), await gateway.NewDatasetAsync());
        using var first = await EventStream.OpenAsync(gateway.Admin, $"{a}/changes");
        using (await EventStream.OpenAsync(gateway.Admin, $"{a}/changes"))
        {
            await ShouldBeFullAsync(gateway, a, "Accept: text/event-stream");
            using var third = await EventStream.OpenAsync(gateway.Admin, $"{b}/changes");
            await ShouldBeFullAsync(gateway, c, "Accept: text/event-stream");
            await ShouldBeFullAsync(gateway, c, "Accept: application/json");
            Assert.Empty((await gateway.Admin.GetJsonAsync($"{c}/changes")).GetProperty("changes").EnumerateArray());
        }
        await UntilThereIsAPlaceAsync(gateway, a);
    }

    [Fact]
    public async Task A_revoked_key_ends_its_streams_within_a_bound_and_an_idle_stream_beats_until_then()
    {
        await using var gateway = await RunningGateway.StartAsync(["--Edna:Changes:Heartbeat=00:00:01"]);
        var dataset = await gateway.NewDatasetAsync();
        var key = await gateway.NewKeyAsync("read");
        using var client = gateway.WithToken(key.Secret!);
        using var stream = await EventStream.OpenAsync(client, $"{dataset}/changes");
        using var other = await EventStream.OpenAsync(gateway.Admin, $"{dataset}/changes");
        (await gateway.Admin.DeleteAsync($"/v1/api-keys/{key.Id}")).EnsureSuccessStatusCode();
        Assert.Equal("auth.invalid", await stream.EndAsync().WaitAsync(TimeSpan.FromSeconds(40), Ct));
        Assert.True(stream.Comments >= 1, "It was silent.");
        await gateway.NewItemsAsync(dataset, "a");
        await other.TakeAsync(1);
    }

    [Fact]
    public async Task When_the_service_stops_streams_and_waits_are_ended_cleanly()
    {
        await using var gateway = await RunningGateway.StartAsync([]);
        var dataset = await gateway.NewDatasetAsync();
        using var stream = await EventStream.OpenAsync(gateway.Admin, $"{dataset}/changes");
        var end = (await gateway.Admin.GetJsonAsync($"{dataset}/changes?since=now")).GetProperty("nextCursor").GetString();
        var wait = gateway.Admin.GetAsync($"{dataset}/changes?since={end}&wait=60", Ct);
        await gateway.NewItemsAsync(await gateway.NewDatasetAsync(), "elsewhere");
        gateway.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        Assert.Equal("service.unavailable", await stream.EndAsync());
        using var answer = await wait;
        Assert.Equal(end, (await answer.ReadAsync()).GetProperty("nextCursor").GetString());
    }

    /// <summary>A place is free when the server has seen that its reader is gone; the runner's timeout is the bound.</summary>
    private static async Task UntilThereIsAPlaceAsync(RunningGateway gateway, string dataset)
    {
        while (true)
        {
            using var again = await gateway.Admin.SendAsync("GET", $"{dataset}/changes?since=now&wait=1", null, "Accept: application/json");
            if (again.IsSuccessStatusCode) return;
            await again.ShouldBeProblemAsync(503, "changes.too_many_readers");
            await Task.Delay(20, Ct);
        }
    }

    private static async Task ShouldBeFullAsync(RunningGateway gateway, string dataset, string accept)
    {
        using var full = await gateway.Admin.SendAsync("GET", $"{dataset}/changes?wait=60", null, accept);
        await full.ShouldBeProblemAsync(503, "changes.too_many_readers");
        Assert.NotNull(full.Headers.RetryAfter?.Delta);
    }

    /// <summary>More than the buffers between two sockets take; all of it, as a reader that keeps up is told it.</summary>
    private static async Task<List<JsonElement>> FillAsync(RunningGateway gateway, string dataset, EventStream quick)
    {
        var told = await quick.TakeAsync(1);
        for (var batch = 0; batch < 12; batch++)
        {
            await gateway.NewItemsAsync(dataset, Enumerable.Range(0, 1_000).Select(i => $"{batch}/{i}/{new string('x', 900)}"));
            told.AddRange(await quick.TakeAsync(1_000));
        }
        return told;
    }

    /// <summary>What the slow reader has, and what it is told from its last id on, is everything.</summary>
    private static async Task GoesOnAsync(RunningGateway gateway, string dataset, string text, List<JsonElement> told)
    {
        var whole = text[..(text.LastIndexOf("\n\n", StringComparison.Ordinal) + 2)];
        var cursors = whole.Split('\n').Where(l => l.StartsWith("id: ", StringComparison.Ordinal)).Select(l => l[4..]).ToList();
        Assert.True(cursors.Count < told.Count, "It was told everything: nothing was cut off.");
        using var again = await EventStream.OpenAsync(gateway.Admin, $"{dataset}/changes", cursors[^1]);
        cursors.AddRange((await again.TakeAsync(told.Count - cursors.Count)).Select(c => c.GetProperty("cursor").GetString()!));
        Assert.Equal(told.Select(c => c.GetProperty("cursor").GetString()), cursors);
    }

    /// <summary>A clock on which time can pass at once for whoever measures it, while timers take theirs.</summary>
    private sealed class LateClock : TimeProvider
    {
        public TimeSpan Late { get; set; }

        public override long GetTimestamp() => base.GetTimestamp() + (long)(Late.TotalSeconds * TimestampFrequency);
    }

    /// <summary>A reader with a small buffer that reads when it is told to only.</summary>
    private sealed class SlowReader(Socket socket) : IDisposable
    {
        private readonly StringBuilder read = new();
        private readonly byte[] bytes = new byte[64 << 10];

        public static async Task<SlowReader> OpenAsync(RunningGateway gateway, string dataset)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
            await socket.ConnectAsync(gateway.Address.Host, gateway.Address.Port, Ct);
            // HTTP/1.0: the body comes as it is, without chunks.
            await socket.SendAsync(Encoding.ASCII.GetBytes(
                $"GET {dataset}/changes HTTP/1.0\r\nHost: {gateway.Address.Authority}\r\nAuthorization: Bearer {gateway.AdminKey}\r\nAccept: text/event-stream\r\n\r\n"), Ct);
            return new(socket);
        }

        public async Task ReadUntilAsync(string text, Func<Task> begun)
        {
            while (!read.ToString().Contains("retry: ", StringComparison.Ordinal)) Assert.True(await SomeAsync());
            await begun();
            while (!read.ToString().Contains(text, StringComparison.Ordinal)) Assert.True(await SomeAsync());
        }

        public async Task<string> ReadToEndAsync()
        {
            while (await SomeAsync())
            {
            }
            return read.ToString();
        }

        public void Dispose() => socket.Dispose();

        private async Task<bool> SomeAsync()
        {
            try
            {
                var count = await socket.ReceiveAsync(bytes, Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Ct);
                read.Append(Encoding.UTF8.GetString(bytes, 0, count));
                return count > 0;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }
}
