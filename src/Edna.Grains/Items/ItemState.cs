using System.Text.Json.Serialization;
using Edna.Json;
using Edna.Labels;

namespace Edna.Items;

/// <summary>Everything EDNA knows of an item. Stored as JSON in <see cref="ItemRow.Body"/>: never rename a member.</summary>
public sealed record ItemState
{
    /// <summary>The normalised path.</summary>
    public required string Path { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required ItemStatus Status { get; init; }

    /// <summary>Counts its writes, from 1.</summary>
    public required long Revision { get; init; }

    /// <summary>Upload attempts so far: the number of the newest. Each has a key of its own in the bucket.</summary>
    public long Attempts { get; init; }

    /// <summary>The attempt that the content came from; 0 while there is none.</summary>
    public long ContentRevision { get; init; }

    /// <summary>Where the content lies when it was registered in place: its whole key. Null when it lies under a key of EDNA's own.</summary>
    public string? ContentKey { get; init; }

    /// <summary>Where a content lay that was registered in place and then replaced by an upload; removed with the item. Null when there was none.</summary>
    public string? ReplacedKey { get; init; }

    /// <summary>The entity tag that the object at <see cref="ReplacedKey"/> had.</summary>
    public string? ReplacedETag { get; init; }

    /// <summary>The <c>sequencer</c> of the newest object event that was taken for the content's key; null before the first.</summary>
    public string? Sequencer { get; init; }

    /// <summary>Bytes of the content, or as declared while there is none.</summary>
    public long Size { get; init; }

    /// <summary>The media type of the content, or as declared.</summary>
    public required string ContentType { get; init; }

    /// <summary>The checksum of the content, or as declared.</summary>
    public Checksum? Checksum { get; init; }

    /// <summary>The content's entity tag in the store.</summary>
    public string? ETag { get; init; }

    /// <summary>The user's tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = NoTags;

    /// <summary>The user's metadata.</summary>
    public JsonText? Metadata { get; init; }

    /// <summary>The split.</summary>
    public string? Split { get; init; }

    /// <summary>Whether an item document lies in the bucket; from then on it is kept up to date there.</summary>
    public bool HasDocument { get; init; }

    /// <summary>The current labels in short; null when there are none.</summary>
    public LabelHead? Labels { get; init; }

    /// <summary>Label documents so far: the revision of the newest.</summary>
    public long LabelRevision { get; init; }

    /// <summary>Why the last upload failed.</summary>
    public ItemFailure? Failure { get; init; }

    /// <summary>The open upload; beside a content when the item is being uploaded again.</summary>
    public OpenUpload? Upload { get; init; }

    /// <summary>Until when something may still arrive by an upload URL signed for it, UTC: the latest deadline that an upload of it had.</summary>
    public DateTimeOffset? SignedUntil { get; init; }

    /// <summary>
    /// Until when something may still arrive for an attempt after the content that came to nothing, UTC; what did is removed then.
    /// Null when there is nothing to look for.
    /// </summary>
    public DateTimeOffset? LateUntil { get; init; }

    /// <summary>What it was before it went to the trash.</summary>
    public ItemStatus? TrashedFrom { get; init; }

    /// <summary>When it went to the trash, UTC.</summary>
    public DateTimeOffset? TrashedAt { get; init; }

    /// <summary>When it was announced, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who announced it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was last written, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>No tags.</summary>
    [JsonIgnore] public static IReadOnlyDictionary<string, string> NoTags { get; } = new Dictionary<string, string>();

    /// <summary>Whether there is a confirmed content.</summary>
    [JsonIgnore] public bool HasContent => ContentRevision > 0;

    /// <summary>Whether the confirmed content can be had: true unless there is none or <see cref="IsLost"/>, in the trash too.</summary>
    [JsonIgnore] public bool IsWhole => HasContent && (Status == ItemStatus.Trashed ? TrashedFrom ?? ItemStatus.Available : Status) == ItemStatus.Available;

    /// <summary>Whether a content was confirmed that the store has no more, or not as it was.</summary>
    [JsonIgnore] public bool IsLost => HasContent && !IsWhole;
}

/// <summary>An upload that has been signed and not settled.</summary>
public sealed record OpenUpload
{
    /// <summary>The attempt's number, the last segment of its key.</summary>
    public required long Attempt { get; init; }

    /// <summary>Bytes declared.</summary>
    public required long Size { get; init; }

    /// <summary>The media type declared.</summary>
    public required string ContentType { get; init; }

    /// <summary>The checksum declared.</summary>
    public Checksum? Checksum { get; init; }

    /// <summary>The store's id of the multipart upload; null for a single PUT.</summary>
    public string? UploadId { get; init; }

    /// <summary>An event told that its object was removed: from then on no event's word is enough, the store is asked.</summary>
    public bool Doubted { get; init; }

    /// <summary>Bytes of each part but the last; 0 for a single PUT.</summary>
    public long PartSize { get; init; }

    /// <summary>Whether it comes in parts.</summary>
    [JsonIgnore] public bool IsMultipart => PartSize > 0;

    /// <summary>How many parts it has; 0 for a single PUT.</summary>
    [JsonIgnore] public int PartCount => IsMultipart ? UploadParts.CountOf(Size, PartSize) : 0;

    /// <summary>The tags signed into the URL. When an item with content is uploaded again, they take effect with the new content.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ItemState.NoTags;

    /// <summary>The metadata signed into the URL; takes effect as the tags do.</summary>
    public JsonText? Metadata { get; init; }

    /// <summary>The split signed into the URL; takes effect as the tags do.</summary>
    public string? Split { get; init; }

    /// <summary>The item's own tags stay: the announcement named none, or they were changed after it.</summary>
    public bool KeepTags { get; init; }

    /// <summary>The item's own metadata stays, for the same reasons.</summary>
    public bool KeepMetadata { get; init; }

    /// <summary>The item's own split stays, for the same reasons.</summary>
    public bool KeepSplit { get; init; }

    /// <summary>When the attempt was opened, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When its URLs stop working, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the sweeper must settle it, UTC: after <see cref="ExpiresAt"/>, for a PUT that began in time may end later.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>Who opened it.</summary>
    public required string By { get; init; }

    /// <summary>Who announced the item, where it was another; null when it was <see cref="By"/>.</summary>
    public string? CreatedBy { get; init; }
}

/// <summary>The newest label document in short.</summary>
public sealed record LabelHead
{
    /// <summary>How far the labels are.</summary>
    public required LabelStatus Status { get; init; }

    /// <summary>Annotations by class.</summary>
    public required IReadOnlyDictionary<string, int> Classes { get; init; }

    /// <summary>When the document was written, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who wrote it.</summary>
    public required string By { get; init; }

    /// <summary>SHA-256 of annotations and status, base64: tells a repeated request from a new one.</summary>
    public required string Digest { get; init; }
}
