using System.Text;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Edna.Items;
using Edna.Keys;
using Edna.Storage.Rows;

namespace Edna.Storage.Dynamo;

/// <summary>Lists a dataset's items in path order: the shards are read side by side and merged. A bounded number of rows is looked at a call.</summary>
internal static class ItemListing
{
    /// <summary>Rows looked at in one call: each is read from the table, and paid for.</summary>
    public const int Bound = 2_000;

    /// <summary>The most rows of a shard that are asked for at once.</summary>
    private const int MostAtOnce = 200;

    public static async Task<ItemRowPage> ListAsync(ItemTableCalls calls, DatasetKey dataset, ItemListRequest request, CancellationToken ct)
    {
        var cursor = request.Cursor is null ? null : ListCursor.Parse(request.Cursor);
        if (request.Path is not null) return await AtPathAsync(calls, dataset, request, cursor, ct);
        var prefix = Encoding.UTF8.GetBytes(request.PathPrefix ?? "");
        var merge = new PathMerge(ShardKey.Count, cursor is not null && cursor.AsSpan().SequenceCompareTo(prefix) >= 0 ? ByteOrder.After(cursor, ItemPath.MaxBytes) : prefix);
        var (page, looked) = (new List<ItemRow>(), 0);
        var filter = new RowFilter(request);
        for (var round = 0; ; round++)
        {
            while (page.Count < request.Limit && merge.TryTake(out var next)) page.Add(next);
            if (merge.IsEmpty) return new(page, null);
            if (page.Count == request.Limit) return new(page, ListCursor.Format(Encoding.UTF8.GetBytes(page[^1].Path)));
            // Enough looked at; but a cursor must be somewhere.
            if (looked >= Bound && merge.Frontier is { } reached) return new(page, ListCursor.Format(reached));
            // As many as each is likely to be asked for, and more each time that it was too few: conditions may leave out nearly all.
            var each = Math.Clamp((((request.Limit - page.Count) * 3 / 2 / ShardKey.Count) + 2) << Math.Min(round, 6), 2, MostAtOnce);
            var read = await Task.WhenAll(merge.Wanting().Select(async shard =>
                (Shard: shard, Page: await calls.QueryAsync(Query(calls.Keys.Rows(new(dataset, shard)), merge.NextOf(shard), prefix, each), ct))));
            foreach (var (shard, found) in read)
            {
                looked += found.Looked;
                merge.Add(shard, found.Items.Select(item => ItemAttributes.Read(item, dataset)).Where(filter.Matches),
                    found.Last is null ? null : new StoredAttributes(found.Last).Bytes(ItemAttributes.Path));
            }
        }
    }

    /// <summary>The path is the item's id: one row to look at.</summary>
    private static async Task<ItemRowPage> AtPathAsync(ItemTableCalls calls, DatasetKey dataset, ItemListRequest request, byte[]? cursor, CancellationToken ct)
    {
        var path = Encoding.UTF8.GetBytes(request.Path!);
        if (path.Length > ItemPath.MaxBytes) return new([], null);
        if (cursor is not null && cursor.AsSpan().SequenceCompareTo(path) >= 0) return new([], null);
        var item = await calls.GetAsync(calls.Keys.Row(new(dataset, ItemId.FromPath(request.Path!))), ct);
        return item is not null && ItemAttributes.Read(item, dataset) is var row && new RowFilter(request).Matches(row) ? new([row], null) : new([], null);
    }

    /// <summary>Rows of a shard from a path on, as far as paths may have the prefix. Conditions are looked at here: the index has keys only.</summary>
    private static QueryRequest Query(string rows, byte[] from, byte[] prefix, int limit)
    {
        var values = new Dictionary<string, AttributeValue>
        {
            [":pk"] = new(rows), [":to"] = StoredAttributes.Of(ByteOrder.AfterAllOf(prefix)),
        };
        // No bytes at all are no value of a key.
        if (from.Length > 0) values[":from"] = StoredAttributes.Of(from);
        return new()
        {
            IndexName = DynamoItemSchema.ByPath, Select = Select.ALL_ATTRIBUTES, Limit = limit, ExpressionAttributeValues = values,
            KeyConditionExpression = from.Length > 0 ? "pk = :pk AND p BETWEEN :from AND :to" : "pk = :pk AND p < :to",
        };
    }
}
