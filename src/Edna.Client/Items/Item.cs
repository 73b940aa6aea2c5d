using System.Text.Json;

namespace Edna.Client;

/// <summary>An item of a dataset.</summary>
public sealed record Item
{
    /// <summary>26 characters, derived from the path.</summary>
    public required string Id { get; init; }

    /// <summary>The dataset it belongs to.</summary>
    public string? Dataset { get; init; }

    /// <summary>Its path, normalised.</summary>
    public required string Path { get; init; }

    /// <summary>Where it is in its life, one of <see cref="ItemStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Why the last upload failed; null when it did not.</summary>
    public ItemFailure? Failure { get; init; }

    /// <summary>Bytes.</summary>
    public long Size { get; init; }

    /// <summary>The media type.</summary>
    public string? ContentType { get; init; }

    /// <summary>The checksum declared for the content.</summary>
    public Checksum? Checksum { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>A JSON object of the user's.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The split it belongs to.</summary>
    public string? Split { get; init; }

    /// <summary>What its label document holds, in short.</summary>
    public LabelSummary? Labels { get; init; }

    /// <summary>Counts the writes to the item, from 1.</summary>
    public long Revision { get; init; }

    /// <summary>The upload attempt that the content came from; 0 while there is no content.</summary>
    public long ContentRevision { get; init; }

    /// <summary>Counts the label documents; 0 while there is none.</summary>
    public long LabelRevision { get; init; }

    /// <summary>When it was announced, UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who announced it.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>When it was last written, UTC.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>A signed GET for the content, where it was asked for.</summary>
    public string? DownloadUrl { get; init; }
}

/// <summary>The statuses of an item. A newer server may know more.</summary>
public static class ItemStatuses
{
    /// <summary>Announced; its bytes have not been confirmed yet.</summary>
    public const string Pending = "pending";

    /// <summary>Its bytes are in the store and are what was declared.</summary>
    public const string Available = "available";

    /// <summary>The upload ended badly; it can be uploaded again.</summary>
    public const string Failed = "failed";

    /// <summary>In the trash.</summary>
    public const string Trashed = "trashed";
}

/// <summary>Why an upload failed.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Detail">What was declared and what was found.</param>
/// <param name="At">When it was found, UTC.</param>
public sealed record ItemFailure(string Code, string Detail, DateTimeOffset At);

/// <summary>A checksum of an item's bytes.</summary>
/// <param name="Algorithm"><c>sha256</c>, <c>md5</c> or <c>crc64nvme</c>.</param>
/// <param name="Value">The digest in base64.</param>
public sealed record Checksum(string Algorithm, string Value);

/// <summary>A page of items. It may hold fewer than asked for while there are more: only a null cursor is the end.</summary>
public sealed record ItemPage
{
    /// <summary>The items.</summary>
    public required IReadOnlyList<Item> Items { get; init; }

    /// <summary>Where the next page starts; null at the end.</summary>
    public string? NextCursor { get; init; }
}
