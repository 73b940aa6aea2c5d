using Edna.Changes;
using Edna.Sqlite;
using Edna.Storage.Rows;

namespace Edna.Storage.Sqlite;

/// <summary>The statements that read the change feed.</summary>
internal static class ChangeReads
{
    private const string Columns = "number, item_id, path, kind, revision, at, by";
    private const string OfDataset = $"SELECT {Columns} FROM change WHERE dataset = ? AND number > ? ORDER BY number LIMIT ?";
    private const string OfShard = $"SELECT {Columns} FROM change WHERE dataset = ? AND number > ? AND shard = ? ORDER BY number LIMIT ?";
    private const string LastNumber = "SELECT number FROM last_change";
    private const string Given = "SELECT ?1 <= (SELECT number FROM last_change) AND ?1 >= coalesce((SELECT next FROM change_gap WHERE after < ?1 ORDER BY after DESC LIMIT 1), 0)";
    private const string LastForgotten = "SELECT coalesce((SELECT number FROM change_start WHERE dataset = ?), 0)";

    /// <summary>The changes of one shard; null for the cursor reads none, and says where the feed ends. Null: some are kept no more.</summary>
    public static ChangePage? Follow(Connection connection, int? dataset, int shard, string? since, int limit)
    {
        if (since is null) return new() { Changes = [], NextCursor = End(connection) };
        var after = ChangeCursor.Parse(since);
        if (dataset is not { } number) return IsGiven(connection, after) ? Page([], since) : null;
        return Kept(connection, number, after, from => connection.Prepare(OfShard)
            .Bind(1, number).Bind(2, from).Bind(3, DatasetNumbers.ShardOf(number, shard)).Bind(4, limit));
    }

    /// <summary>The number given last: all datasets share the count.</summary>
    public static string End(Connection connection) => ChangeCursor.Format(connection.QueryLong(LastNumber));

    /// <summary>The number of a dataset's last change that is kept no more; 0 when all are.</summary>
    public static string Start(Connection connection, int? dataset)
    {
        if (dataset is not { } number) return ChangeCursor.Format(0);
        var found = connection.Prepare(LastForgotten).Bind(1, number);
        found.Step();
        var start = found.Long(0);
        found.Reset();
        return ChangeCursor.Format(start);
    }

    /// <summary>The changes of a dataset. Null: some are kept no more.</summary>
    public static ChangePage? Read(Connection connection, int? dataset, string? since, int limit)
    {
        long? after = since is null ? null : ChangeCursor.Parse(since);
        if (dataset is not { } number) return after is null || IsGiven(connection, after.Value) ? Page([], ChangeCursor.Format(after ?? 0)) : null;
        return Kept(connection, number, after, from => connection.Prepare(OfDataset).Bind(1, number).Bind(2, from).Bind(3, limit));
    }

    /// <summary>Reads after a number, or from the start, unless what comes after it has begun to go.</summary>
    private static ChangePage? Kept(Connection connection, int dataset, long? after, Func<long, Statement> rows)
    {
        // Not reset before the rows are read: while it is open, both see one snapshot.
        var found = connection.Prepare(LastForgotten).Bind(1, dataset);
        found.Step();
        var start = found.Long(0);
        var from = after ?? start;
        var page = from < start || (after is { } cursor && !IsGiven(connection, cursor)) ? null : Page(All(rows(from)), ChangeCursor.Format(from));
        found.Reset();
        return page;
    }

    /// <summary>Whether a cursor may be of this file; one from a time that was taken back by putting a copy in its place is not.</summary>
    private static bool IsGiven(Connection connection, long cursor)
    {
        var found = connection.Prepare(Given).Bind(1, cursor);
        found.Step();
        var given = found.Long(0) == 1;
        found.Reset();
        return given;
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
