using System.Text.Json.Serialization;

namespace Edna.Storage.Files;

/// <summary>What the store keeps of an object beside its bytes. Written at the end of the object's own file: both are visible at once.</summary>
internal sealed record ObjectFacts
{
    /// <summary>Tells this writing of the key from any other; binds the tags file to it. Of an object made of parts, the upload's id.</summary>
    public required string WriteId { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The MD5 in hex; of an object made of parts, the MD5 of their MD5s and their number, as S3 tells it.</summary>
    public required string ETag { get; init; }

    /// <summary>The media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>When it was written, UTC.</summary>
    public required DateTimeOffset LastModified { get; init; }

    /// <summary>Checksums by algorithm, base64.</summary>
    public required SortedDictionary<string, string> Checksums { get; init; }

    /// <summary>User metadata.</summary>
    public required SortedDictionary<string, string> Metadata { get; init; }

    /// <summary>The tags it was written with.</summary>
    public required SortedDictionary<string, string> Tags { get; init; }
}

/// <summary>Tags set after the object was written.</summary>
/// <param name="WriteId">The writing that they belong to; tags of a former one do not count.</param>
/// <param name="Tags">The tags.</param>
internal sealed record ObjectTags(string WriteId, SortedDictionary<string, string> Tags);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ObjectFacts))]
[JsonSerializable(typeof(ObjectTags))]
internal sealed partial class ObjectFactsJson : JsonSerializerContext;
