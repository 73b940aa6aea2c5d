using System.Globalization;

namespace Edna.Benchmarks;

/// <summary><c>cost</c>: no server; what a month costs on AWS by <see cref="Month"/>, for three sizes, as docs/scale.md has it. The baseline: the bytes in the bucket alone.</summary>
internal static class CostBenchmark
{
    private static readonly Month[] s_months = [new(1e6), new(1e8), new(1e10)];

    /// <summary>Rows, each with where its figure is from, by the letters of docs/scale.md.</summary>
    private static readonly (string Name, Func<Month, double> Of, string Format, string From)[] s_rows =
    [
        ("new items a second at the peak", month => month.ItemsASecond, "N1", "A"), ("requests a second at the gateway at the peak", month => month.RequestsASecond, "N1", "A"),
        ("DynamoDB write units, millions", month => month.WriteUnits / 1e6, "N1", "A × C"), ("DynamoDB read units, millions", month => month.ReadUnits / 1e6, "N1", "A × C"),
        ("table, GB", month => month.TableGigabytes, "N0", "C"),
        ("S3 puts, millions", month => month.Puts / 1e6, "N1", "A × C"), ("S3 gets, millions", month => month.Gets / 1e6, "N1", "A × C"), ("bucket, TB", month => month.BucketGigabytes / 1e3, "N0", "A"),
        ("requests at the gateway, millions", month => month.HttpRequests / 1e6, "N1", "A × C"), ("processors", month => month.Processors, "N1", "A × M"),
        ("silos of one processor, each with a gateway of half a one", month => month.Silos, "N0", "A × M"),
        ("search, GB", month => month.SearchGigabytes, "N0", "A × M"), ("search shards of 30 GB", month => month.SearchShards, "N0", "A × M"), ("search nodes", month => month.SearchNodes, "N0", "A × M"),
        ("**DynamoDB, $**", month => month.DynamoDollars, "N0", "A × P"), ("**S3 requests and events, $**", month => month.RequestDollars, "N0", "A × P"),
        ("**processors, $**", month => month.ComputeDollars, "N0", "A × P"), ("**search, $**", month => month.SearchDollars, "N0", "A"), ("**API and its logs, $**", month => month.EdgeDollars, "N0", "A × P"),
        ("**EDNA in all, $ a month**", Total, "N0", "A × P"), ("the bytes in the bucket, $ a month", month => month.BytesDollars, "N0", "A × P"), ("putting all of it in, $ once", month => month.FirstDollars, "N0", "C × P"),
    ];

    public static Task<int> RunAsync(string[] args)
    {
        Console.WriteLine($"| a month | {string.Join(" | ", s_months.Select(month => $"{month.Items / 1e6:N0} M items"))} | from |");
        Console.WriteLine($"|---|{string.Concat(s_months.Select(_ => "---:|"))}---|");
        foreach (var (name, of, format, from) in s_rows) Console.WriteLine($"| {name} | {string.Join(" | ", s_months.Select(month => of(month).ToString(format, CultureInfo.InvariantCulture)))} | {from} |");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cost m1={Total(s_months[0]):F0} m100={Total(s_months[1]):F0} m10000={Total(s_months[2]):F0} share={Total(s_months[1]) / s_months[1].BytesDollars:F2}"));
        return Task.FromResult(0);
    }

    private static double Total(Month month) => month.DynamoDollars + month.RequestDollars + month.ComputeDollars + month.SearchDollars + month.EdgeDollars;
}
