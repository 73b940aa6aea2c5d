using System.Security.Cryptography;
using Edna.Objects;

namespace Edna.Storage.Multipart;

/// <summary>S3's rules for the parts of an object, for all stores alike.</summary>
internal static class PartRules
{
    /// <summary>The largest number of a part.</summary>
    public const int Most = 10_000;

    /// <summary>The fewest bytes of a part that is not the last.</summary>
    public const long LeastBytes = 5 << 20;

    private const int DigestBytes = 16;

    /// <summary>Throws unless the number can be one of a part.</summary>
    public static void CheckNumber(int partNumber)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partNumber, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partNumber, Most);
    }

    /// <summary>What is wrong with a list of parts before any store is asked, in S3's words; null when nothing is. Ceph would sort it and say nothing.</summary>
    public static string? FaultOf(IReadOnlyList<ObjectPart> parts)
    {
        if (parts.Count == 0) throw new ArgumentException("An object is made of at least one part.", nameof(parts));
        var before = 0;
        foreach (var part in parts)
        {
            if (part.PartNumber is < 1 or > Most) return $"InvalidPart: Part number must be an integer between 1 and {Most}, inclusive: {part.PartNumber}.";
            if (part.PartNumber <= before) return $"InvalidPartOrder: The list of parts was not in ascending order: {part.PartNumber} after {before}.";
            before = part.PartNumber;
        }
        return null;
    }

    /// <summary>
    /// The entity tag of an object made of parts, as S3 makes it: the MD5 of the parts' MD5s, a dash, and how many they are; null
    /// when one of the parts has no MD5 for its tag.
    /// </summary>
    public static string? ETagOf(IReadOnlyList<ObjectPart> parts)
    {
        var digests = new byte[parts.Count * DigestBytes];
        for (var i = 0; i < parts.Count; i++)
        {
            var etag = parts[i].ETag.AsSpan().Trim('"');
            if (etag.Length != DigestBytes * 2) return null;
            if (Convert.FromHexString(etag, digests.AsSpan(i * DigestBytes, DigestBytes), out _, out _) != System.Buffers.OperationStatus.Done) return null;
        }
        return $"{Convert.ToHexStringLower(MD5.HashData(digests))}-{parts.Count}";
    }
}
