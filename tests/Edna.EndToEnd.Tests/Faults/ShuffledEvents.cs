using System.Net;
using System.Security.Cryptography;
using System.Text;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Faults;

/// <summary>The store's own events, delivered as badly as it happens: lost, ten times, shuffled, after the client's complete, of an old content.</summary>
public sealed class ShuffledEvents
{
    private const string Dataset = "shuffled";
    private const int Count = 50;
    private const int Times = 10;

    /// <summary>What happens to the events of an item.</summary>
    private enum Fate
    {
        /// <summary>None comes; the client completes.</summary>
        Lost,

        /// <summary>They come; the client never completes.</summary>
        Only,

        /// <summary>They come after the client has completed.</summary>
        Late,

        /// <summary>They come while the client completes.</summary>
        AtOnce,

        /// <summary>The item is uploaded again, and that of the first content comes before, between and after.</summary>
        Old,
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task Each_content_becomes_available_once_and_with_its_own_bytes_however_its_events_come()
    {
        await using var bucket = await CephBucket.CreateAsync(Ct);
        await using var edna = await EdnaProcess.StartAsync(bucket.Settings(), ct: Ct);
        await using var tap = new EventTap();
        await bucket.NotifyAsync(tap.Address, edna.DataDirectory, Ct);
        using var client = edna.NewClient();
        await client.CreateDatasetAsync(new CreateDataset { Name = Dataset }, Ct);
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);

        var bytes = Enumerable.Range(0, Count).Select(i => Content(i, 1)).ToArray();
        var ids = await SendAsync(client, bytes, _ => true);
        foreach (var i in Of(Fate.Late)) await client.CompleteUploadAsync(Dataset, ids[i], ct: Ct);
        await Task.WhenAll(
            DeliverAsync(edna, Shuffled(random, ids, tap, i => FateOf(i) == Fate.Lost ? [] : [1])),
            CompleteAsync(client, [.. Of(Fate.Lost).Concat(Of(Fate.AtOnce)).Select(i => ids[i])]));
        foreach (var i in Of(Fate.Old)) bytes[i] = Content(i, 2);
        await SendAsync(client, bytes, i => FateOf(i) == Fate.Old);
        await DeliverAsync(edna, Shuffled(random, ids, tap, i => FateOf(i) == Fate.Old ? [1, 2] : []));
        // Everything once more, days later so to speak: nothing is left that it could change.
        await DeliverAsync(edna, Shuffled(random, ids, tap, i => FateOf(i) == Fate.Old ? [1, 2] : [1]));

        var changes = await ChangesAsync(client);
        using var store = new HttpClient();
        for (var i = 0; i < Count; i++)
        {
            var why = $"item {i}, {FateOf(i)}, seed {seed}";
            var item = await client.GetItemAsync(Dataset, ids[i], Ct);
            var contents = FateOf(i) == Fate.Old ? 2 : 1;
            Assert.True((item.Status, item.ContentRevision) == (ItemStatuses.Available, contents), $"{why}: {item}");
            var download = Assert.Single(await client.GetDownloadsAsync(Dataset, [ids[i]], Ct));
            var there = await store.GetByteArrayAsync(download.Url, Ct);
            Assert.True(HashOf(bytes[i]) == HashOf(there), why);
            string[] expected = contents == 1 ? ["created", "available"] : ["created", "available", "upload_opened", "available"];
            Assert.True(expected.SequenceEqual(changes[ids[i]]), $"{why}: {string.Join(", ", changes[ids[i]])}");
            Assert.Equal(expected.Length, item.Revision);
        }
        Assert.Equal(Count, changes.Count);
        await Wholeness.ShouldHoldAsync(edna, bucket.Settings(), Ct);
    }

    private static Fate FateOf(int item) => (Fate)(item % 5);

    private static IEnumerable<int> Of(Fate fate) => Enumerable.Range(0, Count).Where(i => FateOf(i) == fate);

    private static byte[] Content(int item, int revision) => Encoding.UTF8.GetBytes($"content {revision} of item {item}");

    private static string HashOf(byte[] bytes) => Convert.ToBase64String(SHA256.HashData(bytes));

    /// <summary>Announces and sends those that are asked for: every other one with a checksum that the store enforces, every third with one that it does not.</summary>
    private static async Task<string[]> SendAsync(EdnaClient client, byte[][] bytes, Func<int, bool> wanted)
    {
        var ids = new string[Count];
        using var store = new HttpClient();
        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Ct }, async (i, stop) =>
        {
            if (!wanted(i)) return;
            var plan = await client.CreateItemAsync(Dataset, new CreateItem
            {
                Path = $"ä b+c/{i} %41.txt", ContentType = "text/plain", Size = bytes[i].Length,
                Checksum = (i / 5 % 3) switch
                {
                    0 => new Checksum("sha256", HashOf(bytes[i])),
                    1 => new Checksum("md5", Convert.ToBase64String(MD5.HashData(bytes[i]))),
                    _ => null,
                },
            }, stop);
            await store.SendAsync(plan.Upload!, bytes[i], stop);
            ids[i] = plan.Item.Id;
        });
        return ids;
    }

    private static async Task CompleteAsync(EdnaClient client, string[] ids)
    {
        foreach (var id in ids) await client.CompleteUploadAsync(Dataset, id, ct: Ct);
    }

    private static string[] Shuffled(Random random, string[] ids, EventTap tap, Func<int, IEnumerable<int>> revisions)
    {
        var events = Enumerable.Range(0, Count).SelectMany(i => revisions(i).Select(r => tap.Taken.Single(t => t.Key.EndsWith($"/items/{ids[i]}/{r}", StringComparison.Ordinal)).Value))
            .SelectMany(document => Enumerable.Repeat(document, Times)).ToArray();
        random.Shuffle(events);
        return events;
    }

    private static async Task DeliverAsync(EdnaProcess edna, string[] events)
    {
        var key = (await File.ReadAllTextAsync(Path.Combine(edna.DataDirectory, "callback.key"), Ct)).Trim();
        using var http = new HttpClient { BaseAddress = edna.Address };
        await Parallel.ForEachAsync(events, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Ct }, async (document, stop) =>
        {
            using var answer = await http.PostAsync($"v1/callbacks/s3?key={key}", new StringContent(document), stop);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        });
    }

    private static async Task<Dictionary<string, List<string>>> ChangesAsync(EdnaClient client)
    {
        var kinds = new Dictionary<string, List<string>>();
        string? since = null;
        while (await client.GetChangesAsync(Dataset, since, 1000, Ct) is { Changes.Count: > 0 } page)
        {
            foreach (var change in page.Changes)
            {
                if (!kinds.TryGetValue(change.Item, out var of)) kinds[change.Item] = of = [];
                of.Add(change.Kind);
            }
            since = page.NextCursor;
        }
        return kinds;
    }
}
