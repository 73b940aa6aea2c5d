using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Edna.Harness;

namespace Edna.Benchmarks;

/// <summary>
/// <c>batch</c>: how many items a second are announced, made durable and signed in batches of 1,000, up to 200,000 items, and what
/// the server holds in memory then; beside a bare Kestrel endpoint that takes the same requests and answers the same bytes.
/// </summary>
internal static class BatchBenchmark
{
    private const int Connections = 4;
    private const int BatchSize = 1_000;
    private const int Batches = 200;
    private const int Warming = 60;
    private const int BareBatches = 100;

    public static async Task<int> RunAsync(string[] args)
    {
        using var folder = new TempFolder();
        await using var edna = await Server.StartEdnaAsync(folder);
        using var http = edna.NewClient(Connections);
        foreach (var name in new[] { "warm", "load" }) (await http.PostAsJsonAsync("v1/datasets", new { name })).EnsureSuccessStatusCode();
        var answer = await RecordAsync(http);
        await using var bare = await Server.StartBareAsync(folder, answer);
        using var bareHttp = bare.NewClient(Connections);

        // The warming counts among the 200,000 items that memory is measured after, not among those that time is.
        await SendAsync(http, "warm", 1, Warming);
        var cpu = edna.CpuTime;
        var ips = await SendAsync(http, "load", 0, Batches - 1 - Warming);
        var cpuMicroseconds = (edna.CpuTime - cpu).TotalMicroseconds / ((Batches - 1 - Warming) * BatchSize);
        var resident = edna.ResidentBytes;
        await SendAsync(bareHttp, "load", 0, 20);
        var bareIps = await SendAsync(bareHttp, "load", 0, BareBatches);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"batch ips={ips:F0} bare={bareIps:F0} ratio={ips / bareIps:F3} rssmb={resident >> 20} cpuus={cpuMicroseconds:F1} items={Batches * BatchSize}"));
        return 0;
    }

    private static async Task<double> SendAsync(HttpClient http, string dataset, int first, int batches)
    {
        var next = first - 1;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            for (int batch; (batch = Interlocked.Increment(ref next)) < first + batches;)
            {
                using var answer = await http.SendAsync(Request(dataset, batch), HttpCompletionOption.ResponseHeadersRead);
                answer.EnsureSuccessStatusCode();
                await answer.Content.CopyToAsync(Stream.Null);
            }
        }));
        return batches * BatchSize / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>One whole batch, whose answer must hold an upload for each item.</summary>
    private static async Task<RecordedAnswer> RecordAsync(HttpClient http)
    {
        using var request = Request("warm", 0);
        var answer = await RecordedAnswer.RecordAsync(http, request);
        var urls = Encoding.UTF8.GetString(answer.Body).Split("\"url\":").Length - 1;
        return urls == BatchSize ? answer : throw new InvalidOperationException($"The answer holds {urls} URLs for {BatchSize} items.");
    }

    private static HttpRequestMessage Request(string dataset, int batch)
    {
        var body = new StringBuilder("{\"items\":[", 200 * BatchSize);
        for (var i = 0; i < BatchSize; i++)
            body.Append(i == 0 ? "" : ",").Append(UploadLoad.Body(((batch * BatchSize) + i).ToString("D9", CultureInfo.InvariantCulture)));
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body.Append("]}").ToString()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpRequestMessage(HttpMethod.Post, $"v1/datasets/{dataset}/items:batch") { Content = content };
    }
}
