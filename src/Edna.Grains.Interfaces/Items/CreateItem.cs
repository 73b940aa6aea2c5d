using System.Text.Json.Serialization;
using Edna.Json;

namespace Edna.Items;

/// <summary>Announces an item and asks for a place to upload its bytes to.</summary>
[GenerateSerializer, Immutable, Alias("edna.CreateItem"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateItem
{
    /// <summary>The path that names it; see <see cref="Keys.ItemPath"/>.</summary>
    [Id(0)] public string? Path { get; init; }

    /// <summary>The media type, <c>type/subtype</c>, at most 255 characters.</summary>
    [Id(1)] public string? ContentType { get; init; }

    /// <summary>The bytes to come, 0 to 50 TB; over 5 GiB only by multipart.</summary>
    [Id(2)] public long? Size { get; init; }

    /// <summary>Their checksum, if it is known.</summary>
    [Id(3)] public Checksum? Checksum { get; init; }

    /// <summary>Tags to set, by S3's rules.</summary>
    [Id(4)] public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>A JSON object, at most 8 KiB.</summary>
    [Id(5)] public JsonText? Metadata { get; init; }

    /// <summary>The split it belongs to.</summary>
    [Id(6)] public string? Split { get; init; }

    /// <summary>True asks for a multipart upload, false for a single one, null leaves it to the size.</summary>
    [Id(7)] public bool? Multipart { get; init; }
}
