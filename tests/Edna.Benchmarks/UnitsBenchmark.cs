using System.Globalization;

namespace Edna.Benchmarks;

/// <summary>
/// <c>units</c>: no server; what an item costs in DynamoDB's write units from announcement to search, by <see cref="TableUnits"/>, when it comes alone and when it comes with
/// others. The baseline: a plain put of the same row, which has no order, no change and no outbox.
/// </summary>
internal static class UnitsBenchmark
{
    public static Task<int> RunAsync(string[] args)
    {
        Console.WriteLine($"{"rows in a transaction",-24}{"row",8}{"head",8}{"feed",8}{"an item",10}");
        foreach (var rows in new[] { 1, 7, TableUnits.MostRows })
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{rows,-24}{TableUnits.Row,8:F2}{2 * TableUnits.Head / rows,8:F2}{2 * TableUnits.Segment(rows) / rows,8:F2}{TableUnits.Life(rows),10:F2}"));
        }
        var plain = Math.Ceiling(TableUnits.RowBytes / 1_024.0);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"units alone={TableUnits.Life(1):F2} together={TableUnits.Life(TableUnits.MostRows):F2} row={TableUnits.Row:F0} plain={plain:F0} rowbytes={TableUnits.RowBytes} changebytes={(double)TableUnits.SegmentBytes / TableUnits.MostRows:F0}"));
        return Task.FromResult(0);
    }
}
