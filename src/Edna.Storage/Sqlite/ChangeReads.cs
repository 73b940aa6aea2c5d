using Edna.Changes;
using Edna.Sqlite;

namespace Edna.Storage.Sqlite;

/// <summary>The statements that read the change feed.</summary>
internal static class ChangeReads
{
    private const string Columns = "number, item_id, path, kind, revision, at, by";
    private const string OfDataset = $"SELECT {Columns} FROM change WHERE dataset = ? AND number > ? ORDER BY number LIMIT ?";
    private const string OfShard = $"SELECT {Columns} FROM change WHERE dataset = ? AND number > ? AND shard = ? ORDER BY number LIMIT ?";
    private const string LastNumber = "SELECT number FROM last_change";

    /// <summary>The changes of one shard; null for the cursor reads none, and says where the feed ends.</summary>
    public static ChangePage Follow(Connection connection, int? dataset, int shard, string? since, int limit)
    {
        if (since is null) return new() { Changes = [], NextCursor = End(connection) };
        var after = ChangeCursor.Parse(since);
        if (dataset is not { } number) return Page([], since);
        var rows = connection.Prepare(OfShard).Bind(1, number).Bind(2, after).Bind(3, DatasetNumbers.ShardOf(number, shard)).Bind(4, limit);
        return Page(All(rows), since);
    }

    /// <summary>The number given last: all datasets share the count.</summary>
    public static string End(Connection connection) => ChangeCursor.Format(connection.QueryLong(LastNumber));

    /// <summary>The changes of a dataset.</summary>
    public static ChangePage Read(Connection connection, int? dataset, string? since, int limit)
    {
        var after = since is null ? 0 : ChangeCursor.Parse(since);
        if (dataset is not { } number) return Page([], ChangeCursor.Format(after));
        return Page(All(connection.Prepare(OfDataset).Bind(1, number).Bind(2, after).Bind(3, limit)), ChangeCursor.Format(after));
    }

    private static ChangePage Page(List<ItemChange> changes, string otherwise) =>
        new() { Changes = changes, NextCursor = changes.Count > 0 ? changes[^1].Cursor : otherwise };

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
