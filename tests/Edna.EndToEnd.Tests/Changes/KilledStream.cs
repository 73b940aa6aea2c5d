using System.Net.Http.Json;
using System.Text.Json;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Changes;

/// <summary>The process is killed while changes are written and followed.</summary>
public sealed class KilledStream
{
    private const string Dataset = "followed";
    private const int AtLeast = 120;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task Readers_that_go_on_with_their_last_id_are_told_everything_once_in_order_across_kill_9()
    {
        await using var edna = await EdnaProcess.StartAsync(ct: Ct);
        using (var client = edna.NewClient()) await client.CreateDatasetAsync(new CreateDataset { Name = Dataset }, Ct);
        var readers = Enumerable.Range(0, 3).Select(_ => new Reader()).ToArray();
        for (var round = 0; round < 2; round++)
        {
            var before = readers.Select(r => r.Count).ToArray();
            var following = readers.Select(r => r.FollowAsync(edna, Ct)).ToArray();
            var writing = WriteUntilKilledAsync(edna, round);
            await Eventually.GetAsync(() => Task.FromResult(readers.Select((r, i) => r.Count - before[i]).Min()), told => told >= AtLeast, Ct);
            await edna.KillAsync(Ct);
            await Task.WhenAll([writing, .. following]);
            await edna.StartAgainAsync(Ct);
        }

        // One more, so that who is told of everything is connected: some knew all that there was at the kill.
        var ends = readers.Select(r => r.FollowAsync(edna, Ct)).ToArray();
        using (var client = edna.NewClient())
            await client.CreateItemAsync(Dataset, new CreateItem { Path = "last.bin", ContentType = "application/octet-stream", Size = 10 }, Ct);
        var kept = await KeptAsync(edna);
        await Eventually.GetAsync(() => Task.FromResult(readers.Min(r => r.Count)), told => told >= kept.Count, Ct);
        await edna.TerminateAsync(Ct);
        await Task.WhenAll(ends);
        Assert.All(readers, r => Assert.Equal(kept, r.Told));
        Assert.All(readers, r => Assert.Equal("service.unavailable", r.End));
    }

    private static async Task WriteUntilKilledAsync(EdnaProcess edna, int round)
    {
        using var client = edna.NewClient(new EdnaClientOptions { RetryFor = TimeSpan.Zero });
        try
        {
            for (var i = 0; ; i++)
            {
                var plan = await client.CreateItemAsync(Dataset, new CreateItem { Path = $"{round}/{i}.bin", ContentType = "application/octet-stream", Size = 10 }, Ct);
                await client.PutTagsAsync(Dataset, plan.Item.Id, new Dictionary<string, string> { ["n"] = $"{i}" }, Ct);
            }
        }
        catch (EdnaException e) when (e.Code == EdnaException.Unreachable)
        {
            // Killed: that is what it wrote until.
        }
    }

    private static async Task<List<string>> KeptAsync(EdnaProcess edna)
    {
        using var http = edna.NewHttp();
        var (kept, since) = (new List<string>(), "");
        while (true)
        {
            var page = await http.GetFromJsonAsync<JsonElement>($"v1/datasets/{Dataset}/changes?limit=1000&since={since}", Ct);
            if (page.GetProperty("changes").GetArrayLength() == 0) return kept;
            kept.AddRange(page.GetProperty("changes").EnumerateArray().Select(c => c.GetRawText()));
            since = page.GetProperty("nextCursor").GetString()!;
        }
    }

    /// <summary>Keeps the id of the last event that it has whole.</summary>
    private sealed class Reader
    {
        private readonly List<string> told = [];
        private string? last;

        public int Count
        {
            get
            {
                lock (told) return told.Count;
            }
        }

        public List<string> Told
        {
            get
            {
                lock (told) return [.. told];
            }
        }

        /// <summary>The code of the event that ended the last stream; null when it was cut.</summary>
        public string? End { get; private set; }

        public async Task FollowAsync(EdnaProcess edna, CancellationToken ct)
        {
            using var http = edna.NewHttp();
            http.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "text/event-stream");
            if (last is not null) http.DefaultRequestHeaders.TryAddWithoutValidation("Last-Event-ID", last);
            try
            {
                using var lines = new StreamReader(await http.GetStreamAsync($"v1/datasets/{Dataset}/changes", ct));
                await ReadAsync(lines, ct);
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                // Cut off, as a kill does.
            }
        }

        private async Task ReadAsync(StreamReader lines, CancellationToken ct)
        {
            var (id, kind, data) = ((string?)null, "", (string?)null);
            while (await lines.ReadLineAsync(ct) is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
                else if (line.StartsWith("event: ", StringComparison.Ordinal)) kind = line[7..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
                else if (line.Length == 0 && data is not null)
                {
                    if (kind == "end") End = JsonElement.Parse(data).GetProperty("code").GetString();
                    else lock (told) told.Add(data);
                    (last, data) = (id ?? last, null);
                }
            }
        }
    }
}
