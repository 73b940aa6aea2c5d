using Edna.Items;
using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Storage.Sqlite;

/// <summary>The statements that write items and their changes. On the writer's thread only.</summary>
internal static class ItemWrites
{
    private const string InsertItem = """
        INSERT INTO item (dataset, shard, item_id, status, revision, indexed_revision, upload_deadline, updated_at, split, path, body)
        VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING
        """;

    /// <summary>The path stays: the id is derived from it.</summary>
    private const string UpdateItem = """
        UPDATE item SET status = ?4, revision = ?5, upload_deadline = ?6, updated_at = ?7, split = ?8, body = ?9
        WHERE dataset = ?1 AND item_id = ?2 AND revision = ?3
        """;

    private const string InsertChange =
        "INSERT INTO change (dataset, number, shard, item_id, kind, revision, at, by, path) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

    /// <summary>Writes a row over the revision that is expected; false when another is there.</summary>
    public static bool TryWrite(StateWriteSession session, ItemWrite write) => write.ExpectedRevision == 0
        ? TryInsert(session, write.Row, write.Change)
        : TryUpdate(session, write.Row, write.ExpectedRevision, write.Change);

    private static bool TryInsert(StateWriteSession session, ItemRow row, NewChange change)
    {
        Span<byte> id = stackalloc byte[PackedItemId.Size];
        Pack(row.Key, id);
        var dataset = session.NumberOf(row.Key.Dataset);
        var shard = DatasetNumbers.ShardOf(dataset, ItemId.ShardOf(row.Key.ItemId));
        var inserted = session.Connection.Prepare(InsertItem)
            .Bind(1, dataset).Bind(2, shard).BindBlob(3, id).Bind(4, (long)row.Status).Bind(5, row.Revision)
            .Bind(6, row.UploadDeadline?.UtcTicks).Bind(7, row.UpdatedAt.UtcTicks).Bind(8, row.Split).Bind(9, row.Path)
            .BindBlob(10, row.Body).RunCounting();
        if (inserted == 0) return false;
        AppendChange(session, dataset, id, row, change);
        return true;
    }

    private static bool TryUpdate(StateWriteSession session, ItemRow row, long expectedRevision, NewChange change)
    {
        if (session.FindNumber(row.Key.Dataset) is not { } dataset) return false;
        Span<byte> id = stackalloc byte[PackedItemId.Size];
        Pack(row.Key, id);
        var updated = session.Connection.Prepare(UpdateItem)
            .Bind(1, dataset).BindBlob(2, id).Bind(3, expectedRevision).Bind(4, (long)row.Status).Bind(5, row.Revision)
            .Bind(6, row.UploadDeadline?.UtcTicks).Bind(7, row.UpdatedAt.UtcTicks).Bind(8, row.Split).BindBlob(9, row.Body).RunCounting();
        if (updated == 0) return false;
        AppendChange(session, dataset, id, row, change);
        return true;
    }

    /// <summary>Replaces a row by one without a deadline at the same revision; a purged one that is indexed goes. False when none of that revision and status is there.</summary>
    public static bool TryEndWatch(StateWriteSession session, ItemRow row)
    {
        if (session.FindNumber(row.Key.Dataset) is not { } dataset) return false;
        Span<byte> id = stackalloc byte[PackedItemId.Size];
        Pack(row.Key, id);
        var ended = session.Connection
            .Prepare("UPDATE item SET upload_deadline = NULL, body = ?5 WHERE dataset = ?1 AND item_id = ?2 AND revision = ?3 AND status = ?4")
            .Bind(1, dataset).BindBlob(2, id).Bind(3, row.Revision).Bind(4, (int)row.Status).BindBlob(5, row.Body).RunCounting();
        if (ended == 0) return false;
        session.Connection.Prepare("DELETE FROM item WHERE dataset = ?1 AND item_id = ?2 AND status = ?3 AND indexed_revision = revision")
            .Bind(1, dataset).BindBlob(2, id).Bind(3, (int)ItemStatus.Purged).Run();
        return true;
    }

    /// <summary>The revision of a row; 0 when there is none.</summary>
    public static long RevisionOf(StateWriteSession session, ItemKey key)
    {
        if (session.FindNumber(key.Dataset) is not { } dataset) return 0;
        Span<byte> id = stackalloc byte[PackedItemId.Size];
        Pack(key, id);
        var found = session.Connection.Prepare("SELECT revision FROM item WHERE dataset = ? AND item_id = ?").Bind(1, dataset).BindBlob(2, id);
        var revision = found.Step() ? found.Long(0) : 0;
        found.Reset();
        return revision;
    }

    private static void AppendChange(StateWriteSession session, int dataset, ReadOnlySpan<byte> id, ItemRow row, NewChange change) =>
        session.Connection.Prepare(InsertChange)
            .Bind(1, dataset).Bind(2, session.NextChange()).Bind(3, DatasetNumbers.ShardOf(dataset, ItemId.ShardOf(row.Key.ItemId)))
            .BindBlob(4, id).Bind(5, (long)change.Kind).Bind(6, row.Revision)
            .Bind(7, change.At.UtcTicks).Bind(8, change.By).Bind(9, row.Path).Run();

    private static void Pack(ItemKey key, Span<byte> packed)
    {
        if (!PackedItemId.TryPack(key.ItemId, packed)) throw new ArgumentException($"'{key.ItemId}' is not an item id.", nameof(key));
    }
}
