using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace Edna.Search.Sqlite;

/// <summary>The words that stand for values of metadata in the column <c>tokens</c> of the inverted index.</summary>
internal static class SearchToken
{
    private const int MetadataSize = 33;

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

    /// <summary>Writes <see cref="OfMetadata"/>.</summary>
    public static void WriteMetadata(IBufferWriter<byte> to, string field, string value)
    {
        Hash(field, value, to.GetSpan(MetadataSize)[..MetadataSize]);
        to.Advance(MetadataSize);
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
