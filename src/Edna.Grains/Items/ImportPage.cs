using System.Text.Json;
using System.Text.Json.Serialization;
using Edna.Json;

namespace Edna.Items;

/// <summary>
/// A page of what an import registered in place: with it the bucket alone tells which foreign objects are items. Lies at
/// <c>imports/{job}/{page}.json</c>, is written before the rows, and is never written over. Of two that name the same object, the
/// later counts: by <see cref="At"/>, then by page. An object that is not there any more is no item. Never rename a member.
/// </summary>
public sealed record ImportPage
{
    /// <summary>The import's job.</summary>
    public required string Job { get; init; }

    /// <summary>When the import was asked for, UTC; the same on all of its pages.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who asked for it: the <c>createdBy</c> of its items.</summary>
    public required string By { get; init; }

    /// <summary>The objects, in key order.</summary>
    public required IReadOnlyList<ImportedObject> Objects { get; init; }

    /// <summary>The page as it lies in the bucket.</summary>
    /// <param name="page">The page.</param>
    public static byte[] Write(ImportPage page) => JsonSerializer.SerializeToUtf8Bytes(page, ImportJson.Default.ImportPage);

    /// <summary>A page from the bucket.</summary>
    /// <param name="body">What lies there.</param>
    /// <exception cref="JsonException">It is not a page.</exception>
    public static ImportPage Read(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize(body, ImportJson.Default.ImportPage) ?? throw new JsonException("An import page has an empty body.");
}

/// <summary>One object that was registered in place.</summary>
public sealed record ImportedObject
{
    /// <summary>The part of its key after the dataset's root.</summary>
    public required string Key { get; init; }

    /// <summary>The item's path; null when it is the key.</summary>
    public string? Path { get; init; }

    /// <summary>The content revision that it became; null for 1. The item's content is the one with the highest.</summary>
    public long? Revision { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The entity tag, without quotes.</summary>
    public required string ETag { get; init; }

    /// <summary>When the object was written, UTC: the <c>createdAt</c> of an item that it made.</summary>
    public required DateTimeOffset LastModified { get; init; }

    /// <summary>The media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>The object's own tags, as far as an item may have them; null when there are none or they were not asked for.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>The object's own metadata, a JSON object of texts; null as <see cref="Tags"/>.</summary>
    public JsonText? Metadata { get; init; }
}

/// <summary>How import pages are written as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImportPage))]
internal sealed partial class ImportJson : JsonSerializerContext;
