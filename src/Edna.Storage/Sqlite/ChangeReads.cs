using Edna.Changes;
using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Storage.Sqlite;

/// <summary>The statements that read the change feed.</summary>
internal static class ChangeReads
{
    private const string OfShard =
        "SELECT number, item_id, path, kind, revision, at, by FROM change WHERE shard = ? AND number > ? ORDER BY number LIMIT ?";

    private const string LastNumber = "SELECT number FROM last_change";

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
        if (dataset is not { } number) return Page([], since ?? ChangeCursor.Format(0));
        connection.Execute("BEGIN");
        try
        {
            var numbers = NextNumbers(connection, number, after, limit);
            if (numbers.Count == 0) return Page([], since ?? ChangeCursor.Format(0));
            var changes = new List<ItemChange>(numbers.Count);
            foreach (var (change, shard) in numbers) changes.AddRange(ReadShard(connection, shard, change - 1, 1));
            return Page(changes, since ?? ChangeCursor.Format(0));
        }
        finally
        {
            connection.Execute("COMMIT");
        }
    }

    /// <summary>The next places in the feed, over all shards, with the shard of each.</summary>
    private static List<(long Change, long Shard)> NextNumbers(Connection connection, int dataset, long after, int limit)
    {
        var next = connection.Prepare("SELECT number FROM change WHERE shard = ? AND number > ? ORDER BY number LIMIT ?");
        var numbers = new List<(long Change, long Shard)>();
        for (var shard = 0; shard < ShardKey.Count; shard++)
        {
            var key = DatasetNumbers.ShardOf(dataset, shard);
            next.Bind(1, key).Bind(2, after).Bind(3, limit);
            while (next.Step()) numbers.Add((next.Long(0), key));
        }
        numbers.Sort();
        return numbers.Count <= limit ? numbers : numbers[..limit];
    }

    private static ChangePage Page(List<ItemChange> changes, string otherwise) =>
        new() { Changes = changes, NextCursor = changes.Count > 0 ? changes[^1].Cursor : otherwise };

    private static List<ItemChange> ReadShard(Connection connection, long shard, long after, int limit)
    {
        var rows = connection.Prepare(OfShard).Bind(1, shard).Bind(2, after).Bind(3, limit);
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
