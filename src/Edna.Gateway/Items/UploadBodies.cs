using System.Text.Json.Serialization;

namespace Edna.Items;

/// <summary>The body of <c>POST …/upload/complete</c>. Of a single upload: empty, or without parts.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CompleteUpload
{
    /// <summary>The parts of a multipart upload; null or empty has the store's own list used.</summary>
    public IReadOnlyList<UploadedPart>? Parts { get; init; }
}

/// <summary>The body of <c>POST …/upload/parts</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PartNumbers
{
    /// <summary>The parts to sign, 1–10,000 each.</summary>
    [JsonPropertyName("partNumbers")] public IReadOnlyList<int>? Numbers { get; init; }
}

/// <summary>The body of a write to an item's tags: values by key; null only where a tag is to be removed.</summary>
public sealed class TagChanges : Dictionary<string, string?>;
