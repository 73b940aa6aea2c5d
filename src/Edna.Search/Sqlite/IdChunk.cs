using System.Numerics;
using System.Runtime.InteropServices;

namespace Edna.Search.Sqlite;

/// <summary>
/// Some of <see cref="Ids"/> neighbouring document ids, as they lie in the file: a bit for each, or, of few, their places in the
/// chunk in ascending order, two bytes each. The length tells which. In the machine's byte order, little-endian wherever .NET runs.
/// </summary>
internal static class IdChunk
{
    /// <summary>Ids in a chunk.</summary>
    public const int Ids = 8_192;

    /// <summary>Words of 64 bits in a chunk.</summary>
    public const int Words = Ids / 64;

    /// <summary>Bytes of a chunk as bits, the most that one takes.</summary>
    public const int Bytes = Ids / 8;

    /// <summary>Adds the ids of a packed chunk to a chunk of bits.</summary>
    /// <param name="packed">The packed chunk.</param>
    /// <param name="bits">At least <see cref="Words"/>.</param>
    public static void AddTo(ReadOnlySpan<byte> packed, Span<ulong> bits)
    {
        if (packed.Length < Bytes)
        {
            foreach (var place in MemoryMarshal.Cast<byte, ushort>(packed)) bits[place >> 6] |= 1UL << place;
            return;
        }
        var words = MemoryMarshal.Cast<byte, ulong>(packed);
        for (var i = 0; i < Words; i++) bits[i] |= words[i];
    }

    /// <summary>How many ids of a packed chunk are in a chunk of bits.</summary>
    /// <param name="packed">The packed chunk.</param>
    /// <param name="bits">At least <see cref="Words"/>.</param>
    public static int CountIn(ReadOnlySpan<byte> packed, ReadOnlySpan<ulong> bits)
    {
        var count = 0;
        if (packed.Length < Bytes)
        {
            foreach (var place in MemoryMarshal.Cast<byte, ushort>(packed)) count += (int)((bits[place >> 6] >> place) & 1);
            return count;
        }
        var words = MemoryMarshal.Cast<byte, ulong>(packed);
        for (var i = 0; i < Words; i++) count += BitOperations.PopCount(bits[i] & words[i]);
        return count;
    }

    /// <summary>How many ids are in a packed chunk.</summary>
    /// <param name="packed">The packed chunk.</param>
    public static int Count(ReadOnlySpan<byte> packed)
    {
        if (packed.Length < Bytes) return packed.Length / sizeof(ushort);
        var count = 0;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(packed)) count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>Packs a chunk of bits.</summary>
    /// <param name="bits">The bits.</param>
    /// <param name="buffer">At least <see cref="Bytes"/>.</param>
    /// <returns>What is to be kept: the bits themselves or a part of the buffer; empty when no bit is set.</returns>
    public static ReadOnlySpan<byte> Pack(ReadOnlySpan<ulong> bits, Span<byte> buffer)
    {
        var count = 0;
        foreach (var word in bits) count += BitOperations.PopCount(word);
        if (count * sizeof(ushort) >= Bytes) return MemoryMarshal.AsBytes(bits);
        var places = MemoryMarshal.Cast<byte, ushort>(buffer);
        var at = 0;
        for (var i = 0; i < bits.Length; i++)
            for (var word = bits[i]; word != 0; word &= word - 1) places[at++] = (ushort)((i << 6) + BitOperations.TrailingZeroCount(word));
        return buffer[..(at * sizeof(ushort))];
    }
}
