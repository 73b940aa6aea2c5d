using Edna.Items;
using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>The statements that fill the index. On the writer's thread only.</summary>
internal static class SearchWrites
{
    /// <summary>Takes a document in, unless what is there is as new.</summary>
    public static void Push(SearchWriteSession session, SearchDocument document)
    {
        Span<byte> item = stackalloc byte[PackedItemId.Size];
        if (!PackedItemId.TryPack(document.Key.ItemId, item)) throw new ArgumentException($"'{document.Key.ItemId}' is not an item id.", nameof(document));
        var dataset = session.NumberOf(document.Key.Dataset);
        if (document.Status != ItemStatus.Purged) session.Take(document, dataset);
        // Most items are new, and of those the insert tells all: only for the others is it worth to look at what is there.
        if (document.Status != ItemStatus.Purged && TryInsert(session, document, dataset, item))
        {
            session.Tally.Add(dataset, document.Status, document.Size);
            return;
        }
        if (Find(session.Connection, dataset, item) is not { } old || old.Revision >= document.Revision) return;
        session.Tally.Take(dataset, old.Status, old.Size);
        if (document.Status == ItemStatus.Purged)
        {
            Remove(session.Connection, old.Id);
            return;
        }
        session.Tally.Add(dataset, document.Status, document.Size);
        Update(session, document, old);
    }

    /// <summary>Removes some documents of a dataset; whether there may be more.</summary>
    public static bool RemoveSome(SearchWriteSession session, DatasetKey key, int limit)
    {
        var dataset = session.NumberOf(key);
        var some = session.Connection.Prepare("SELECT id, status, size FROM doc WHERE dataset = ? LIMIT ?").Bind(1, dataset).Bind(2, limit);
        var ids = new List<long>();
        while (some.Step())
        {
            ids.Add(some.Long(0));
            session.Tally.Take(dataset, (ItemStatus)some.Int(1), some.Long(2));
        }
        foreach (var id in ids) Remove(session.Connection, id);
        return ids.Count == limit;
    }

    private static StoredDocument? Find(Connection connection, int dataset, ReadOnlySpan<byte> item)
    {
        var row = connection.Prepare("SELECT id, revision, status, size, fingerprint FROM doc WHERE dataset = ? AND item_id = ?")
            .Bind(1, dataset).BindBlob(2, item);
        if (!row.Step()) return null;
        var found = new StoredDocument(row.Long(0), row.Long(1), (ItemStatus)row.Int(2), row.Long(3), row.Long(4));
        row.Reset();
        return found;
    }

    private static void Remove(Connection connection, long id)
    {
        connection.Prepare("DELETE FROM doc_text WHERE rowid = ?").Bind(1, id).Run();
        connection.Prepare("DELETE FROM doc WHERE id = ?").Bind(1, id).Run();
    }

    private static bool TryInsert(SearchWriteSession session, SearchDocument document, int dataset, ReadOnlySpan<byte> item)
    {
        var inserted = session.InsertDocument
            .Bind(1, dataset).BindBlob(2, item).Bind(3, document.Revision).Bind(4, (long)document.Status).Bind(5, document.Size)
            .Bind(6, document.UpdatedAt.UtcTicks).BindBlob(7, session.Terms.Packed).Bind(8, session.Text.Fingerprint).Bind(9, document.Path)
            .RunCounting();
        if (inserted == 0) return false;
        WriteText(session.InsertText, session.Connection.LastInsertRowId, session.Text);
        return true;
    }

    private static void Update(SearchWriteSession session, SearchDocument document, StoredDocument old)
    {
        var fingerprint = session.Text.Fingerprint;
        session.Connection.Prepare(
                "UPDATE doc SET revision = ?1, status = ?2, size = ?3, updated_at = ?4, terms = ?5, fingerprint = ?6, path = ?7 WHERE id = ?8")
            .Bind(1, document.Revision).Bind(2, (long)document.Status).Bind(3, document.Size).Bind(4, document.UpdatedAt.UtcTicks)
            .BindBlob(5, session.Terms.Packed).Bind(6, fingerprint).Bind(7, document.Path).Bind(8, old.Id).Run();
        // Most writes of an item change its status or size, and none of its words.
        if (old.Fingerprint == fingerprint) return;
        WriteText(
            session.Connection.Prepare("INSERT OR REPLACE INTO doc_text (rowid, path, metadata, labels, terms) VALUES (?, ?, ?, ?, ?)"),
            old.Id, session.Text);
    }

    private static void WriteText(Statement write, long id, DocumentText text) =>
        write.Bind(1, id).BindText(2, text.Path).BindText(3, text.Metadata).BindText(4, text.Labels).BindText(5, text.Terms).Run();

    private readonly record struct StoredDocument(long Id, long Revision, ItemStatus Status, long Size, long Fingerprint);
}
