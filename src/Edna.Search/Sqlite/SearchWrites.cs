using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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
        var found = Find(session.Connection, dataset, item);
        if (found is { } old)
        {
            if (old.Revision >= document.Revision) return;
            session.Tally.Take(dataset, old.Status, old.Size);
            if (document.Status == ItemStatus.Purged)
            {
                Remove(session.Connection, old.Id);
                return;
            }
        }
        if (document.Status == ItemStatus.Purged) return;
        session.Tally.Add(dataset, document.Status, document.Size);
        Write(session, document, dataset, item, found);
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

    private static void Write(SearchWriteSession session, SearchDocument document, int dataset, ReadOnlySpan<byte> item, StoredDocument? found)
    {
        var terms = new DocumentTerms(session, document, dataset);
        var metadata = string.Join(' ', document.Metadata.Select(field => field.Value));
        var labels = string.Join(' ', document.LabelClasses);
        var fingerprint = Fingerprint(document.Path, metadata, labels, terms.Tokens);
        var connection = session.Connection;
        var write = connection.Prepare(found is null
            ? """
                INSERT INTO doc (revision, status, size, updated_at, terms, fingerprint, dataset, item_id, path)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                """
            : "UPDATE doc SET revision = ?1, status = ?2, size = ?3, updated_at = ?4, terms = ?5, fingerprint = ?6, path = ?7 WHERE id = ?8");
        write.Bind(1, document.Revision).Bind(2, (long)document.Status).Bind(3, document.Size).Bind(4, document.UpdatedAt.UtcTicks)
            .BindBlob(5, terms.Packed).Bind(6, fingerprint);
        if (found is null) write.Bind(7, dataset).BindBlob(8, item).Bind(9, document.Path).Run();
        else write.Bind(7, document.Path).Bind(8, found.Value.Id).Run();
        // Most writes of an item change its status or size, and none of its words.
        if (found?.Fingerprint == fingerprint) return;
        var id = found?.Id ?? connection.LastInsertRowId;
        connection.Prepare(found is null
                ? "INSERT INTO doc_text (rowid, path, metadata, labels, terms) VALUES (?, ?, ?, ?, ?)"
                : "INSERT OR REPLACE INTO doc_text (rowid, path, metadata, labels, terms) VALUES (?, ?, ?, ?, ?)")
            .Bind(1, id).Bind(2, document.Path).Bind(3, metadata).Bind(4, labels).Bind(5, terms.Tokens).Run();
    }

    private static long Fingerprint(string path, string metadata, string labels, string tokens)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{path.Length}:{path}{metadata.Length}:{metadata}{labels.Length}:{labels}{tokens}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }

    private readonly record struct StoredDocument(long Id, long Revision, ItemStatus Status, long Size, long Fingerprint);
}
