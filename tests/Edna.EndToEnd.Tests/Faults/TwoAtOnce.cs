using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Faults;

/// <summary>Clients that do things to the same item at once: some order of what they did explains what each was answered and what is there.</summary>
public sealed class TwoAtOnce
{
    private const string Dataset = "races";
    private static readonly int Races = Soak.IsOn ? 240 : 60;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task Some_order_of_what_racing_clients_did_explains_their_answers_and_the_end()
    {
        await using var bucket = await CephBucket.CreateAsync(Ct);
        await using var edna = await EdnaProcess.StartAsync(bucket.Settings(), ct: Ct);
        using var client = edna.NewClient();
        using var http = edna.NewHttp();
        await client.CreateDatasetAsync(new CreateDataset { Name = Dataset }, Ct);
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");

        await Parallel.ForAsync(0, Races, new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = Ct }, async (i, stop) =>
        {
            var race = new Race(client, http, Dataset, i, new Random(HashCode.Combine(seed, i)), stop);
            await race.RunAsync($"race {i}, seed {seed}");
        });
        Assert.Empty(await bucket.ListMultipartsAsync(Ct));
        await Wholeness.ShouldHoldAsync(edna, bucket.Settings(), Ct);
    }
}

/// <summary>A race for one item: it is new or has a content, the bytes of the second have arrived, and nobody has completed them.</summary>
internal sealed class Race(EdnaClient client, HttpClient http, string dataset, int number, Random random, CancellationToken ct)
{
    private static readonly HttpClient Store = new();

    /// <summary>What a client of a race may do: two that complete are what happens most.</summary>
    private static readonly Act[] Acts =
        [Act.Complete, Act.Complete, Act.Complete, Act.AnnounceSecond, Act.AnnounceThird, Act.Trash, Act.Trash, Act.Restore, Act.Restore, Act.Remove];

    private readonly bool _multipart = number % 3 == 0;
    private readonly string _path = $"{number}.bin";
    private string _id = "";

    /// <summary>Runs the race, looks at its end, and then finishes what it left open.</summary>
    public async Task RunAsync(string name)
    {
        var start = new ItemModel(number % 4 == 0 ? ItemStatuses.Pending : ItemStatuses.Available, number % 4 == 0 ? 0 : 1, 2, true);
        if (start.Content == 1) await UploadAsync(1);
        _id = await SendAsync(2);
        // Every fourth is two clients that complete, and nothing else.
        var clients = number % 4 == 1
            ? new Act[][] { [Act.Complete], [Act.Complete], [Act.Complete] }
            : [.. Enumerable.Range(0, 3).Select(_ => random.GetItems(Acts, 2))];
        // The first client of the three completes in batches, even if of one: that is another way through EDNA.
        var answers = await Task.WhenAll(clients.Select((c, n) => Task.Run(() => DoAsync(c, batched: n == 0), ct)));

        var (status, bytes) = await LookAsync();
        var said = $"{name}, from {start}:\n{string.Join('\n', answers.Select(a => string.Join(", ", a.Select(x => $"{x.Act} {(int)x.Answer}"))))}\nended {status ?? "gone"}"
            + (bytes is null ? "" : $" with {Encoding.UTF8.GetString(bytes, 0, 40)}");
        Assert.True(start.Explains(answers, end => end.Status == status && (bytes is null || Is(bytes, end.Content))), said);
        await FinishAsync(status, said);
    }

    private async Task<IReadOnlyList<(Act Act, HttpStatusCode Answer)>> DoAsync(Act[] acts, bool batched)
    {
        var done = new List<(Act, HttpStatusCode)>();
        foreach (var act in acts) done.Add((act, batched && act == Act.Complete ? await CompleteInBatchAsync() : await DoAsync(act)));
        return done;
    }

    private async Task<HttpStatusCode> DoAsync(Act act)
    {
        var (items, item) = ($"v1/datasets/{dataset}/items", $"v1/datasets/{dataset}/items/{_id}");
        using var answer = await (act switch
        {
            Act.Complete => http.PostAsync($"{item}/upload/complete", null, ct),
            Act.AnnounceSecond => http.PostAsJsonAsync(items, Describe(2), JsonSerializerOptions.Web, ct),
            Act.AnnounceThird => http.PostAsJsonAsync(items, Describe(3), JsonSerializerOptions.Web, ct),
            Act.Trash => http.DeleteAsync(item, ct),
            Act.Restore => http.PostAsync($"{item}/restore", null, ct),
            _ => http.DeleteAsync($"{item}?permanent=true", ct),
        });
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> CompleteInBatchAsync()
    {
        var outcome = (await client.CompleteItemsAsync(dataset, [_id], ct))[0];
        return (HttpStatusCode)(outcome.Problem?.Status ?? 200);
    }

    /// <summary>The item's status, null when it is gone; and its bytes, where there are any to be read.</summary>
    private async Task<(string? Status, byte[]? Bytes)> LookAsync()
    {
        using var answer = await http.GetAsync($"v1/datasets/{dataset}/items/{_id}", ct);
        if (answer.StatusCode == HttpStatusCode.NotFound) return (null, null);
        var status = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("status").GetString();
        if (status != ItemStatuses.Available) return (status, null);
        var download = (await client.GetDownloadsAsync(dataset, [_id], ct))[0];
        return (status, await Store.GetByteArrayAsync(download.Url, ct));
    }

    /// <summary>A client comes back to what was left half-way: the bucket tells nothing of announcements without bytes. What is gone stays gone.</summary>
    private async Task FinishAsync(string? status, string said)
    {
        if (status is null) return;
        var item = await client.GetItemAsync(dataset, _id, ct);
        if (status == ItemStatuses.Trashed && item.ContentRevision > 0) return;
        if (status == ItemStatuses.Trashed) Assert.Equal(HttpStatusCode.OK, await DoAsync(Act.Restore));
        await UploadAsync(3);
        var (now, bytes) = await LookAsync();
        Assert.True(now == ItemStatuses.Available && Is(bytes!, 3), said);
    }

    private async Task UploadAsync(int content)
    {
        await SendAsync(content);
        await client.CompleteUploadAsync(dataset, _id, ct: ct);
    }

    private async Task<string> SendAsync(int content)
    {
        var plan = await client.CreateItemAsync(dataset, Describe(content), ct);
        if (plan.Upload is { } upload) await Store.SendAsync(upload, Bytes(content), ct);
        return _id = plan.Item.Id;
    }

    private CreateItem Describe(int content) => new()
    {
        Path = _path, ContentType = "application/octet-stream", Size = Bytes(content).Length, Multipart = _multipart,
        Checksum = new Checksum("sha256", Convert.ToBase64String(SHA256.HashData(Bytes(content)))),
    };

    private byte[] Bytes(int content) => Encoding.UTF8.GetBytes($"content {content} of the item of race {number:d5}".PadRight(100 + content, '.'));

    private bool Is(byte[] bytes, int content) => content > 0 && bytes.AsSpan().SequenceEqual(Bytes(content));
}
