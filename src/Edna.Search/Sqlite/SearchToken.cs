using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace Edna.Search.Sqlite;

/// <summary>The words that stand for values in the column <c>terms</c> of the inverted index, so that filters are looked up as words are.</summary>
internal static class SearchToken
{
    private const int MetadataSize = 33;

    public static string OfDataset(int number) => string.Create(CultureInfo.InvariantCulture, $"d{number}");

    public static string OfTerm(int number) => string.Create(CultureInfo.InvariantCulture, $"x{number}");

    /// <summary>
    /// Metadata has too many values to give each a number, and is not counted by: a hash of 128 bits stands for field and value.
    /// It need not withstand an attacker: a collision would only show someone one more item of their own tenant.
    /// </summary>
    public static string OfMetadata(string field, string value)
    {
        Span<byte> token = stackalloc byte[MetadataSize];
        Hash(field, value, token);
        return Encoding.ASCII.GetString(token);
    }

    /// <summary>Writes <see cref="OfDataset"/>.</summary>
    public static void WriteDataset(IBufferWriter<byte> to, int number) => Write(to, (byte)'d', number);

    /// <summary>Writes <see cref="OfTerm"/>.</summary>
    public static void WriteTerm(IBufferWriter<byte> to, int number) => Write(to, (byte)'x', number);

    /// <summary>Writes <see cref="OfMetadata"/>.</summary>
    public static void WriteMetadata(IBufferWriter<byte> to, string field, string value)
    {
        Hash(field, value, to.GetSpan(MetadataSize)[..MetadataSize]);
        to.Advance(MetadataSize);
    }

    private static void Write(IBufferWriter<byte> to, byte kind, int number)
    {
        var token = to.GetSpan(12);
        token[0] = kind;
        number.TryFormat(token[1..], out var digits, provider: CultureInfo.InvariantCulture);
        to.Advance(1 + digits);
    }

    /// <summary>Characters are hashed as they lie in memory, which is little-endian wherever .NET runs.</summary>
    private static void Hash(string field, string value, Span<byte> token)
    {
        Span<byte> hash = stackalloc byte[16];
        XxHash128.Hash(MemoryMarshal.AsBytes(value.AsSpan()), hash, (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(field.AsSpan())));
        token[0] = (byte)'m';
        Convert.TryToHexStringLower(hash, token[1..], out _);
    }
}
