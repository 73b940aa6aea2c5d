using Edna.Items;

namespace Edna.Objects;

/// <summary>How a declared checksum compares with what is in the store.</summary>
public enum ChecksumVerdict
{
    /// <summary>None was declared.</summary>
    NotDeclared,

    /// <summary>The same.</summary>
    Match,

    /// <summary>Another.</summary>
    Mismatch,

    /// <summary>The store cannot tell: EDNA must read the object.</summary>
    MustRead,
}

/// <summary>Compares checksums.</summary>
public static class Checksums
{
    /// <summary>Compares a declared checksum with the store's word.</summary>
    /// <param name="declared">The checksum; null when none was declared.</param>
    /// <param name="found">What the store says.</param>
    /// <param name="enforced">Algorithms that the store enforces on a signed PUT.</param>
    public static ChecksumVerdict Compare(Checksum? declared, StoredObject found, IReadOnlySet<string> enforced)
    {
        if (declared is null) return ChecksumVerdict.NotDeclared;
        if (found.Checksums.TryGetValue(declared.Algorithm, out var stored))
            return stored == declared.Value ? ChecksumVerdict.Match : ChecksumVerdict.Mismatch;
        if (declared.Algorithm == "md5" && IsMd5(found.ETag, declared.Value)) return ChecksumVerdict.Match;
        return enforced.Contains(declared.Algorithm) ? ChecksumVerdict.Match : ChecksumVerdict.MustRead;
    }

    /// <summary>Compares a declared checksum with one computed from the object's bytes.</summary>
    /// <param name="declared">The checksum.</param>
    /// <param name="digest">The digest of the bytes.</param>
    public static ChecksumVerdict Compare(Checksum declared, ReadOnlySpan<byte> digest) =>
        Convert.ToBase64String(digest) == declared.Value ? ChecksumVerdict.Match : ChecksumVerdict.Mismatch;

    private static bool IsMd5(string etag, string base64) =>
        etag.Length == 32 && string.Equals(etag, Convert.ToHexString(Convert.FromBase64String(base64)), StringComparison.OrdinalIgnoreCase);
}
