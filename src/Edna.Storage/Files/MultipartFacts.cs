using System.Text.Json.Serialization;
using Edna.Objects;

namespace Edna.Storage.Files;

/// <summary>What the store keeps of a multipart upload beside its parts: where its object will lie, and what it was opened with.</summary>
internal sealed record MultipartFacts
{
    /// <summary>The bucket.</summary>
    public required string Bucket { get; init; }

    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>When it was opened, UTC.</summary>
    public required DateTimeOffset InitiatedAt { get; init; }

    /// <summary>The media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>User metadata.</summary>
    public required SortedDictionary<string, string> Metadata { get; init; }

    /// <summary>The tags.</summary>
    public required SortedDictionary<string, string> Tags { get; init; }

    /// <summary>The facts of an upload that is opened now.</summary>
    public static MultipartFacts Of(string bucket, string key, ObjectPut put, DateTimeOffset now) => new()
    {
        Bucket = bucket,
        Key = key,
        InitiatedAt = now,
        ContentType = put.ContentType,
        Metadata = new(put.Metadata.ToDictionary(), StringComparer.Ordinal),
        Tags = new(put.Tags.ToDictionary(), StringComparer.Ordinal),
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MultipartFacts))]
internal sealed partial class MultipartFactsJson : JsonSerializerContext;
