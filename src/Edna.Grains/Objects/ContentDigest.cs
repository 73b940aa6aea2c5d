using System.Buffers;
using System.Security.Cryptography;

namespace Edna.Objects;

/// <summary>Computes the checksum of an object's bytes, for stores that cannot tell it themselves.</summary>
public static class ContentDigest
{
    /// <summary>Reads a stream to its end.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="algorithm"><c>sha256</c>, <c>md5</c> or <c>crc64nvme</c>.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The digest, as S3 writes it: big-endian for the CRC.</returns>
    public static async Task<byte[]> ComputeAsync(Stream content, string algorithm, CancellationToken ct) => algorithm switch
    {
        "sha256" => await SHA256.HashDataAsync(content, ct),
        "md5" => await MD5.HashDataAsync(content, ct),
        "crc64nvme" => await CrcAsync(content, ct),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Not a checksum that EDNA knows."),
    };

    private static async Task<byte[]> CrcAsync(Stream content, CancellationToken ct)
    {
        var crc = new Crc64Nvme();
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            for (int read; (read = await content.ReadAsync(buffer, ct)) > 0;) crc.Append(buffer.AsSpan(0, read));
            return crc.GetCurrentHash();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
