using System.Diagnostics;
using System.Globalization;

namespace Edna.Benchmarks;

/// <summary>
/// <c>sweep</c>: 100,000 uploads are announced and never sent; how many a second the sweeper settles once all are overdue (asked for
/// at the store, failed, durable, indexed), and what the server holds in memory at the peak of that. The baselines, of the same run:
/// what it held before, and how many a second were announced in batches. Arguments: items, default 100,000.
/// </summary>
internal static class SweepBenchmark
{
    private const int BatchSize = 1_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    /// <summary>The first tick comes when the last upload is overdue, so that time is measured and not the uploads' ages.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task<int> RunAsync(string[] args)
    {
        var items = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
        using var folder = new Harness.TempFolder();
        await using var edna = await Server.StartEdnaAsync(folder, new Dictionary<string, string?>
        {
            ["Edna__Uploads__UrlLifetime"] = Lifetime.ToString("c"), ["Edna__Uploads__Grace"] = "00:00:00", ["Edna__Uploads__SweepInterval"] = Interval.ToString("c"),
        });
        using var http = edna.NewClient(connections: 4);
        (await http.PostAsJsonAsync("v1/datasets", new { name = UploadLoad.Dataset })).EnsureSuccessStatusCode();
        var started = Stopwatch.GetTimestamp();
        for (var first = 0; first < items; first += BatchSize) await AnnounceAsync(http, first, Math.Min(BatchSize, items - first));
        var announced = items / Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (Stopwatch.GetElapsedTime(started) > Interval - Lifetime) throw new InvalidOperationException("Announcing took so long that the sweep began before the last was overdue.");

        await UntilAsync(http, counts => counts.GetValueOrDefault("pending") == items);
        var (before, cpu) = (edna.ResidentBytes, edna.CpuTime);
        edna.ForgetPeak();
        await UntilAsync(http, counts => counts.GetValueOrDefault("failed") > 0);
        var swept = Stopwatch.GetTimestamp();
        await UntilAsync(http, counts => counts.GetValueOrDefault("failed") == items);
        var ips = items / Stopwatch.GetElapsedTime(swept).TotalSeconds;
        var cpuMicroseconds = (edna.CpuTime - cpu).TotalMicroseconds / items;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"sweep ips={ips:F0} announceips={announced:F0} rssmb={before >> 20} peakmb={edna.PeakBytes >> 20} afterrssmb={edna.ResidentBytes >> 20} cpuus={cpuMicroseconds:F1} items={items}"));
        return 0;
    }

    private static async Task AnnounceAsync(HttpClient http, int first, int count)
    {
        using var answer = await http.PostAsJsonAsync($"v1/datasets/{UploadLoad.Dataset}/items:batch", new
        {
            items = Enumerable.Range(first, count).Select(i => new { path = $"images/{i:D9}.jpg", contentType = "image/jpeg", size = 123_456 }),
        });
        answer.EnsureSuccessStatusCode();
        await answer.Content.CopyToAsync(Stream.Null);
    }

    /// <summary>Waits until the dataset's counts, which the index has taken in, are as they should be.</summary>
    private static async Task UntilAsync(HttpClient http, Func<Dictionary<string, long>, bool> reached)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!reached((await http.GetFromJsonAsync<Counted>($"v1/datasets/{UploadLoad.Dataset}", patience.Token))!.Stats.Items))
            await Task.Delay(100, patience.Token);
    }

    private sealed record Counted(Stats Stats);

    private sealed record Stats(Dictionary<string, long> Items);
}
