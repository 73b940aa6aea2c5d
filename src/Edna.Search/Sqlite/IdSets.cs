using System.Buffers;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>The sets that a search works with. They share a size, and their memory is used again by the next search.</summary>
internal sealed class IdSets : IDisposable
{
    private readonly List<ulong[]> _rented = [];
    private readonly Stack<IdSet> _released = new();
    private readonly int _words;

    /// <summary>Sets for the documents of the snapshot that the connection reads.</summary>
    public IdSets(Connection connection)
    {
        _words = checked((int)((connection.QueryLong("SELECT coalesce(max(id), 0) FROM doc") / IdChunk.Ids) + 1) * IdChunk.Words);
    }

    /// <summary>Chunks that a set has.</summary>
    public long Chunks => _words / IdChunk.Words;

    /// <summary>A set of no ids.</summary>
    public IdSet Empty()
    {
        if (_released.TryPop(out var used))
        {
            used.Bits.Clear();
            return used;
        }
        var bits = ArrayPool<ulong>.Shared.Rent(_words);
        _rented.Add(bits);
        bits.AsSpan(0, _words).Clear();
        return new(bits.AsMemory(0, _words));
    }

    /// <summary>A set of the same ids.</summary>
    public IdSet Copy(IdSet of)
    {
        var copy = Empty();
        of.Bits.CopyTo(copy.Bits);
        return copy;
    }

    /// <summary>Takes back a set that is not looked at any more.</summary>
    public void Release(IdSet set) => _released.Push(set);

    public void Dispose()
    {
        foreach (var bits in _rented) ArrayPool<ulong>.Shared.Return(bits);
        _rented.Clear();
        _released.Clear();
    }
}
