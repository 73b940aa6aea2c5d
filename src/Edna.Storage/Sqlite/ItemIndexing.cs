using Edna.Items;
using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Storage.Sqlite;

/// <summary>The bookkeeping of the outbox. On the writer's thread only.</summary>
internal static class ItemIndexing
{
    /// <summary>
    /// Notes that revisions are indexed. A revision above the row's belongs to a row that is gone, and says nothing of the one
    /// that came after it.
    /// </summary>
    public static void Mark(StateWriteSession session, IReadOnlyList<(ItemKey Key, long Revision)> indexed)
    {
        // One statement for the many: a row that is not purged, dirty, and had this revision.
        var raise = session.Connection.Prepare("""
            UPDATE item SET indexed_revision = ?3
            WHERE dataset = ?1 AND item_id = ?2 AND indexed_revision < ?3 AND revision >= ?3 AND (status <> ?4 OR revision > ?3 OR upload_deadline IS NOT NULL)
            """);
        var remove = session.Connection.Prepare("""
            DELETE FROM item
            WHERE dataset = ?1 AND item_id = ?2 AND revision = max(indexed_revision, ?3) AND revision >= ?3 AND status = ?4 AND upload_deadline IS NULL
            """);
        Span<byte> packed = stackalloc byte[PackedItemId.Size];
        foreach (var (key, revision) in indexed)
        {
            if (session.FindNumber(key.Dataset) is not { } dataset || !PackedItemId.TryPack(key.ItemId, packed)) continue;
            if (raise.Bind(1, dataset).BindBlob(2, packed).Bind(3, revision).Bind(4, (int)ItemStatus.Purged).RunCounting() == 0)
                remove.Bind(1, dataset).BindBlob(2, packed).Bind(3, revision).Bind(4, (int)ItemStatus.Purged).Run();
        }
    }

    /// <summary>Makes the rows after one dirty, a bounded number of them; the last one looked at, or null at the end.</summary>
    public static long? MarkDirty(Connection connection, long after, int limit)
    {
        var bound = connection.Prepare("SELECT max(id) FROM (SELECT id FROM item WHERE id > ? ORDER BY id LIMIT ?)").Bind(1, after).Bind(2, limit);
        bound.Step();
        var last = bound.NullableLong(0);
        bound.Reset();
        if (last is { } upTo)
            connection.Prepare("UPDATE item SET indexed_revision = 0 WHERE id > ? AND id <= ? AND indexed_revision > 0")
                .Bind(1, after).Bind(2, upTo).Run();
        return last;
    }

    /// <summary>Notes which index the rows are pushed to; null for none.</summary>
    public static void NoteGeneration(Connection connection, string? generation)
    {
        connection.Prepare("DELETE FROM search_index").Run();
        if (generation is not null) connection.Prepare("INSERT INTO search_index VALUES (?)").Bind(1, generation).Run();
    }

    /// <summary>The index that was noted last; null when none was.</summary>
    public static string? ReadGeneration(Connection connection)
    {
        var row = connection.Prepare("SELECT generation FROM search_index");
        var generation = row.Step() ? row.Text(0) : null;
        row.Reset();
        return generation;
    }

    /// <summary>Removes some rows of a dataset, and some changes of it; whether there may be more.</summary>
    public static bool RemoveSome(StateWriteSession session, DatasetKey dataset, DateTimeOffset now, int limit)
    {
        if (session.FindNumber(dataset) is not { } number) return false;
        var items = session.Connection.Prepare("""
            DELETE FROM item WHERE id IN (
                SELECT id FROM item WHERE dataset = ?1 AND (status <> ?2 OR upload_deadline IS NULL OR upload_deadline <= ?3) LIMIT ?4)
            """).Bind(1, number).Bind(2, (int)ItemStatus.Purged).Bind(3, now.UtcTicks).Bind(4, limit).RunCounting();
        if (items == limit) return true;
        return ChangeTrims.Remove(session.Connection, number, limit) == limit;
    }
}
