using System.Globalization;

namespace Edna.Keys;

/// <summary>Names one of the <see cref="Count"/> shards of a dataset's change feed. Grain key <c>tenant/dataset/shard</c>.</summary>
[GenerateSerializer, Immutable, Alias("edna.ShardKey")]
public readonly record struct ShardKey
{
    /// <summary>Shards in a dataset.</summary>
    public const int Count = 16;

    /// <summary>Creates the key.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="shard">0–15.</param>
    public ShardKey(DatasetKey dataset, int shard) => (Dataset, Shard) = (dataset, shard);

    /// <summary>The dataset.</summary>
    [Id(0)] public DatasetKey Dataset { get; init; }

    /// <summary>The shard's number, 0–15.</summary>
    [Id(1)] public int Shard { get; init; }

    /// <summary>The grain key.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Dataset}/{Shard}");

    /// <summary>Reads a grain key.</summary>
    /// <param name="key"><c>tenant/dataset/shard</c>.</param>
    public static ShardKey Parse(string key)
    {
        var slash = key.LastIndexOf('/');
        return new(DatasetKey.Parse(key[..slash]), int.Parse(key.AsSpan(slash + 1), CultureInfo.InvariantCulture));
    }
}
