using System.Text.Json.Serialization;
using Edna.Json;
using Edna.Labels;

namespace Edna.Items;

/// <summary>Where an item is in its life. The numbers are stored: never renumber.</summary>
[GenerateSerializer, Alias("edna.ItemStatus"), JsonConverter(typeof(JsonStringEnumConverter<ItemStatus>))]
public enum ItemStatus
{
    /// <summary>Announced; its bytes have not been confirmed yet.</summary>
    [JsonStringEnumMemberName("pending")] Pending = 0,

    /// <summary>Its bytes are in the store and are what was declared.</summary>
    [JsonStringEnumMemberName("available")] Available = 1,

    /// <summary>The upload ended badly; <see cref="Item.Failure"/> says why, and it can be uploaded again.</summary>
    [JsonStringEnumMemberName("failed")] Failed = 2,

    /// <summary>In the trash; can be restored.</summary>
    [JsonStringEnumMemberName("trashed")] Trashed = 3,

    /// <summary>Gone; the row stays only until the search index has forgotten it too. Never shown to clients.</summary>
    [JsonStringEnumMemberName("purged")] Purged = 4,
}

/// <summary>Why an upload failed.</summary>
[GenerateSerializer, Immutable, Alias("edna.ItemFailure")]
public sealed record ItemFailure
{
    /// <summary>A stable code, <c>upload.size_mismatch</c> or one of its siblings.</summary>
    [Id(0)] public required string Code { get; init; }

    /// <summary>What was declared and what was found.</summary>
    [Id(1)] public required string Detail { get; init; }

    /// <summary>When it was found, UTC.</summary>
    [Id(2)] public required DateTimeOffset At { get; init; }
}

/// <summary>A checksum of an item's bytes.</summary>
[GenerateSerializer, Immutable, Alias("edna.Checksum"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record Checksum
{
    /// <summary><c>sha256</c>, <c>md5</c> or <c>crc64nvme</c>.</summary>
    [Id(0)] public required string Algorithm { get; init; }

    /// <summary>The digest in base64: 32, 16 or 8 bytes.</summary>
    [Id(1)] public required string Value { get; init; }
}

/// <summary>An item as clients see it.</summary>
[GenerateSerializer, Immutable, Alias("edna.Item")]
public sealed record Item
{
    /// <summary>26 characters, derived from the path.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>The dataset it belongs to.</summary>
    [Id(1)] public required string Dataset { get; init; }

    /// <summary>Its path, normalised.</summary>
    [Id(2)] public required string Path { get; init; }

    /// <summary>Where it is in its life.</summary>
    [Id(3)] public required ItemStatus Status { get; init; }

    /// <summary>Why the last upload failed; null when it did not.</summary>
    [Id(4)] public ItemFailure? Failure { get; init; }

    /// <summary>Bytes: of the content, or as declared while there is none.</summary>
    [Id(5)] public required long Size { get; init; }

    /// <summary>The media type.</summary>
    [Id(6)] public required string ContentType { get; init; }

    /// <summary>The checksum declared for the content; null when none was.</summary>
    [Id(7)] public Checksum? Checksum { get; init; }

    /// <summary>The user's tags, by S3's rules.</summary>
    [Id(8)] public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>A JSON object of the user's; null when there is none.</summary>
    [Id(9)] public JsonText? Metadata { get; init; }

    /// <summary>The split it belongs to, such as <c>train</c>.</summary>
    [Id(10)] public string? Split { get; init; }

    /// <summary>What its label document holds, in short; null when there is none.</summary>
    [Id(11)] public LabelSummary? Labels { get; init; }

    /// <summary>Counts the writes to the item, from 1; the <c>ETag</c>.</summary>
    [Id(12)] public required long Revision { get; init; }

    /// <summary>The upload attempt that the content came from; 0 while there is no content.</summary>
    [Id(13)] public required long ContentRevision { get; init; }

    /// <summary>Counts the label documents; 0 while there is none.</summary>
    [Id(14)] public required long LabelRevision { get; init; }

    /// <summary>When it was announced, UTC.</summary>
    [Id(15)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who announced it.</summary>
    [Id(16)] public required string CreatedBy { get; init; }

    /// <summary>When it was last written, UTC.</summary>
    [Id(17)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>A signed GET for the content; only when asked for and there is content.</summary>
    [Id(18), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? DownloadUrl { get; init; }
}
