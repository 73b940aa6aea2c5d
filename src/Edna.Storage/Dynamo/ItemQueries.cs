using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Edna.Items;
using Edna.Keys;

namespace Edna.Storage.Dynamo;

/// <summary>Reads of rows by key and by the narrow indexes.</summary>
internal static class ItemQueries
{
    private const int LookedAtOnce = 250;

    /// <summary>The rows of many items, in the order asked for.</summary>
    public static async Task<IReadOnlyList<ItemRow?>> ReadManyAsync(ItemTableCalls calls, DatasetKey dataset, IReadOnlyList<string> itemIds, CancellationToken ct)
    {
        var keys = itemIds.Where(ItemId.IsValid).Distinct(StringComparer.Ordinal).Select(id => calls.Keys.Row(new(dataset, id)));
        var rows = (await calls.GetManyAsync(keys, ct)).Select(item => ItemAttributes.Read(item, dataset)).ToDictionary(row => row.Key.ItemId, StringComparer.Ordinal);
        return [.. itemIds.Select(id => rows.GetValueOrDefault(id))];
    }

    /// <summary>Rows in the order of ids, shard by shard.</summary>
    public static async Task<IReadOnlyList<ItemRow>> ScanAsync(ItemTableCalls calls, DatasetKey dataset, string? afterItemId, int limit, CancellationToken ct)
    {
        if (afterItemId is not null && !ItemId.IsValid(afterItemId)) throw new ArgumentException($"'{afterItemId}' is not an item id.", nameof(afterItemId));
        var found = new List<ItemRow>();
        foreach (var shard in DynamoItemKeys.ShardsAfter(dataset, afterItemId))
        {
            if (found.Count >= limit) break;
            found.AddRange(await ReadAsync(calls, shard, null, " AND sk > :after", new() { [":after"] = new(afterItemId ?? "!") }, limit - found.Count, ct));
        }
        return found;
    }

    /// <summary>Rows of a shard that the search index has not taken in.</summary>
    public static Task<List<ItemRow>> ReadDirtyAsync(ItemTableCalls calls, ShardKey shard, int limit, CancellationToken ct) =>
        ReadAsync(calls, shard, DynamoItemSchema.ByDirty, "", [], limit, ct);

    /// <summary>Rows of a shard whose deadline is before a time, earliest first.</summary>
    public static Task<List<ItemRow>> ReadOverdueAsync(ItemTableCalls calls, ShardKey shard, DateTimeOffset before, int limit, CancellationToken ct) =>
        ReadAsync(calls, shard, DynamoItemSchema.ByDeadline, " AND u < :before", new() { [":before"] = StoredAttributes.Of(before) }, limit, ct);

    /// <summary>Rows of a shard that went to the trash before a time, oldest first.</summary>
    public static Task<List<ItemRow>> ReadTrashedAsync(ItemTableCalls calls, ShardKey shard, DateTimeOffset before, int limit, CancellationToken ct) =>
        ReadAsync(calls, shard, DynamoItemSchema.ByTrash, " AND t < :before", new() { [":before"] = StoredAttributes.Of(before) }, limit, ct);

    /// <summary>Whether a shard has a row, or one in an index.</summary>
    public static async Task<bool> HasAnyAsync(ItemTableCalls calls, ShardKey shard, string? index, CancellationToken ct)
    {
        var query = Query(calls, shard, index, "", []);
        (query.Limit, query.ProjectionExpression) = (1, "sk");
        return (await calls.QueryAsync(query, ct)).Items.Count > 0;
    }

    /// <summary>When the oldest dirty row of a shard was written; null when none is dirty.</summary>
    public static async Task<DateTimeOffset?> OldestDirtyAsync(ItemTableCalls calls, ShardKey shard, CancellationToken ct)
    {
        var query = Query(calls, shard, DynamoItemSchema.ByDirty, "", []);
        (query.Limit, query.ProjectionExpression) = (1, "pk, sk, d");
        return (await calls.QueryAsync(query, ct)).Items is [var oldest] ? new StoredAttributes(oldest).Time(ItemAttributes.Dirty) : null;
    }

    /// <summary>How many rows of a shard are not purged; no more are counted than is asked for, or a few.</summary>
    public static async Task<long> CountAsync(ItemTableCalls calls, ShardKey shard, long enough, CancellationToken ct)
    {
        var query = Query(calls, shard, null, "", new() { [":purged"] = ItemAttributes.Purged });
        (query.FilterExpression, query.Select) = ("s <> :purged", Select.COUNT);
        if (enough < LookedAtOnce) query.Limit = LookedAtOnce;
        for (var count = 0L; ;)
        {
            var page = await calls.QueryAsync(query, ct);
            count += page.Count;
            query.ExclusiveStartKey = page.Last;
            if (page.Last is null || count >= enough) return count;
        }
    }

    private static async Task<List<ItemRow>> ReadAsync(
        ItemTableCalls calls, ShardKey shard, string? index, string condition, Dictionary<string, AttributeValue> values, int limit, CancellationToken ct)
    {
        var rows = new List<ItemRow>();
        if (limit < 1) return rows;
        var query = Query(calls, shard, index, condition, values);
        (query.Limit, query.Select) = (limit, Select.ALL_ATTRIBUTES);
        do
        {
            var page = await calls.QueryAsync(query, ct);
            rows.AddRange(page.Items.Select(item => ItemAttributes.Read(item, shard.Dataset)));
            (query.ExclusiveStartKey, query.Limit) = (page.Last, limit - rows.Count);
        }
        while (query.ExclusiveStartKey is not null && rows.Count < limit);
        return rows;
    }

    private static QueryRequest Query(ItemTableCalls calls, ShardKey shard, string? index, string condition, Dictionary<string, AttributeValue> values) => new()
    {
        IndexName = index, KeyConditionExpression = "pk = :pk" + condition,
        ExpressionAttributeValues = new(values) { [":pk"] = new(calls.Keys.Rows(shard)) },
    };
}
