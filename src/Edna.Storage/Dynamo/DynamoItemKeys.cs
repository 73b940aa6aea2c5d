using System.Globalization;
using Amazon.DynamoDBv2.Model;
using Edna.Keys;
using Edna.Storage.Rows;

namespace Edna.Storage.Dynamo;

/// <summary>What the keys of the table of items look like. Several services may share the table: each has partitions of its own.</summary>
/// <param name="table">The table's name.</param>
/// <param name="service">The service's id: letters, digits, <c>-</c> and <c>.</c>.</param>
internal sealed class DynamoItemKeys(string table, string service)
{
    /// <summary>
    /// Changes in one partition of a feed, as a power of two. An item collection with local indexes ends at 10 GB; so many of the
    /// largest changes take less.
    /// </summary>
    private const int ChangesPerStretch = 22;

    /// <summary>The shards in the order of the ids in them: digits come before letters, though their values come after.</summary>
    private static readonly int[] s_inIdOrder = [13, 14, 15, .. Enumerable.Range(0, 13)];

    /// <summary>The table's name.</summary>
    public string Table => table;

    /// <summary>Where the index that rows are pushed to is noted.</summary>
    public Dictionary<string, AttributeValue> Generation => Key($"{service}/search", "generation");

    /// <summary>The partition of a shard's rows.</summary>
    public string Rows(ShardKey shard) => string.Create(CultureInfo.InvariantCulture, $"{service}/item/{shard.Dataset}/{shard.Shard:x}");

    /// <summary>The key of an item's row.</summary>
    public Dictionary<string, AttributeValue> Row(ItemKey key) => Key(Rows(key.Shard), key.ItemId);

    /// <summary>The key of the head of a dataset's feed: in a partition of its own, for every write touches it.</summary>
    public Dictionary<string, AttributeValue> Head(DatasetKey dataset) => Key($"{service}/head/{dataset}", "head");

    /// <summary>Which stretch of a feed holds the segment that ends with a number.</summary>
    public static long StretchOf(long lastNumber) => lastNumber >> ChangesPerStretch;

    /// <summary>The partition of a stretch of a dataset's feed.</summary>
    public string Feed(DatasetKey dataset, long stretch) => string.Create(CultureInfo.InvariantCulture, $"{service}/feed/{dataset}/{stretch:x}");

    /// <summary>The key of the segment of a dataset's feed that ends with a number.</summary>
    public Dictionary<string, AttributeValue> Segment(DatasetKey dataset, long lastNumber) =>
        Key(Feed(dataset, StretchOf(lastNumber)), ChangeCursor.Format(lastNumber));

    /// <summary>The partition of the list of datasets that have rows or changes.</summary>
    public string AllDatasets => $"{service}/datasets";

    /// <summary>The key of a dataset in the list of them.</summary>
    public Dictionary<string, AttributeValue> Dataset(DatasetKey dataset) => Key(AllDatasets, dataset.ToString());

    /// <summary>All shards of a dataset.</summary>
    public static IEnumerable<ShardKey> Shards(DatasetKey dataset) => Enumerable.Range(0, ShardKey.Count).Select(shard => new ShardKey(dataset, shard));

    /// <summary>The shards of a dataset that hold ids after one, in the order of ids, that of the id first.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="afterItemId">A valid id; null for all shards.</param>
    public static IEnumerable<ShardKey> ShardsAfter(DatasetKey dataset, string? afterItemId) => s_inIdOrder
        .Skip(afterItemId is null ? 0 : Array.IndexOf(s_inIdOrder, ItemId.ShardOf(afterItemId)))
        .Select(shard => new ShardKey(dataset, shard));

    private static Dictionary<string, AttributeValue> Key(string partition, string sort) =>
        new() { [DynamoItemSchema.PartitionKey] = new(partition), [DynamoItemSchema.SortKey] = new(sort) };
}
