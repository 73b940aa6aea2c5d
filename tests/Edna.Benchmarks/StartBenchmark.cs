using System.Globalization;
using Edna.Harness;

namespace Edna.Benchmarks;

/// <summary><c>start</c>: from process start to ready with an empty data directory, beside a bare Kestrel program.</summary>
internal static class StartBenchmark
{
    private const int Runs = 5;

    public static async Task<int> RunAsync(string[] args)
    {
        var (edna, bare) = (new List<double>(), new List<double>());
        for (var run = 1; run <= Runs; run++)
        {
            edna.Add(await MeasureAsync(f => Server.StartEdnaAsync(f)));
            bare.Add(await MeasureAsync(folder => Server.StartBareAsync(folder)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"run {run}: EDNA {edna[^1]:F0} ms, bare {bare[^1]:F0} ms"));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"start ms={Median(edna):F0} bare={Median(bare):F0} runs={Runs}"));
        return 0;
    }

    private static async Task<double> MeasureAsync(Func<TempFolder, Task<Server>> start)
    {
        using var folder = new TempFolder();
        await using var server = await start(folder);
        return server.StartedIn.TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
