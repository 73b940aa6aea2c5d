using Edna.Changes;
using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Storage.Sqlite;

/// <summary>The statements that read the change feed.</summary>
internal static class ChangeReads
{
    private const string Columns = "number, item_id, path, kind, revision, at, by";
    private const string OfShard = $"SELECT {Columns} FROM change WHERE shard = ? AND number > ? ORDER BY number LIMIT ?";

    private const string LastNumber = "SELECT number FROM last_change";

    /// <summary>SQLite merges the sorted parts as it goes and reads no more of them than it answers.</summary>
    private static readonly string s_ofDataset = string.Join(" UNION ALL ", Enumerable.Range(0, ShardKey.Count)
        .Select(shard => FormattableString.Invariant($"SELECT {Columns} FROM change WHERE shard = ?1 + {shard} AND number > ?2")))
        + " ORDER BY number LIMIT ?3";

    public static ChangePage Follow(Connection connection, long? shard, string? since, int limit)
    {
        if (since is null) return new() { Changes = [], NextCursor = ChangeCursor.Format(connection.QueryLong(LastNumber)) };
        var after = ChangeCursor.Parse(since);
        return Page(shard is { } number ? ReadShard(connection, number, after, limit) : [], since);
    }

    /// <summary>The shards of a dataset, each in order, merged.</summary>
    public static ChangePage Read(Connection connection, int? dataset, string? since, int limit)
    {
        var after = since is null ? 0 : ChangeCursor.Parse(since);
        if (dataset is not { } number) return Page([], ChangeCursor.Format(after));
        var rows = connection.Prepare(s_ofDataset).Bind(1, DatasetNumbers.ShardOf(number, 0)).Bind(2, after).Bind(3, limit);
        return Page(All(rows), ChangeCursor.Format(after));
    }

    private static ChangePage Page(List<ItemChange> changes, string otherwise) =>
        new() { Changes = changes, NextCursor = changes.Count > 0 ? changes[^1].Cursor : otherwise };

    private static List<ItemChange> ReadShard(Connection connection, long shard, long after, int limit) =>
        All(connection.Prepare(OfShard).Bind(1, shard).Bind(2, after).Bind(3, limit));

    private static List<ItemChange> All(Statement rows)
    {
        var changes = new List<ItemChange>();
        while (rows.Step())
        {
            changes.Add(new()
            {
                Cursor = ChangeCursor.Format(rows.Long(0)),
                Item = PackedItemId.Unpack(rows.Bytes(1)),
                Path = rows.Text(2),
                Kind = (ChangeKind)rows.Int(3),
                Revision = rows.Long(4),
                At = ItemRowColumns.FromTicks(rows.Long(5)),
                By = rows.Text(6),
            });
        }
        return changes;
    }
}
