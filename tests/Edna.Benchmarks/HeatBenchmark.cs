using System.Globalization;

namespace Edna.Benchmarks;

/// <summary>
/// <c>heat</c>: a simulation, no server. How many items a second can be pushed (announced, confirmed, indexed) until the first partition of the table
/// is full in more than one window of twenty, and which kind of partition that is; with each item collection on a partition of its own, as DynamoDB ends up under
/// steady load, and on a new table of four partitions. The baseline: the same units spread evenly over the same item collections.
/// </summary>
internal static class HeatBenchmark
{
    private const int Windows = 20;
    private const int Seed = 1;

    private static readonly (string Name, int Datasets, double Skew)[] s_worlds =
        [("one dataset", 1, 0), ("100 datasets, Zipf 1", 100, 1), ("1,000 datasets, Zipf 1", 1_000, 1), ("100 datasets, alike", 100, 0)];

    public static Task<int> RunAsync(string[] args)
    {
        Console.WriteLine($"{"",-26}{"items/s",10}{"full first",12}{"evenly",12}{"share",8}{"new table",12}");
        var results = new List<(double Items, string Kind, double Even, double Fresh)>();
        foreach (var (name, datasets, skew) in s_worlds)
        {
            var model = new HeatModel(datasets, skew);
            var (items, kind) = Most(model, units => units);
            var (fresh, _) = Most(model, OnFirstPartitions);
            var even = EvenlySpread(model, datasets);
            results.Add((items, kind, even, fresh));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-26}{items,10:F0}{kind,12}{even,12:F0}{items / even,8:F2}{fresh,12:F0}"));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"heat one={results[0].Items:F0} onekind={results[0].Kind} oneshare={results[0].Items / results[0].Even:F2} zipf100={results[1].Items:F0} zipf1000={results[2].Items:F0} alike={results[3].Items:F0} newleast={results.Min(result => result.Fresh):F0} newmost={results.Max(result => result.Fresh):F0} windows={Windows}"));
        return Task.FromResult(0);
    }

    /// <summary>The most items a second that fill no partition in nineteen windows of twenty, to one in a hundred.</summary>
    private static (double Items, string Kind) Most(HeatModel model, Func<double[], double[]> places)
    {
        var (low, high, kind) = (1, 200_000, "");
        while (high - low > Math.Max(1, low / 100))
        {
            var rate = low + ((high - low) / 2);
            if (FullFirst(model, rate, places) is { } full) (high, kind) = (rate, full);
            else low = rate;
        }
        return (low, kind);
    }

    private static string? FullFirst(HeatModel model, int rate, Func<double[], double[]> places)
    {
        var (lot, full, kind) = (new Random(Seed), 0, "");
        // A rate far too high is seen in the first windows.
        for (var window = 0; window < Windows && full * 20 <= Windows; window++)
        {
            var units = places(model.Window(rate * HeatLimits.Window, lot));
            var hottest = Array.IndexOf(units, units.Max());
            if (units[hottest] <= HeatLimits.Partition * HeatLimits.Window) continue;
            (full, kind) = (full + 1, model.KindOf(hottest));
        }
        return full * 20 > Windows ? kind : null;
    }

    /// <summary>Item collections by lot on the partitions of a new table, always alike.</summary>
    private static double[] OnFirstPartitions(double[] units)
    {
        var (lot, partitions) = (new Random(Seed), new double[HeatLimits.FirstPartitions]);
        foreach (var collection in units) partitions[lot.Next(partitions.Length)] += collection;
        return partitions;
    }

    private static double EvenlySpread(HeatModel model, int datasets)
    {
        const int some = 200_000;
        var sum = model.Window(some, new Random(Seed)).Sum();
        return some * HeatLimits.Partition * datasets * Edna.Keys.ShardKey.Count / sum;
    }
}
