using System.Runtime.InteropServices;
using Edna.Items;
using Edna.Keys;

namespace Edna.Search.Sqlite;

/// <summary>Which terms a document has: those of its place, its status, its values and its frequent words.</summary>
internal static class DocumentPostings
{
    /// <summary>Adds a new document.</summary>
    public static void AddAll(SearchWriteSession session, long id, DatasetKey key, int dataset, ItemStatus status)
    {
        session.Postings.Add(DatasetTerm(session, dataset), id);
        session.Postings.Add(session.TermOfTenant(key.Tenant), id);
        session.Postings.Add(session.TermOf(status), id);
        AddContent(session, id, key.Tenant);
    }

    /// <summary>Takes a document out.</summary>
    public static void RemoveAll(SearchWriteSession session, long id, DatasetKey key, int dataset, ItemStatus status)
    {
        session.Postings.Remove(DatasetTerm(session, dataset), id);
        session.Postings.Remove(session.TermOfTenant(key.Tenant), id);
        session.Postings.Remove(session.TermOf(status), id);
        RemoveContent(session, id);
    }

    /// <summary>Adds values and frequent words of the document that the session has taken.</summary>
    public static void AddContent(SearchWriteSession session, long id, string tenant)
    {
        foreach (var term in session.Terms.Values) session.Postings.Add(term.Term, id);
        foreach (var word in session.Words.Words)
            if (session.FrequentWords.TryGet(word.Hash, out var frequent) && frequent.Is(session.Text.Of(word))) session.Postings.Add(frequent.TermIn(word.Column), id);
        session.FrequentWords.Count(session.Words, session.Text, tenant);
    }

    /// <summary>
    /// Takes out the values and words of a document as its row has them. Of words it has hashes: where a frequent word has the
    /// same one by chance, the document is taken out of what it was not in.
    /// </summary>
    public static void RemoveContent(SearchWriteSession session, long id)
    {
        var row = session.Connection.Prepare("SELECT terms, words FROM doc WHERE id = ?").Bind(1, id);
        row.Step();
        foreach (var term in MemoryMarshal.Cast<byte, TermOfField>(row.Bytes(0))) session.Postings.Remove(term.Term, id);
        session.Words.TakeFormer(MemoryMarshal.Cast<byte, uint>(row.Bytes(1)));
        foreach (var hash in MemoryMarshal.Cast<byte, uint>(row.Bytes(1)))
        {
            if (!session.FrequentWords.TryGet(hash, out var frequent)) continue;
            foreach (var term in frequent.Terms) session.Postings.Remove(term, id);
            frequent.Lost++;
        }
        row.Reset();
    }

    private static int DatasetTerm(SearchWriteSession session, int dataset) => session.TermOf(session.FieldOf(SearchFields.Dataset), SearchFields.ValueOf(dataset));
}
