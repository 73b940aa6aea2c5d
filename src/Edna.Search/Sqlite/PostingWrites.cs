using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>
/// What a transaction changes about which documents have which terms. Documents that come one after the other share their chunks, so
/// each chunk is read once and written once.
/// </summary>
/// <param name="connection">The writer's connection.</param>
internal sealed class PostingWrites(Connection connection)
{
    private const int KeptSpare = 4_096;

    private readonly Dictionary<long, ulong[]> _open = [];
    private readonly Stack<ulong[]> _spare = new();

    public void Add(int term, long id) => Open(term, id)[Word(id)] |= 1UL << (int)id;

    public void Remove(int term, long id) => Open(term, id)[Word(id)] &= ~(1UL << (int)id);

    /// <summary>Writes all that has changed.</summary>
    /// <param name="emptied">Is given the terms that lost the last document of a chunk.</param>
    /// <param name="kept">Is given the terms that documents have for certain.</param>
    public void Write(HashSet<int> emptied, HashSet<int> kept)
    {
        Span<byte> buffer = stackalloc byte[IdChunk.Bytes];
        foreach (var (key, bits) in _open)
        {
            var packed = IdChunk.Pack(bits, buffer);
            (packed.IsEmpty ? emptied : kept).Add(Postings.TermOf(key));
            if (packed.IsEmpty) connection.Prepare("DELETE FROM posting WHERE key = ?").Bind(1, key).Run();
            else connection.Prepare("INSERT OR REPLACE INTO posting (key, ids) VALUES (?, ?)").Bind(1, key).BindBlob(2, packed).Run();
        }
        Clear();
    }

    /// <summary>Leaves out what has changed of a term.</summary>
    public void Forget(int term)
    {
        foreach (var key in _open.Keys.Where(key => Postings.TermOf(key) == term).ToList()) _open.Remove(key);
    }

    public void Clear()
    {
        foreach (var bits in _open.Values)
            if (_spare.Count < KeptSpare) _spare.Push(bits);
        _open.Clear();
    }

    private static int Word(long id) => (int)(id % IdChunk.Ids) >> 6;

    private ulong[] Open(int term, long id)
    {
        var key = Postings.KeyOf(term, id / IdChunk.Ids);
        if (_open.TryGetValue(key, out var bits)) return bits;
        bits = _spare.TryPop(out var spare) ? spare : new ulong[IdChunk.Words];
        Array.Clear(bits);
        var row = connection.Prepare("SELECT ids FROM posting WHERE key = ?").Bind(1, key);
        if (row.Step()) IdChunk.AddTo(row.Bytes(0), bits);
        row.Reset();
        return _open[key] = bits;
    }
}
