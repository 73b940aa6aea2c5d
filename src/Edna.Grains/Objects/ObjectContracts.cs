using Edna.Items;

namespace Edna.Objects;

/// <summary>Where an object lies.</summary>
/// <param name="Bucket">The bucket; null for the service's own.</param>
/// <param name="Key">The whole key, the service's prefix included.</param>
public readonly record struct ObjectLocation(string? Bucket, string Key);

/// <summary>What an upload must be. All of it is signed, so the store refuses anything else.</summary>
public sealed record ObjectPut
{
    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>The checksum that the bytes must have; null for none.</summary>
    public Checksum? Checksum { get; init; }

    /// <summary>Tags that the object gets, at most 10, by S3's rules.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>User metadata: names without <c>x-amz-meta-</c>, lower case; values printable ASCII; at most 2 KB together (S3).</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];
}

/// <summary>A signed request for a client to send.</summary>
/// <param name="Url">The URL with its signature.</param>
/// <param name="Headers">Headers to send exactly so, lower-case names; <c>host</c> and <c>content-length</c> are left out, clients derive them.</param>
/// <param name="ExpiresAt">When it stops working; earlier than asked for when the credentials end before.</param>
public readonly record struct PresignedRequest(string Url, IReadOnlyDictionary<string, string> Headers, DateTimeOffset ExpiresAt);

/// <summary>What a store says of an object.</summary>
public sealed record StoredObject
{
    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The entity tag, without quotes. For a single PUT without KMS encryption, the MD5 in hex.</summary>
    public required string ETag { get; init; }

    /// <summary>The media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>Checksums that the store itself computed or verified, by algorithm (<c>sha256</c>, <c>md5</c>, <c>crc64nvme</c>), in base64.</summary>
    public IReadOnlyDictionary<string, string> Checksums { get; init; } = new Dictionary<string, string>();

    /// <summary>User metadata, names without <c>x-amz-meta-</c>, lower case.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>When it was written, UTC.</summary>
    public required DateTimeOffset LastModified { get; init; }
}

/// <summary>An object in a listing.</summary>
/// <param name="Key">The whole key.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ETag">The entity tag, without quotes.</param>
/// <param name="LastModified">When it was written, UTC.</param>
public readonly record struct ListedObject(string Key, long Size, string ETag, DateTimeOffset LastModified);

/// <summary>What a store can do beyond the least that all can.</summary>
public sealed record ObjectStoreCapabilities
{
    /// <summary>
    /// Checksum algorithms that the store enforces on a PUT signed with them: bytes with another checksum are refused, so an
    /// object that came by that URL has the checksum. For others EDNA reads the object and computes the checksum itself.
    /// </summary>
    public required IReadOnlySet<string> EnforcedChecksums { get; init; }

    /// <summary>Whether the store keeps tags given when a multipart upload is created.</summary>
    public required bool TagsOnMultipartCreate { get; init; }
}
