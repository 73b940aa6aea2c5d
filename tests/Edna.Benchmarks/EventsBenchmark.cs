using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Edna.Harness;

namespace Edna.Benchmarks;

/// <summary>
/// <c>events</c>: how many uploads a second are confirmed by object events, each in a document of its own as stores send them, durable
/// when the callback answers; beside <c>items:complete</c> for as many items of the same kind, a thousand a request.
/// </summary>
internal static class EventsBenchmark
{
    private const int Items = 12_000;
    private const int Warming = 3_000;
    private const int Connections = 64;
    private const int BatchSize = 1_000;

    public static async Task<int> RunAsync(string[] args)
    {
        using var folder = new TempFolder();
        await using var edna = await Server.StartEdnaAsync(folder);
        using var http = edna.NewClient(Connections);
        var callback = (await File.ReadAllTextAsync(Path.Combine(folder.At("data"), "callback.key"))).Trim();

        await SendAsync(edna, callback, await UploadAsync(http, "warm-events", Warming));
        await CompleteAsync(http, "warm-complete", await UploadAsync(http, "warm-complete", Warming));

        var toComplete = await UploadAsync(http, "complete", Items);
        var complete = await CompleteAsync(http, "complete", toComplete);
        var toSend = await UploadAsync(http, "events", Items);
        var cpu = edna.CpuTime;
        var eps = await SendAsync(edna, callback, toSend);
        var cpuMicroseconds = (edna.CpuTime - cpu).TotalMicroseconds / Items;
        var available = await CountAsync(http, "events");
        if (available != Items) throw new InvalidOperationException($"{available} of {Items} items are available.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"events eps={eps:F0} complete={complete:F0} ratio={eps / complete:F3} cpuus={cpuMicroseconds:F0} rssmb={edna.ResidentBytes >> 20} items={Items}"));
        return 0;
    }

    /// <summary>Announces items with their checksums and puts their bytes by the signed URLs.</summary>
    private static async Task<List<Uploaded>> UploadAsync(HttpClient http, string dataset, int count)
    {
        (await http.PostAsJsonAsync("v1/datasets", new { name = dataset })).EnsureSuccessStatusCode();
        var uploads = new List<(Uploaded Item, byte[] Bytes, string Url, Dictionary<string, string> Headers)>(count);
        for (var first = 0; first < count; first += BatchSize)
        {
            var bodies = Enumerable.Range(first, BatchSize).Select(i => Encoding.ASCII.GetBytes($"{dataset} {i}")).ToArray();
            var items = bodies.Select((b, i) => new
            {
                path = $"{first + i:d9}.txt", contentType = "text/plain", size = b.Length, checksum = new { algorithm = "sha256", value = Convert.ToBase64String(SHA256.HashData(b)) },
            });
            using var planned = await http.PostAsJsonAsync($"v1/datasets/{dataset}/items:batch", new { items });
            planned.EnsureSuccessStatusCode();
            using var plans = JsonDocument.Parse(await planned.Content.ReadAsStreamAsync());
            uploads.AddRange(plans.RootElement.GetProperty("results").EnumerateArray().Select((plan, i) =>
            {
                var (id, upload) = (plan.GetProperty("item").GetProperty("id").GetString()!, plan.GetProperty("upload"));
                var headers = upload.GetProperty("headers").EnumerateObject().ToDictionary(h => h.Name, h => h.Value.GetString()!);
                var key = $"default/{dataset}/items/{id}/1";
                return (new Uploaded(id, key, bodies[i].Length, Convert.ToHexStringLower(MD5.HashData(bodies[i]))), bodies[i], upload.GetProperty("url").GetString()!, headers);
            }));
        }
        using var store = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Connections, ActivityHeadersPropagator = null });
        await Parallel.ForEachAsync(uploads, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (upload, ct) =>
        {
            using var put = new HttpRequestMessage(HttpMethod.Put, upload.Url) { Content = new ByteArrayContent(upload.Bytes) };
            foreach (var (name, value) in upload.Headers)
                if (!put.Headers.TryAddWithoutValidation(name, value)) put.Content.Headers.TryAddWithoutValidation(name, value);
            using var answer = await store.SendAsync(put, ct);
            answer.EnsureSuccessStatusCode();
        });
        return [.. uploads.Select(u => u.Item)];
    }

    /// <summary>Sends an event for each item; events a second, each answered, so each durable.</summary>
    private static async Task<double> SendAsync(Server edna, string callback, List<Uploaded> items)
    {
        var requests = items.Select(i => Request(edna.Address, callback, i)).ToArray();
        var taken = -1;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            using var connection = new RawConnection();
            await connection.ConnectAsync(edna.Address);
            for (int i; (i = Interlocked.Increment(ref taken)) < requests.Length;)
            {
                var status = await connection.ExchangeAsync(requests[i]);
                if (status != 202) throw new InvalidOperationException($"The callback answered {status}.");
            }
        }));
        return requests.Length / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static byte[] Request(Uri address, string callback, Uploaded item)
    {
        var body = $$$$"""{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-east-1","eventTime":"2026-11-22T12:12:55.340Z","eventName":"ObjectCreated:Put","userIdentity":{"principalId":"AWS:AIDAEXAMPLE"},"requestParameters":{"sourceIPAddress":"127.0.0.1"},"responseElements":{"x-amz-request-id":"D82B88E5F771F645","x-amz-id-2":"vlR7PnpV2Ce81l0PRw6jlUpck7Jo5ZsQjryTjKlc5aLWGVHPZLj5NeC6qMa0emYBDXOo6QBU0Wo="},"s3":{"s3SchemaVersion":"1.0","configurationId":"edna","bucket":{"name":"edna","ownerIdentity":{"principalId":"A3I5XTEXAMAI3E"},"arn":"arn:aws:s3:::edna"},"object":{"key":"{{{{item.Key}}}}","size":{{{{item.Size}}}},"eTag":"{{{{item.ETag}}}}","sequencer":"0055AED6DCD90281E5"}}}]}""";
        return Encoding.ASCII.GetBytes(
            $"POST /v1/callbacks/s3 HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {callback}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    private static async Task<double> CompleteAsync(HttpClient http, string dataset, List<Uploaded> items)
    {
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(items.Chunk(BatchSize), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (some, ct) =>
        {
            using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new { items = some.Select(i => i.Id) }));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await http.PostAsync($"v1/datasets/{dataset}/items:complete", content, ct);
            answer.EnsureSuccessStatusCode();
        });
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var available = await CountAsync(http, dataset);
        return available == items.Count ? items.Count / seconds : throw new InvalidOperationException($"{available} of {items.Count} items are available.");
    }

    /// <summary>The available items of a dataset, counted in its list.</summary>
    private static async Task<int> CountAsync(HttpClient http, string dataset)
    {
        var (count, cursor) = (0, (string?)null);
        do
        {
            var page = await http.GetFromJsonAsync<JsonElement>($"v1/datasets/{dataset}/items?status=available&limit=1000{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            count += page.GetProperty("items").GetArrayLength();
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        return count;
    }

    private sealed record Uploaded(string Id, string Key, int Size, string ETag);
}
