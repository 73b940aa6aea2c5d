using Edna.Items;
using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Storage.Sqlite;

/// <summary>The statements that read items.</summary>
internal static class ItemReads
{
    private const string ById = $"SELECT {ItemRowColumns.All} FROM item WHERE dataset = ? AND item_id = ?";
    private const string AfterId = $"SELECT {ItemRowColumns.All} FROM item WHERE dataset = ? AND item_id > ? ORDER BY item_id LIMIT ?";
    private const string Dirty = $"SELECT {ItemRowColumns.All} FROM item WHERE shard = ? AND indexed_revision < revision LIMIT ?";

    private const string Overdue = $"""
        SELECT {ItemRowColumns.All} FROM item WHERE shard = ? AND upload_deadline IS NOT NULL AND upload_deadline < ?
        ORDER BY upload_deadline LIMIT ?
        """;

    private const string Trashed = $"SELECT {ItemRowColumns.All} FROM item WHERE shard = ? AND status = 3 AND updated_at < ? ORDER BY updated_at LIMIT ?";

    public static ItemRow? Read(Connection connection, int number, DatasetKey dataset, string itemId)
    {
        Span<byte> id = stackalloc byte[PackedItemId.Size];
        if (!PackedItemId.TryPack(itemId, id)) return null;
        var found = connection.Prepare(ById).Bind(1, number).BindBlob(2, id);
        if (!found.Step()) return null;
        var row = ItemRowColumns.Read(found, dataset);
        found.Reset();
        return row;
    }

    public static IReadOnlyList<ItemRow> Scan(Connection connection, int number, DatasetKey dataset, string? afterItemId, int limit)
    {
        Span<byte> id = stackalloc byte[PackedItemId.Size];
        if (afterItemId is null) id = [];
        else if (!PackedItemId.TryPack(afterItemId, id)) throw new ArgumentException($"'{afterItemId}' is not an item id.", nameof(afterItemId));
        return All(connection.Prepare(AfterId).Bind(1, number).BindBlob(2, id).Bind(3, limit), dataset);
    }

    public static IReadOnlyList<ItemRow> ReadDirty(Connection connection, long shard, DatasetKey dataset, int limit) =>
        All(connection.Prepare(Dirty).Bind(1, shard).Bind(2, limit), dataset);

    public static IReadOnlyList<ItemRow> ReadOverdue(Connection connection, long shard, DatasetKey dataset, DateTimeOffset before, int limit) =>
        All(connection.Prepare(Overdue).Bind(1, shard).Bind(2, before.UtcTicks).Bind(3, limit), dataset);

    public static IReadOnlyList<ItemRow> ReadTrashed(Connection connection, long shard, DatasetKey dataset, DateTimeOffset before, int limit) =>
        All(connection.Prepare(Trashed).Bind(1, shard).Bind(2, before.UtcTicks).Bind(3, limit), dataset);

    /// <summary>The shards with dirty rows, one step of the index each however many rows they have.</summary>
    public static IReadOnlyList<ShardKey> ListDirtyShards(Connection connection, DatasetNumbers numbers)
    {
        var next = connection.Prepare("SELECT shard FROM item WHERE shard > ? AND indexed_revision < revision ORDER BY shard LIMIT 1");
        var shards = new List<ShardKey>();
        for (var after = -1L; next.Bind(1, after).Step();)
        {
            after = next.Long(0);
            next.Reset();
            var (dataset, shard) = Math.DivRem(after, ShardKey.Count);
            if (numbers.DatasetOf((int)dataset) is { } key) shards.Add(new(key, (int)shard));
        }
        return shards;
    }

    /// <summary>The datasets that have a row: one look into an index for each.</summary>
    public static IReadOnlyList<DatasetKey> ListDatasets(Connection connection)
    {
        var found = connection.Prepare("SELECT tenant, name FROM dataset WHERE EXISTS (SELECT 1 FROM item WHERE item.dataset = dataset.number) ORDER BY tenant || '/' || name");
        var datasets = new List<DatasetKey>();
        while (found.Step()) datasets.Add(new(found.Text(0), found.Text(1)));
        return datasets;
    }

    /// <summary>The shards that have a deadline or a trash; both are read from narrow indexes alone.</summary>
    public static IReadOnlyList<ShardKey> ListWatchedShards(Connection connection, DatasetNumbers numbers)
    {
        var found = connection.Prepare($"""
            SELECT shard FROM item WHERE upload_deadline IS NOT NULL
            UNION SELECT shard FROM item WHERE status = {(int)ItemStatus.Trashed}
            """);
        var shards = new List<ShardKey>();
        while (found.Step())
        {
            var (dataset, shard) = Math.DivRem(found.Long(0), ShardKey.Count);
            if (numbers.DatasetOf((int)dataset) is { } key) shards.Add(new(key, (int)shard));
        }
        found.Reset();
        return shards;
    }

    /// <summary>When the oldest dirty row of a dataset was written; null when none is dirty.</summary>
    public static DateTimeOffset? OldestDirty(Connection connection, int number)
    {
        var oldest = connection.Prepare("SELECT min(updated_at) FROM item WHERE shard BETWEEN ? AND ? AND indexed_revision < revision")
            .Bind(1, DatasetNumbers.ShardOf(number, 0)).Bind(2, DatasetNumbers.ShardOf(number, ShardKey.Count - 1));
        oldest.Step();
        var ticks = oldest.NullableLong(0);
        oldest.Reset();
        return ticks is { } at ? ItemRowColumns.FromTicks(at) : null;
    }

    public static bool Any(Connection connection, int number)
    {
        var any = connection.Prepare("SELECT 1 FROM item WHERE dataset = ? AND status <> 4 LIMIT 1").Bind(1, number);
        var found = any.Step();
        any.Reset();
        return found;
    }

    public static long Count(Connection connection, int number)
    {
        var count = connection.Prepare("SELECT count(*) FROM item WHERE dataset = ? AND status <> 4").Bind(1, number);
        count.Step();
        var rows = count.Long(0);
        count.Reset();
        return rows;
    }

    private static List<ItemRow> All(Statement rows, DatasetKey dataset)
    {
        var all = new List<ItemRow>();
        while (rows.Step()) all.Add(ItemRowColumns.Read(rows, dataset));
        return all;
    }
}
