using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Storage.Sqlite;

/// <summary>The numbers that stand for datasets in the file. A number is given once and kept for good.</summary>
internal sealed class DatasetNumbers
{
    private readonly ConcurrentDictionary<DatasetKey, int> _numbers = new();
    private readonly ConcurrentDictionary<int, DatasetKey> _datasets = new();

    public DatasetNumbers(Connection connection)
    {
        var all = connection.Prepare("SELECT number, tenant, name FROM dataset");
        while (all.Step()) Add(new(all.Text(1), all.Text(2)), all.Int(0));
    }

    public int? Find(DatasetKey dataset) => _numbers.TryGetValue(dataset, out var number) ? number : null;

    /// <summary>The dataset of a number; null when its first commit is just being made.</summary>
    public DatasetKey? DatasetOf(int number) => _datasets.TryGetValue(number, out var dataset) ? dataset : null;

    /// <summary>The number that a shard has in the file.</summary>
    public bool TryFindShard(ShardKey shard, [NotNullWhen(true)] out long? number)
    {
        number = Find(shard.Dataset) is { } dataset ? ShardOf(dataset, shard.Shard) : null;
        return number is not null;
    }

    public static long ShardOf(int dataset, int shard) => ((long)dataset * ShardKey.Count) + shard;

    public void Add(DatasetKey dataset, int number)
    {
        _datasets[number] = dataset;
        _numbers[dataset] = number;
    }
}
