using Amazon.DynamoDBv2.Model;
using Edna.Items;
using Edna.Keys;

namespace Edna.Storage.Dynamo;

/// <summary>What a word of the index changes in a row.</summary>
internal enum IndexedMark
{
    /// <summary>Nothing: it knows more already, or the row is another one.</summary>
    Nothing,

    /// <summary>A revision before the newest: the row stays dirty.</summary>
    Raise,

    /// <summary>The newest revision: the row is dirty no more.</summary>
    Clean,

    /// <summary>The newest revision of a purged row that nobody watches: it goes.</summary>
    Remove,
}

/// <summary>The bookkeeping of the outbox, and the end of the watch over rows: single writes, each on the condition that it was decided on.</summary>
internal static class ItemOutbox
{
    private const string Held = " AND (attribute_not_exists(f) OR f <= :f)";

    /// <summary>Notes that a revision is indexed; whether no later filling than that of the note has made the row dirty.</summary>
    public static async Task<bool> MarkAsync(ItemTableCalls calls, ItemKey key, long revision, long filling, CancellationToken ct)
    {
        if (!ItemId.IsValid(key.ItemId)) return true;
        var row = calls.Keys.Row(key);
        var mark = new Dictionary<string, AttributeValue> { [":r"] = StoredAttributes.Of(revision), [":f"] = StoredAttributes.Of(filling), [":purged"] = ItemAttributes.Purged };
        // Nearly always the row is as it was when it was pushed.
        if (await calls.TryUpdateAsync(row, "SET x = :r REMOVE d", "r = :r AND (s <> :purged OR attribute_exists(u))" + Held, mark, ct)) return true;
        var began = calls.Time.GetTimestamp();
        for (var round = 1; await calls.GetAsync(row, ct) is { } item; round++)
        {
            var found = ItemAttributes.Read(item, key.Dataset);
            if (new StoredAttributes(item).NumberOrNull(ItemAttributes.Filling) > filling) return false;
            var values = new Dictionary<string, AttributeValue>
            {
                [":s"] = item[ItemAttributes.Status], [":was"] = item[ItemAttributes.Revision], [":x"] = item[ItemAttributes.Indexed], [":f"] = StoredAttributes.Of(filling),
            };
            var asRead = "r = :was AND s = :s AND x = :x" + Held + " AND " + (found.UploadDeadline is null ? "attribute_not_exists(u)" : "attribute_exists(u)");
            var settled = Decide(found, revision) switch
            {
                IndexedMark.Nothing => true,
                IndexedMark.Remove => await calls.TryDeleteAsync(row, asRead, values, ct),
                IndexedMark.Clean => await calls.TryUpdateAsync(row, "SET x = :r REMOVE d", asRead, With(values, ":r", revision), ct),
                _ => await calls.TryUpdateAsync(row, "SET x = :r", asRead, With(values, ":r", revision), ct),
            };
            if (settled) return true;
            await calls.PauseAsync(round, began, null, ct);
        }
        return true;
    }

    /// <summary>What to do with a row when a revision is indexed. A revision above the row's is one of a row that is gone.</summary>
    public static IndexedMark Decide(ItemRow row, long revision)
    {
        if (revision > row.Revision) return IndexedMark.Nothing;
        if (Math.Max(row.IndexedRevision, revision) < row.Revision) return revision > row.IndexedRevision ? IndexedMark.Raise : IndexedMark.Nothing;
        if (row is { Status: ItemStatus.Purged, UploadDeadline: null }) return IndexedMark.Remove;
        return revision > row.IndexedRevision ? IndexedMark.Clean : IndexedMark.Nothing;
    }

    /// <summary>Makes every row of a shard dirty, those that are so already among them: a mark that is under way must not hold for any.</summary>
    public static async Task MarkAllDirtyAsync(ItemTableCalls calls, ShardKey shard, long filling, CancellationToken ct)
    {
        const string earlier = "attribute_not_exists(f) OR f < :f";
        var rows = new QueryRequest
        {
            KeyConditionExpression = "pk = :pk", FilterExpression = earlier, ProjectionExpression = "pk, sk",
            ExpressionAttributeValues = new() { [":pk"] = new(calls.Keys.Rows(shard)), [":f"] = StoredAttributes.Of(filling) },
        };
        var values = new Dictionary<string, AttributeValue> { [":0"] = StoredAttributes.Of(0), [":f"] = StoredAttributes.Of(filling) };
        await Parallel.ForEachAsync(calls.QueryAllAsync(rows, ct), DatasetList.Options(ct), async (key, each) =>
            await calls.TryUpdateAsync(key, "SET x = :0, d = w, f = :f", $"attribute_exists(pk) AND ({earlier})", values, each));
    }

    /// <summary>Ends the watch over a row. The revision and status that are there when they are others; null when it is done.</summary>
    public static async Task<ItemRow?> TryEndWatchAsync(ItemTableCalls calls, ItemRow ended, CancellationToken ct)
    {
        var key = calls.Keys.Row(ended.Key);
        var body = StoredAttributes.Of(PackedBytes.Pack(ended.Body));
        var began = calls.Time.GetTimestamp();
        for (var round = 1; await calls.GetAsync(key, ct) is { } item; round++)
        {
            var found = ItemAttributes.Read(item, ended.Key.Dataset);
            if (found.Revision != ended.Revision || found.Status != ended.Status) return found;
            var values = new Dictionary<string, AttributeValue> { [":s"] = item[ItemAttributes.Status], [":was"] = item[ItemAttributes.Revision] };
            // One write, whichever: a row that were only unwatched first, and indexed already, would never go.
            var done = ended.Status != ItemStatus.Purged ? await calls.TryUpdateAsync(key, "SET b = :b REMOVE u", "r = :was AND s = :s", With(values, ":b", body), ct)
                : found.IndexedRevision == found.Revision ? await calls.TryDeleteAsync(key, "r = :was AND s = :s AND x = r", values, ct)
                : await calls.TryUpdateAsync(key, "SET b = :b REMOVE u", "r = :was AND s = :s AND x < r", With(values, ":b", body), ct);
            if (done) return null;
            await calls.PauseAsync(round, began, null, ct);
        }
        return null;
    }

    private static Dictionary<string, AttributeValue> With(Dictionary<string, AttributeValue> values, string name, long value) =>
        With(values, name, StoredAttributes.Of(value));

    private static Dictionary<string, AttributeValue> With(Dictionary<string, AttributeValue> values, string name, AttributeValue value) =>
        new(values) { [name] = value };
}
