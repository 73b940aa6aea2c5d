using Edna.Json;

namespace Edna.Items;

/// <summary>
/// What the bucket must know of an item beside its object and tags: metadata and split that changed after the upload or were
/// too large for object metadata, and the trash. Lies at <c>items/{itemId}/item.json</c>; never rename a member.
/// </summary>
public sealed record ItemDocument
{
    /// <summary>The item's path.</summary>
    public required string Path { get; init; }

    /// <summary>The item's revision when the document was written.</summary>
    public required long Revision { get; init; }

    /// <summary>Which object is the content.</summary>
    public required long ContentRevision { get; init; }

    /// <summary>The user's metadata.</summary>
    public JsonText? Metadata { get; init; }

    /// <summary>The split.</summary>
    public string? Split { get; init; }

    /// <summary>When it went to the trash, UTC; null when it is not there.</summary>
    public DateTimeOffset? TrashedAt { get; init; }

    /// <summary>When the document was written, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Where the content lies when it was registered in place: its whole key.</summary>
    public string? ContentKey { get; init; }

    /// <summary>Where a content lay that was registered in place and then replaced by an upload: its whole key. Null when there was none.</summary>
    public string? ReplacedKey { get; init; }

    /// <summary>The entity tag that the object at <see cref="ReplacedKey"/> had.</summary>
    public string? ReplacedETag { get; init; }

    /// <summary>Bytes of the content; null in documents of before this was noted, as what follows.</summary>
    public long? Size { get; init; }

    /// <summary>The content's media type.</summary>
    public string? ContentType { get; init; }

    /// <summary>The content's checksum as declared; null when none was.</summary>
    public Checksum? Checksum { get; init; }

    /// <summary>The content's entity tag in the store.</summary>
    public string? ETag { get; init; }

    /// <summary>The user's tags; only of a content that is lost, for its object has none.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Why the item failed; null when it did not.</summary>
    public ItemFailure? Failure { get; init; }

    /// <summary>When the item was announced, UTC.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Who announced it.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>The attempt that is open, and what of the item stays when it is confirmed: it was edited after the upload was signed.</summary>
    public EditedUpload? Upload { get; init; }

    /// <summary>The document that belongs to a state.</summary>
    /// <param name="state">The state that is about to be written.</param>
    public static ItemDocument Of(ItemState state) => new()
    {
        Path = state.Path, Revision = state.Revision, ContentRevision = state.ContentRevision, Metadata = state.Metadata,
        Split = state.Split, TrashedAt = state.TrashedAt, At = state.UpdatedAt, ContentKey = state.ContentKey,
        ReplacedKey = state.ReplacedKey, ReplacedETag = state.ReplacedETag, Size = state.Size,
        ContentType = state.ContentType, Checksum = state.Checksum, ETag = state.ETag,
        Tags = state.IsLost ? state.Tags : null, Failure = state.Failure, CreatedAt = state.CreatedAt, CreatedBy = state.CreatedBy,
        Upload = state.Upload is not { } open ? null : new()
        {
            Attempt = open.Attempt, Tags = open.KeepTags ? state.Tags : null, KeepMetadata = open.KeepMetadata, KeepSplit = open.KeepSplit,
        },
    };
}

/// <summary>What of an item stays when its open upload is confirmed. Never rename a member.</summary>
public sealed record EditedUpload
{
    /// <summary>The attempt.</summary>
    public required long Attempt { get; init; }

    /// <summary>The user's tags; null where those of the upload count.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Whether the document's metadata counts, and not that of the upload.</summary>
    public bool KeepMetadata { get; init; }

    /// <summary>Whether the document's split counts, and not that of the upload.</summary>
    public bool KeepSplit { get; init; }
}
