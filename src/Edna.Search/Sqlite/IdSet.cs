using System.Numerics;

namespace Edna.Search.Sqlite;

/// <summary>A set of document ids: a bit for every id that there can be. Sets of one search are of one size.</summary>
/// <param name="bits">The bits, 64 to a word, whole chunks of them.</param>
internal sealed class IdSet(Memory<ulong> bits)
{
    /// <summary>The bits.</summary>
    public Span<ulong> Bits => bits.Span;

    /// <summary>How many ids are in it.</summary>
    public long Count
    {
        get
        {
            var count = 0L;
            foreach (var word in Bits) count += BitOperations.PopCount(word);
            return count;
        }
    }

    public bool IsEmpty => Bits.IndexOfAnyExcept(0UL) < 0;

    /// <summary>The bits of a chunk; empty when the set ends before it.</summary>
    public Span<ulong> Chunk(long chunk) =>
        (chunk + 1) * IdChunk.Words <= bits.Length ? Bits.Slice((int)chunk * IdChunk.Words, IdChunk.Words) : default;

    public bool Contains(long id) => id >> 6 < bits.Length && ((Bits[(int)(id >> 6)] >> (int)id) & 1) != 0;

    public void Add(long id) => Bits[(int)(id >> 6)] |= 1UL << (int)id;

    /// <summary>Adds what the other has.</summary>
    public IdSet Or(IdSet other)
    {
        var mine = Bits;
        var its = other.Bits;
        for (var i = 0; i < mine.Length; i++) mine[i] |= its[i];
        return this;
    }

    /// <summary>Keeps what the other has.</summary>
    public IdSet And(IdSet other)
    {
        var mine = Bits;
        var its = other.Bits;
        for (var i = 0; i < mine.Length; i++) mine[i] &= its[i];
        return this;
    }

    /// <summary>Keeps what the other has not.</summary>
    public IdSet Except(IdSet other)
    {
        var mine = Bits;
        var its = other.Bits;
        for (var i = 0; i < mine.Length; i++) mine[i] &= ~its[i];
        return this;
    }

    /// <summary>The ids, ascending.</summary>
    public IEnumerable<long> Ids()
    {
        for (var i = 0; i < bits.Length; i++)
            for (var word = bits.Span[i]; word != 0; word &= word - 1) yield return ((long)i << 6) + BitOperations.TrailingZeroCount(word);
    }
}
