using Edna.Keys;
using Edna.Objects;

namespace Edna.Events;

/// <summary>Finds the item whose bytes lie at a key of a bucket.</summary>
public sealed class EventRouter(IObjectStore store, StorageBindings bindings)
{
    /// <summary>The item; null when no item's bytes can lie at the key: a document of EDNA's own, or a key that makes no path.</summary>
    /// <param name="bucket">The bucket's name.</param>
    /// <param name="key">The whole key.</param>
    public async ValueTask<ItemKey?> FindAsync(string bucket, string key)
    {
        if (bucket == store.Bucket) return OfOwn(store.Prefix, key);
        return await bindings.FindAsync(bucket, key) is { } bound ? OfRoot(bound.Dataset, key[bound.Prefix.Length..]) : null;
    }

    /// <summary>The item of a key in the service's own bucket: <c>{prefix}{tenant}/{dataset}/</c> is the root of a dataset, and the rest as in <see cref="OfRoot"/>.</summary>
    /// <param name="prefix">The service's prefix.</param>
    /// <param name="key">The whole key.</param>
    public static ItemKey? OfOwn(string prefix, string key)
    {
        if (!key.StartsWith(prefix, StringComparison.Ordinal)) return null;
        var tenantEnd = key.IndexOf('/', prefix.Length);
        var datasetEnd = tenantEnd < 0 ? -1 : key.IndexOf('/', tenantEnd + 1);
        if (tenantEnd == prefix.Length || datasetEnd < 0) return null;
        var dataset = key[(tenantEnd + 1)..datasetEnd];
        if (!DatasetName.IsValid(dataset)) return null;
        return OfRoot(new(key[prefix.Length..tenantEnd], dataset), key[(datasetEnd + 1)..]);
    }

    /// <summary>The item of a key below a dataset's root: bytes under a key of EDNA's, or registered in place under a path of their own, as an import does.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="key">The part of the key after <see cref="ObjectKeys.Root"/>.</param>
    public static ItemKey? OfRoot(DatasetKey dataset, string key)
    {
        if (ObjectKeyParts.Read(key) is { } own) return own is { Role: ObjectRole.Content, ItemId: { } id } ? new(dataset, id) : null;
        return ItemPath.TryNormalise(key, out var path, out _) ? new(dataset, ItemId.FromPath(path)) : null;
    }
}
