using Edna.Items;
using Edna.Keys;
using Edna.Labels;
using Edna.Objects;

namespace Edna.Rebuild;

/// <summary>
/// What an item is, told by the bucket alone. Path, status, size, media type, checksum, tags, metadata, split, labels, content and
/// label revision come out as they were. What is not in the bucket does not: an upload that is open, why one failed that left no
/// document, and revisions and times of writes. Revisions and attempts go on from the time of the rebuild, in seconds since 1970:
/// above any that was given out before, so that no ETag and no key is used for a second meaning.
/// </summary>
public static class Rebuilt
{
    /// <summary>Decides what an item is.</summary>
    /// <param name="found">What the bucket holds of it.</param>
    /// <param name="now">The time of the rebuild, UTC.</param>
    /// <param name="signedUntil">When the last upload URL that may have been signed before stops working, UTC.</param>
    public static RebuiltItem From(FoundItem found, DateTimeOffset now, DateTimeOffset signedUntil)
    {
        var document = found.Document;
        if (document is not null && ItemId.FromPath(document.Path) != found.ItemId)
            return RebuiltItem.None($"the item document names another item: '{document.Path}'");
        string? fault = null;
        foreach (var content in found.Contents)
        {
            if (!Counts(content, document)) continue;
            if (content.Revision < document?.ContentRevision) break;
            if (FaultOf(found.ItemId, content, document) is { } wrong) fault ??= $"revision {content.Revision} {wrong}";
            else return new(Of(found, content, now, signedUntil), fault);
        }
        if (document is { ContentRevision: > 0, ContentType: not null })
            return new(Lost(found, document, fault, now, signedUntil), fault ?? $"the object of revision {document.ContentRevision} is missing");
        return RebuiltItem.None(fault ?? (found.Labels is null
            ? "an item document without content" : "labels of an item of which nothing else is there; they are kept for when it is uploaded again"));
    }

    /// <summary>Whether an object may be the content at all: an upload that was open when the item went to the trash was given up.</summary>
    internal static bool Counts(FoundContent content, ItemDocument? document) => document is not { TrashedAt: not null } || content.Revision <= document.ContentRevision;

    /// <summary>Why an object is not the item's content; null when it may be.</summary>
    internal static string? FaultOf(string itemId, FoundContent content, ItemDocument? document)
    {
        if (content.InPlace is { } inPlace) return ItemId.FromPath(inPlace.Path) == itemId ? null : "is named by an import page under another item";
        if (ItemFacts.Read(content.Object.Metadata, out var fault) is not { } facts) return fault;
        if (ItemId.FromPath(facts.Path) != itemId) return $"says that it belongs to another item: '{facts.Path}'";
        if (content.Checksum == ChecksumVerdict.Mismatch) return $"does not have the {facts.Checksum?.Algorithm} that was declared for it";
        return document?.ContentRevision != content.Revision || document.Size is null || ObjectDecisions.IsContent(document.Size.Value, document.ETag, document.Checksum, content.Object)
            ? null : $"has other bytes than were confirmed: {document.Size} then, {content.Object.Size} now";
    }

    private static ItemState Of(FoundItem found, FoundContent content, DateTimeOffset now, DateTimeOffset signedUntil)
    {
        var (document, at) = (found.Document, content.Object.LastModified);
        var facts = content.InPlace is { } inPlace
            ? new ItemFacts(inPlace.Path, inPlace.By, null, null, inPlace.Object.Metadata)
            : ItemFacts.Read(content.Object.Metadata, out _)!;
        // A document of an older content knows of this one only what was edited after its upload was signed; but metadata that did
        // not fit its object may still be the old.
        var told = document?.ContentRevision == content.Revision;
        var edited = document?.Upload?.Attempt == content.Revision ? document.Upload : null;
        var replaced = document is null ? null : Replaced(document, content);
        return Labelled(found, new ItemState
        {
            Path = facts.Path, Status = document?.TrashedAt is null ? ItemStatus.Available : ItemStatus.Trashed, Revision = After(document?.Revision ?? 0, now),
            Attempts = After(found.Attempts, now), ContentRevision = content.Revision, ContentKey = content.InPlace?.Key, Size = content.Object.Size,
            ReplacedKey = replaced?.Key, ReplacedETag = replaced?.ETag,
            ContentType = content.InPlace?.Object.ContentType ?? content.Object.ContentType, Checksum = facts.Checksum, ETag = content.Object.ETag,
            Tags = edited?.Tags ?? ObjectDecisions.UserTags(content.Tags),
            Metadata = told || edited is { KeepMetadata: true } ? document!.Metadata : facts.Metadata ?? document?.Metadata,
            Split = told || edited is { KeepSplit: true } ? document!.Split : facts.Split ?? document?.Split, HasDocument = document is not null,
            Failure = told && document!.Failure is { Code: not (ObjectErrors.Missing or ObjectErrors.Overwritten) } failure ? failure : null, SignedUntil = signedUntil,
            TrashedFrom = document?.TrashedAt is null ? null : ItemStatus.Available, TrashedAt = document?.TrashedAt,
            CreatedAt = document?.CreatedAt ?? at, CreatedBy = document?.CreatedBy ?? facts.CreatedBy, UpdatedAt = Later(document?.At ?? at, at),
        });
    }

    /// <summary>The object in place that uploads have replaced: the document's own content, when an upload came after it, is one.</summary>
    private static (string? Key, string? ETag)? Replaced(ItemDocument document, FoundContent content) =>
        document.ContentKey is not null && content.InPlace is null && content.Revision > document.ContentRevision
            ? (document.ContentKey, document.ETag)
            : (document.ReplacedKey, document.ReplacedETag);

    /// <summary>An item whose content is gone: its document still tells of it.</summary>
    private static ItemState Lost(FoundItem found, ItemDocument document, string? fault, DateTimeOffset now, DateTimeOffset signedUntil) => Labelled(found, new ItemState
    {
        Path = document.Path, Status = document.TrashedAt is null ? ItemStatus.Failed : ItemStatus.Trashed, Revision = After(document.Revision, now),
        Attempts = After(Math.Max(found.Attempts, document.ContentRevision), now), ContentRevision = document.ContentRevision, ContentKey = document.ContentKey,
        ReplacedKey = document.ReplacedKey, ReplacedETag = document.ReplacedETag, Size = document.Size ?? 0, ContentType = document.ContentType!, Checksum = document.Checksum, ETag = document.ETag, Tags = document.Tags ?? ItemState.NoTags,
        Metadata = document.Metadata, Split = document.Split, HasDocument = true, SignedUntil = signedUntil, TrashedFrom = document.TrashedAt is null ? null : ItemStatus.Failed, TrashedAt = document.TrashedAt,
        Failure = document.Failure ?? new()
        {
            Code = fault is null ? ObjectErrors.Missing : ObjectErrors.Overwritten, At = now,
            Detail = fault is null ? "The object is no longer in the store." : $"The object of {fault}.",
        },
        CreatedAt = document.CreatedAt ?? document.At, CreatedBy = document.CreatedBy ?? "", UpdatedAt = document.At,
    });

    private static ItemState Labelled(FoundItem found, ItemState state) => found.Labels is not { } labels ? state : state with
    {
        LabelRevision = labels.Revision, UpdatedAt = Later(state.UpdatedAt, labels.At),
        Labels = LabelDecisions.HeadOf(labels, LabelJson.Digest(labels.Annotations, labels.Status)),
    };

    private static long After(long known, DateTimeOffset now) => Math.Max(known + 1, now.ToUnixTimeSeconds());

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}

/// <summary>What became of an item.</summary>
/// <param name="State">Its state; null when the bucket does not tell enough.</param>
/// <param name="Fault">What could not be used, and why; null when everything could.</param>
public sealed record RebuiltItem(ItemState? State, string? Fault)
{
    /// <summary>No item.</summary>
    /// <param name="fault">Why.</param>
    public static RebuiltItem None(string fault) => new(null, fault);
}
