using Edna.Objects;

namespace Edna.Rebuild;

/// <summary>What listings say of an item.</summary>
public sealed record ListedItem
{
    /// <summary>The item's id.</summary>
    public required string ItemId { get; init; }

    /// <summary>The objects of its upload attempts, any order.</summary>
    public List<(long Revision, ListedObject Object)> Contents { get; } = [];

    /// <summary>Whether it has an item document.</summary>
    public bool HasDocument { get; set; }

    /// <summary>When its item document was written, UTC.</summary>
    public DateTimeOffset DocumentAt { get; set; }

    /// <summary>The revision of its newest label document; 0 for none.</summary>
    public long NewestLabels { get; set; }

    /// <summary>How many label documents it has.</summary>
    public long LabelDocuments { get; set; }

    /// <summary>When the newest of everything was written, UTC.</summary>
    public DateTimeOffset NewestAt { get; set; }
}

/// <summary>Lists the items of a dataset's bucket in id order: one pass over <c>items/</c> and <c>labels/</c> side by side.</summary>
/// <param name="store">The bucket.</param>
/// <param name="patience">Waits for it.</param>
public sealed class BucketItems(IObjectStore store, Patience patience)
{
    /// <summary>The items that have anything in the bucket.</summary>
    /// <param name="keys">Where the dataset lies.</param>
    /// <param name="afterItemId">Only items after this one; null from the start.</param>
    /// <param name="stray">Takes objects under these prefixes that are none of EDNA's own.</param>
    /// <param name="ct">Cancels.</param>
    public async IAsyncEnumerable<ListedItem> ListAsync(
        ObjectKeys keys, string? afterItemId, Action<ListedObject> stray, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var items = Of(keys, "items/", afterItemId, stray, ct).GetAsyncEnumerator(ct);
        await using var labels = Of(keys, "labels/", afterItemId, stray, ct).GetAsyncEnumerator(ct);
        var (moreItems, moreLabels) = (await items.MoveNextAsync(), await labels.MoveNextAsync());
        while (moreItems || moreLabels)
        {
            var order = !moreItems ? 1 : !moreLabels ? -1 : string.CompareOrdinal(items.Current.ItemId, labels.Current.ItemId);
            var item = order <= 0 ? items.Current : labels.Current;
            if (order == 0) Join(item, labels.Current);
            if (order <= 0) moreItems = await items.MoveNextAsync();
            if (order >= 0) moreLabels = await labels.MoveNextAsync();
            yield return item;
        }
    }

    /// <summary>What one item has, of everything.</summary>
    /// <param name="keys">Where the dataset lies.</param>
    /// <param name="itemId">The item.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<ListedItem> OneAsync(ObjectKeys keys, string itemId, CancellationToken ct)
    {
        var item = new ListedItem { ItemId = itemId };
        foreach (var prefix in new[] { $"{keys.Root}items/{itemId}/", $"{keys.Root}labels/{itemId}/" })
            await foreach (var found in patience.ListAsync(store, keys.Bucket, prefix, null, ct))
                if (ObjectKeyParts.Read(found.Key[keys.Root.Length..]) is { } parts) Add(item, parts, found);
        return item;
    }

    private async IAsyncEnumerable<ListedItem> Of(
        ObjectKeys keys, string folder, string? afterItemId, Action<ListedObject> stray, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var prefix = keys.Root + folder;
        ListedItem? item = null;
        // '0' follows '/': after everything of that item.
        await foreach (var found in patience.ListAsync(store, keys.Bucket, prefix, afterItemId is null ? null : $"{prefix}{afterItemId}0", ct))
        {
            if (ObjectKeyParts.Read(found.Key[keys.Root.Length..]) is not { ItemId: { } id } parts)
            {
                stray(found);
                continue;
            }
            if (item is not null && item.ItemId != id) yield return item;
            if (item?.ItemId != id) item = new() { ItemId = id };
            Add(item, parts, found);
        }
        if (item is not null) yield return item;
    }

    private static void Add(ListedItem item, ObjectKeyParts parts, ListedObject found)
    {
        switch (parts.Role)
        {
            case ObjectRole.Content:
                item.Contents.Add((parts.Revision, found));
                break;
            case ObjectRole.Item:
                (item.HasDocument, item.DocumentAt) = (true, found.LastModified);
                break;
            case ObjectRole.Labels:
                (item.NewestLabels, item.LabelDocuments) = (Math.Max(item.NewestLabels, parts.Revision), item.LabelDocuments + 1);
                break;
            default:
                return;
        }
        if (found.LastModified > item.NewestAt) item.NewestAt = found.LastModified;
    }

    private static void Join(ListedItem item, ListedItem labels)
    {
        (item.NewestLabels, item.LabelDocuments) = (labels.NewestLabels, labels.LabelDocuments);
        if (labels.NewestAt > item.NewestAt) item.NewestAt = labels.NewestAt;
    }
}
