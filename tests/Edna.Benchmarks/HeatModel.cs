using System.Globalization;
using Edna.Keys;

namespace Edna.Benchmarks;

/// <summary>What a table takes.</summary>
internal static class HeatLimits
{
    /// <summary>What one partition takes a second. Item collections with local indexes are not split, so each of ours has no more, ever.</summary>
    public const double Partition = 1_000;

    /// <summary>What a new table on demand has before it has seen any load.</summary>
    public const int FirstPartitions = 4;

    /// <summary>Transactions that the writer of a dataset makes one after the other in a second, by what one takes (ADR 25).</summary>
    public const int TransactionsInTurn = 50;

    /// <summary>Seconds that are looked at together: what is not used in one, DynamoDB gives in the next, for minutes.</summary>
    public const int Window = 10;
}

/// <summary>How items that come in a second heat the partitions of the table.</summary>
/// <param name="datasets">How many datasets there are.</param>
/// <param name="skew">The exponent of Zipf's law by which items fall on datasets; 0: on all alike.</param>
internal sealed class HeatModel(int datasets, double skew)
{
    /// <summary>The shards of items as clients name them: in folders, one number after the other.</summary>
    private static readonly int[] s_shards = [.. Enumerable.Range(0, 1 << 16).Select(i => ItemId.ShardOf(ItemId.FromPath(string.Create(CultureInfo.InvariantCulture, $"train/berlin/IMG_{i:d7}.jpg"))))];

    private readonly double[] _upTo = Cumulate(datasets, skew);

    /// <summary>The units of a window, by partition: rows by shard, then heads, then feeds.</summary>
    /// <param name="items">Items that come in the window.</param>
    /// <param name="lot">The lot by which they fall.</param>
    public double[] Window(int items, Random lot)
    {
        var (units, counts, at) = (new double[datasets * (ShardKey.Count + 2)], new int[datasets], lot.Next(s_shards.Length));
        for (var i = 0; i < items; i++)
        {
            var dataset = Draw(lot);
            counts[dataset]++;
            units[(dataset * ShardKey.Count) + s_shards[(at + i) & (s_shards.Length - 1)]] += TableUnits.Row;
        }
        for (var dataset = 0; dataset < datasets; dataset++)
        {
            // Announced and confirmed.
            var rows = counts[dataset] * 2;
            if (rows == 0) continue;
            // What comes while a transaction is under way goes together in the next.
            var transactions = Math.Max((rows + TableUnits.MostRows - 1) / TableUnits.MostRows, Math.Min(rows, HeatLimits.TransactionsInTurn * HeatLimits.Window));
            units[(datasets * ShardKey.Count) + dataset] = transactions * TableUnits.Head;
            units[(datasets * (ShardKey.Count + 1)) + dataset] = transactions * TableUnits.Segment(rows / transactions);
        }
        return units;
    }

    /// <summary>What kind of partition stands at a place of <see cref="Window"/>.</summary>
    public string KindOf(int place) => place < datasets * ShardKey.Count ? "rows" : place < datasets * (ShardKey.Count + 1) ? "head" : "feed";

    private int Draw(Random lot)
    {
        var found = Array.BinarySearch(_upTo, lot.NextDouble());
        return Math.Min(found < 0 ? ~found : found, datasets - 1);
    }

    private static double[] Cumulate(int datasets, double skew)
    {
        var weights = Enumerable.Range(1, datasets).Select(rank => Math.Pow(rank, -skew)).ToArray();
        var (sum, all) = (0.0, weights.Sum());
        return [.. weights.Select(weight => (sum += weight) / all)];
    }
}
