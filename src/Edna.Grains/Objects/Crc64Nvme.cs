using System.Buffers.Binary;

namespace Edna.Objects;

/// <summary>CRC-64/NVME (polynomial 0xAD93D23594C93659, reflected, all ones in and out): the checksum that S3 computes for every object.</summary>
public sealed class Crc64Nvme
{
    private const ulong ReflectedPolynomial = 0x9A6C9329AC4BC9B5;
    private static readonly ulong[] Table = MakeTable();
    private ulong state = ulong.MaxValue;

    /// <summary>Takes bytes in.</summary>
    /// <param name="bytes">The next bytes.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var crc = state;
        foreach (var b in bytes) crc = Table[(byte)crc ^ b] ^ (crc >> 8);
        state = crc;
    }

    /// <summary>The checksum of all bytes so far, 8 bytes, big-endian.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ~state);
        return bytes;
    }

    private static ulong[] MakeTable()
    {
        var table = new ulong[256];
        for (var i = 0u; i < 256; i++)
        {
            ulong crc = i;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ ReflectedPolynomial : crc >> 1;
            table[i] = crc;
        }
        return table;
    }
}
