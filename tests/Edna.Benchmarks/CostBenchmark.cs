using System.Globalization;

namespace Edna.Benchmarks;

/// <summary><c>cost</c>: no server; what a month costs on AWS by <see cref="Month"/>, for three sizes, as docs/scale.md has it. The baseline: the bytes in the bucket alone.</summary>
internal static class CostBenchmark
{
    private static readonly Month[] s_months = [new(1e6), new(1e8), new(1e10)];

    private static readonly (string Name, Func<Month, double> Of, string Format)[] s_rows =
    [
        ("new items a second at the peak", month => month.ItemsASecond, "N1"), ("DynamoDB write units, millions", month => month.WriteUnits / 1e6, "N1"),
        ("DynamoDB read units, millions", month => month.ReadUnits / 1e6, "N1"), ("table, GB", month => month.TableGigabytes, "N0"),
        ("S3 puts, millions", month => month.Puts / 1e6, "N1"), ("S3 gets, millions", month => month.Gets / 1e6, "N1"), ("bucket, TB", month => month.BucketGigabytes / 1e3, "N0"),
        ("requests at the gateway, millions", month => month.HttpRequests / 1e6, "N1"), ("processors", month => month.Processors, "N1"),
        ("search, GB", month => month.SearchGigabytes, "N0"), ("search shards", month => month.SearchShards, "N0"), ("search nodes", month => month.SearchNodes, "N0"),
        ("**DynamoDB, $**", month => month.DynamoDollars, "N0"), ("**S3 requests and events, $**", month => month.RequestDollars, "N0"),
        ("**processors, $**", month => month.ComputeDollars, "N0"), ("**search, $**", month => month.SearchDollars, "N0"), ("**API and its logs, $**", month => month.EdgeDollars, "N0"),
        ("**EDNA in all, $ a month**", Total, "N0"), ("the bytes in the bucket, $ a month", month => month.BytesDollars, "N0"), ("putting all of it in, $ once", month => month.FirstDollars, "N0"),
    ];

    public static Task<int> RunAsync(string[] args)
    {
        Console.WriteLine($"| a month | {string.Join(" | ", s_months.Select(month => $"{month.Items / 1e6:N0} M items"))} |");
        Console.WriteLine($"|---|{string.Concat(s_months.Select(_ => "---:|"))}");
        foreach (var (name, of, format) in s_rows) Console.WriteLine($"| {name} | {string.Join(" | ", s_months.Select(month => of(month).ToString(format, CultureInfo.InvariantCulture)))} |");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cost m1={Total(s_months[0]):F0} m100={Total(s_months[1]):F0} m10000={Total(s_months[2]):F0} share={Total(s_months[1]) / s_months[1].BytesDollars:F2}"));
        return Task.FromResult(0);
    }

    private static double Total(Month month) => month.DynamoDollars + month.RequestDollars + month.ComputeDollars + month.SearchDollars + month.EdgeDollars;
}
