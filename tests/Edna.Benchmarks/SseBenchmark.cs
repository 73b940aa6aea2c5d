using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Edna.Harness;

namespace Edna.Benchmarks;

/// <summary>
/// <c>sse</c>: items are announced at a steady pace while many readers stream the dataset's changes: how old a change is when it arrives
/// (from the decision that made it, so with its commit), and what the server holds in memory. The baseline, in the same run: a bare
/// Kestrel endpoint that sends the same bytes to as many readers. Arguments: readers, changes a second, seconds; default 1000 1000 20.
/// </summary>
internal static partial class SseBenchmark
{
    private const int BatchesASecond = 10;
    private const string Dataset = "streamed";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string[] args)
    {
        var (readers, rate, seconds) = (Number(args, 0, 1_000), Number(args, 1, 1_000), Number(args, 2, 20));
        using var folder = new TempFolder();
        Measured edna, bare;
        string sample;
        await using (var server = await Server.StartEdnaAsync(folder))
        {
            using var http = server.NewClient(4);
            (await http.PostAsJsonAsync("v1/datasets", new { name = Dataset })).EnsureSuccessStatusCode();
            var made = 0;
            edna = await MeasureAsync(server, $"v1/datasets/{Dataset}/changes", readers, rate, seconds, count => AnnounceAsync(http, Interlocked.Add(ref made, count) - count, count));
            sample = edna.Sample!;
        }
        await using (var server = await Server.StartBareEventsAsync(folder))
        {
            using var http = server.NewClient(4);
            bare = await MeasureAsync(server, "events", readers, rate, seconds, count => PostAsync(http, sample, count));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"EDNA {edna}\nbare {bare}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"sse p99ms={edna.P99:F0} p50ms={edna.P50:F0} rssmb={edna.PeakMegabytes} barep99ms={bare.P99:F0} barerssmb={bare.PeakMegabytes} cpu={edna.Cpu:F2} barecpu={bare.Cpu:F2} readers={readers} cps={edna.Rate:F0} seconds={seconds}"));
        return 0;
    }

    private static async Task<Measured> MeasureAsync(Server server, string path, int readers, int rate, int seconds, Func<int, Task> make)
    {
        var listeners = Enumerable.Range(0, readers).Select(_ => new EventListener()).ToArray();
        try
        {
            foreach (var some in listeners.Chunk(50)) await Task.WhenAll(some.Select(l => l.ConnectAsync(server.Address, path)));
            var reading = listeners.Select(l => l.ReadAsync()).ToArray();
            var warm = await MakeAsync(make, rate, 2);
            await UntilAsync(listeners, reading, warm);
            foreach (var listener in listeners) listener.Delays.Clear();

            server.ForgetPeak();
            var (cpu, started) = (server.CpuTime, Stopwatch.GetTimestamp());
            var all = warm + await MakeAsync(make, rate, seconds);
            var pace = (all - warm) / Stopwatch.GetElapsedTime(started).TotalSeconds;
            await UntilAsync(listeners, reading, all);
            var used = (server.CpuTime - cpu) / Stopwatch.GetElapsedTime(started);
            if (listeners.Any(l => l.Count != all)) throw new InvalidOperationException("Some reader was told more than there was.");
            var delays = listeners.SelectMany(l => l.Delays).Order().ToArray();
            return new(delays[(int)(0.5 * (delays.Length - 1))], delays[(int)(0.99 * (delays.Length - 1))], delays[^1], server.PeakBytes >> 20, used, pace, listeners[0].Sample);
        }
        finally
        {
            foreach (var listener in listeners) listener.Dispose();
        }
    }

    /// <summary>Makes changes at a steady pace; how many.</summary>
    private static async Task<int> MakeAsync(Func<int, Task> make, int rate, int seconds)
    {
        var (batches, each) = (seconds * BatchesASecond, Math.Max(1, rate / BatchesASecond));
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / BatchesASecond));
        for (var i = 0; i < batches; i++)
        {
            await pace.WaitForNextTickAsync();
            await make(each);
        }
        return batches * each;
    }

    private static async Task UntilAsync(EventListener[] listeners, Task[] reading, int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (listeners.Any(l => l.Count < count))
        {
            if (reading.FirstOrDefault(r => r.IsFaulted) is { } broken) await broken;
            await Task.Delay(20, patience.Token);
        }
    }

    private static async Task AnnounceAsync(HttpClient http, int first, int count)
    {
        using var answer = await http.PostAsJsonAsync($"v1/datasets/{Dataset}/items:batch", new
        {
            items = Enumerable.Range(first, count).Select(i => new { path = $"images/{i:D9}.jpg", contentType = "image/jpeg", size = 123_456 }),
        });
        answer.EnsureSuccessStatusCode();
        await answer.Content.CopyToAsync(Stream.Null);
    }

    private static async Task PostAsync(HttpClient http, string sample, int count)
    {
        var now = AtPattern().Replace(sample, $"\"at\":\"{TimeProvider.System.GetUtcNow():O}\"");
        using var answer = await http.PostAsync("events", new StringContent(new StringBuilder().Insert(0, now, count).ToString()));
        answer.EnsureSuccessStatusCode();
    }

    private static int Number(string[] args, int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;

    [GeneratedRegex("\"at\":\"[^\"]*\"")]
    private static partial Regex AtPattern();

    private sealed record Measured(float P50, float P99, float Worst, long PeakMegabytes, double Cpu, double Rate, string? Sample)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"p50 {P50,7:F1} ms   p99 {P99,7:F1} ms   worst {Worst,7:F1} ms   {PeakMegabytes} MB at most   {Cpu:F2} cores   {Rate:F0} changes/s");
    }
}
