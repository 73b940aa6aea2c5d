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
        // What is purged and was never there leaves nothing, not even the name of its dataset.
        if (document.Status == ItemStatus.Purged && session.FindNumberOf(document.Key.Dataset) is null) return;
        var dataset = session.NumberOf(document.Key.Dataset);
        if (document.Status != ItemStatus.Purged) session.Take(document);
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
            Remove(session, old.Id, document.Key.Dataset, dataset, old.Status);
            return;
        }
        session.Tally.Add(dataset, document.Status, document.Size);
        Update(session, document, old);
    }

    /// <summary>Removes some documents of a dataset; whether there may be more.</summary>
    public static bool RemoveSome(SearchWriteSession session, DatasetKey key, int limit)
    {
        if (session.FindNumberOf(key) is not { } dataset) return false;
        var some = session.Connection.Prepare("SELECT id, status, size FROM doc WHERE dataset = ? LIMIT ?").Bind(1, dataset).Bind(2, limit);
        var documents = new List<(long Id, ItemStatus Status)>();
        while (some.Step())
        {
            documents.Add((some.Long(0), (ItemStatus)some.Int(1)));
            session.Tally.Take(dataset, documents[^1].Status, some.Long(2));
        }
        foreach (var (id, status) in documents) Remove(session, id, key, dataset, status);
        return documents.Count == limit;
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

    private static void Remove(SearchWriteSession session, long id, DatasetKey key, int dataset, ItemStatus status)
    {
        DocumentPostings.RemoveAll(session, id, key, dataset, status);
        session.Connection.Prepare("DELETE FROM doc_text WHERE rowid = ?").Bind(1, id).Run();
        session.Connection.Prepare("DELETE FROM doc WHERE id = ?").Bind(1, id).Run();
        session.FreeIds.Free(id);
    }

    private static bool TryInsert(SearchWriteSession session, SearchDocument document, int dataset, ReadOnlySpan<byte> item)
    {
        var free = session.FreeIds.Next;
        var inserted = session.InsertDocument
            .Bind(1, dataset).BindBlob(2, item).Bind(3, document.Revision).Bind(4, (long)document.Status).Bind(5, document.Size)
            .Bind(6, document.UpdatedAt.UtcTicks).BindBlob(7, session.Terms.Packed).BindBlob(8, session.Words.Packed)
            .Bind(9, session.Text.Fingerprint(session.Terms.Packed)).Bind(10, document.Path)
            .Bind(11, session.TermOfTenant(document.Key.Dataset.Tenant)).Bind(12, free)
            .RunCounting();
        if (inserted == 0) return false;
        var id = session.Connection.LastInsertRowId;
        if (free is { } taken) session.FreeIds.Take(taken);
        DocumentPostings.AddAll(session, id, document.Key.Dataset, dataset, document.Status);
        WriteText(session.InsertText, id, session.Text);
        return true;
    }

    private static void Update(SearchWriteSession session, SearchDocument document, StoredDocument old)
    {
        var fingerprint = session.Text.Fingerprint(session.Terms.Packed);
        if (old.Status != document.Status)
        {
            session.Postings.Remove(session.TermOf(old.Status), old.Id);
            session.Postings.Add(session.TermOf(document.Status), old.Id);
        }
        // Most writes of an item change its status or size, and none of its words and values.
        var isSame = old.Fingerprint == fingerprint;
        if (!isSame) DocumentPostings.RemoveContent(session, old.Id);
        session.Connection.Prepare("""
                UPDATE doc SET revision = ?1, status = ?2, size = ?3, updated_at = ?4, terms = ?5, words = ?6, fingerprint = ?7, path = ?8 WHERE id = ?9
                """)
            .Bind(1, document.Revision).Bind(2, (long)document.Status).Bind(3, document.Size).Bind(4, document.UpdatedAt.UtcTicks)
            .BindBlob(5, session.Terms.Packed).BindBlob(6, session.Words.Packed).Bind(7, fingerprint).Bind(8, document.Path).Bind(9, old.Id).Run();
        if (isSame) return;
        DocumentPostings.AddContent(session, old.Id, document.Key.Dataset.Tenant);
        WriteText(
            session.Connection.Prepare("INSERT OR REPLACE INTO doc_text (rowid, path, metadata, labels, tokens) VALUES (?, ?, ?, ?, ?)"),
            old.Id, session.Text);
    }

    private static void WriteText(Statement write, long id, DocumentText text) =>
        write.Bind(1, id).BindText(2, text.Path).BindText(3, text.Metadata).BindText(4, text.Labels).BindText(5, text.Tokens).Run();

    private readonly record struct StoredDocument(long Id, long Revision, ItemStatus Status, long Size, long Fingerprint);
}
