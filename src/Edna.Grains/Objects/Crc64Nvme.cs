using System.Buffers.Binary;

namespace Edna.Objects;

/// <summary>
/// CRC-64/NVME, the checksum S3 calls <c>CRC64NVME</c>: polynomial 0xAD93D23594C93659, reflected, all ones in and out;
/// the digest is 8 bytes, most significant first.
/// </summary>
public sealed class Crc64Nvme
{
    /// <summary>Bytes of a digest.</summary>
    public const int HashSizeInBytes = 8;

    private const ulong Reflected = 0x9A6C9329AC4BC9B5;
    private static readonly ulong[] Tables = MakeTables();
    private ulong _state = ulong.MaxValue;

    /// <summary>Takes bytes in.</summary>
    /// <param name="bytes">The bytes, after those before.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var state = _state;
        var tables = Tables;
        while (bytes.Length >= 8)
        {
            state ^= BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            state = tables[(7 * 256) + (byte)state] ^ tables[(6 * 256) + (byte)(state >> 8)]
                ^ tables[(5 * 256) + (byte)(state >> 16)] ^ tables[(4 * 256) + (byte)(state >> 24)]
                ^ tables[(3 * 256) + (byte)(state >> 32)] ^ tables[(2 * 256) + (byte)(state >> 40)]
                ^ tables[256 + (byte)(state >> 48)] ^ tables[(byte)(state >> 56)];
            bytes = bytes[8..];
        }
        foreach (var b in bytes) state = tables[(byte)(state ^ b)] ^ (state >> 8);
        _state = state;
    }

    /// <summary>The digest of what was taken in so far.</summary>
    public byte[] GetCurrentHash()
    {
        var hash = new byte[HashSizeInBytes];
        BinaryPrimitives.WriteUInt64BigEndian(hash, ~_state);
        return hash;
    }

    /// <summary>Table k moves a byte k places further: eight look-ups take in eight bytes at once.</summary>
    private static ulong[] MakeTables()
    {
        var tables = new ulong[8 * 256];
        for (var i = 0; i < 256; i++)
        {
            var value = (ulong)i;
            for (var bit = 0; bit < 8; bit++) value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ Reflected;
            tables[i] = value;
        }
        for (var i = 256; i < tables.Length; i++) tables[i] = tables[(byte)tables[i - 256]] ^ (tables[i - 256] >> 8);
        return tables;
    }
}
