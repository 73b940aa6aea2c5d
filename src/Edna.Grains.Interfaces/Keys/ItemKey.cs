namespace Edna.Keys;

/// <summary>Names an item. Grain key <c>tenant/dataset/itemId</c>.</summary>
[GenerateSerializer, Immutable, Alias("edna.ItemKey")]
public readonly record struct ItemKey
{
    /// <summary>Creates the key.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="itemId">A valid <see cref="ItemId"/>.</param>
    public ItemKey(DatasetKey dataset, string itemId) => (Dataset, ItemId) = (dataset, itemId);

    /// <summary>The dataset.</summary>
    [Id(0)] public DatasetKey Dataset { get; init; }

    /// <summary>The item's id, 26 characters.</summary>
    [Id(1)] public string ItemId { get; init; }

    /// <summary>The change-feed shard of the item.</summary>
    public ShardKey Shard => new(Dataset, Keys.ItemId.ShardOf(ItemId));

    /// <summary>The grain key.</summary>
    public override string ToString() => $"{Dataset}/{ItemId}";

    /// <summary>Reads a grain key.</summary>
    /// <param name="key"><c>tenant/dataset/itemId</c>.</param>
    public static ItemKey Parse(string key)
    {
        var slash = key.LastIndexOf('/');
        return new(DatasetKey.Parse(key[..slash]), key[(slash + 1)..]);
    }
}
