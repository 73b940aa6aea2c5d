using System.Buffers.Binary;
using System.IO.Compression;

namespace Edna.Storage.Dynamo;

/// <summary>
/// Bytes as the table keeps them: a mark, then the bytes as they are, or their length and Brotli. The table counts every begun
/// kilobyte of a write, so what is larger than that is packed.
/// </summary>
internal static class PackedBytes
{
    /// <summary>From so many bytes on they are packed.</summary>
    public const int Threshold = 600;

    private const byte AsTheyAre = 0;
    private const byte Brotli = 1;
    private const int Header = 1 + sizeof(int);

    /// <summary>More than anything of ours has: a length beyond that is no length.</summary>
    private const int Longest = 64 << 20;

    public static byte[] Pack(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= Threshold)
        {
            var packed = new byte[bytes.Length];
            if (BrotliEncoder.TryCompress(bytes, packed.AsSpan(Header), out var length, quality: 3, window: 18) && Header + length < bytes.Length)
            {
                packed[0] = Brotli;
                BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(1), bytes.Length);
                return packed[..(Header + length)];
            }
        }
        return [AsTheyAre, .. bytes];
    }

    /// <exception cref="InvalidDataException">They are not packed by <see cref="Pack"/>.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed)
    {
        if (packed is [AsTheyAre, ..]) return packed[1..].ToArray();
        if (packed is [Brotli, ..] && packed.Length > Header && BinaryPrimitives.ReadInt32LittleEndian(packed[1..]) is > 0 and <= Longest and var length)
        {
            var bytes = new byte[length];
            if (BrotliDecoder.TryDecompress(packed[Header..], bytes, out var written) && written == length) return bytes;
        }
        throw new InvalidDataException("The bytes are not packed as EDNA packs them.");
    }
}
