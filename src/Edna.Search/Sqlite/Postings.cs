using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>Reads which documents have a term: a row for each chunk of ids in which one has.</summary>
/// <param name="connection">The connection.</param>
internal sealed class Postings(Connection connection)
{
    private const int ChunkBits = 31;

    private readonly Statement _rows = connection.Prepare("SELECT key, ids FROM posting WHERE key >= ? AND key < ? ORDER BY key");

    /// <summary>The key of a row: term by term, and of each the chunks in order.</summary>
    public static long KeyOf(int term, long chunk) => ((long)term << ChunkBits) | chunk;

    /// <summary>The term of a row's key.</summary>
    public static int TermOf(long key) => (int)(key >> ChunkBits);

    /// <summary>Whether more documents than so many have a term; no more is read than tells.</summary>
    public bool HasMoreThan(int term, long most)
    {
        Select(term);
        var count = 0L;
        while (count <= most && _rows.Step()) count += IdChunk.Count(_rows.Bytes(1));
        _rows.Reset();
        return count > most;
    }

    /// <summary>Adds the documents that have a term to a set.</summary>
    public IdSet AddTo(IdSet set, int term)
    {
        Select(term);
        while (_rows.Step())
            if (set.Chunk(Chunk) is { IsEmpty: false } bits) IdChunk.AddTo(_rows.Bytes(1), bits);
        return set;
    }

    /// <summary>How many documents of a set have a term.</summary>
    public long CountIn(IdSet set, int term)
    {
        Select(term);
        var count = 0L;
        while (_rows.Step())
            if (set.Chunk(Chunk) is { IsEmpty: false } bits) count += IdChunk.CountIn(_rows.Bytes(1), bits);
        return count;
    }

    private long Chunk => _rows.Long(0) & ((1L << ChunkBits) - 1);

    private void Select(int term) => _rows.Bind(1, KeyOf(term, 0)).Bind(2, KeyOf(term + 1, 0));
}
