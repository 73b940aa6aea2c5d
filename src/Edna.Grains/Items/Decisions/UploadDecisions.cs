using Edna.Changes;
using Edna.Objects;

namespace Edna.Items;

/// <summary>What opening, completing and giving up an upload mean: functions of state and evidence, without effects.</summary>
public static class UploadDecisions
{
    /// <summary>Decides on an announcement. With neither problem nor next state, the open upload or the content at hand serves.</summary>
    /// <param name="state">The item; null when there is none.</param>
    /// <param name="request">A checked announcement.</param>
    /// <param name="path">Its normalised path.</param>
    /// <param name="limits">How long uploads may take.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="by">Who asks.</param>
    public static ItemOutcome Plan(ItemState? state, CreateItem request, string path, UploadLimits limits, DateTimeOffset now, string by)
    {
        var gone = state is { Status: ItemStatus.Purged } ? state : null;
        var live = gone is null ? state : null;
        if (live is { Status: ItemStatus.Trashed }) return ItemOutcome.Refuse(ItemErrors.Trashed(live.Path));
        if (live is not null && IsContent(live, request)) return ItemOutcome.Unchanged;
        var size = request.Size!.Value;
        var upload = new OpenUpload
        {
            Attempt = (state?.Attempts ?? 0) + 1, Size = size, ContentType = request.ContentType!, Checksum = request.Checksum,
            PartSize = request.Multipart ?? size >= UploadParts.Threshold ? UploadParts.SizeFor(size) : 0,
            // What stays is signed too, so that the new object tells it even if it is never confirmed.
            Tags = request.Tags ?? live?.Tags ?? ItemState.NoTags, Metadata = request.Metadata ?? live?.Metadata, Split = request.Split ?? live?.Split,
            KeepTags = request.Tags is null, KeepMetadata = request.Metadata is null, KeepSplit = request.Split is null, StartedAt = now, ExpiresAt = now + limits.UrlLifetime,
            Deadline = now + limits.UrlLifetime + limits.Grace, By = by,
            CreatedBy = live is null || live.CreatedBy == by ? null : live.CreatedBy,
        };
        if (live is null) return ItemOutcome.Write(First(gone, upload, path, now, by), ChangeKind.Created);
        if (live.Upload is { } open && IsSame(open, upload)) return Renew(live, open, limits, now);
        return ItemOutcome.Write(Again(live, upload, now), ChangeKind.UploadOpened, live.Upload);
    }

    /// <summary>Whether the content that is available is the one announced: the same path with the same checksum.</summary>
    /// <param name="state">The item.</param>
    /// <param name="request">The announcement.</param>
    public static bool IsContent(ItemState state, CreateItem request) =>
        state is { Status: ItemStatus.Available, Checksum: { } has } && has == request.Checksum && state.Size == request.Size;

    /// <summary>Decides on what the store says of the open upload.</summary>
    /// <param name="state">The item.</param>
    /// <param name="found">What lies at the attempt's key; null when nothing does.</param>
    /// <param name="checksum">How the declared checksum compares, where one was declared.</param>
    /// <param name="now">The time, UTC.</param>
    public static ItemOutcome Confirm(ItemState state, StoredObject? found, ChecksumVerdict checksum, DateTimeOffset now)
    {
        if (state.Status == ItemStatus.Trashed) return ItemOutcome.Refuse(ItemErrors.Trashed(state.Path));
        if (state.Upload is not { } upload) return Settled(state);
        if (found is null) return ItemOutcome.Refuse(UploadErrors.NotFoundInStore(state.Path));
        if (found.Size != upload.Size)
            return Failed(state, upload, UploadErrors.SizeMismatch, $"{upload.Size} bytes were declared, {found.Size} arrived.", now);
        if (!string.Equals(found.ContentType, upload.ContentType, StringComparison.OrdinalIgnoreCase))
            return Failed(state, upload, UploadErrors.ContentTypeMismatch, $"'{upload.ContentType}' was declared, '{found.ContentType}' arrived.", now);
        if (checksum == ChecksumVerdict.Mismatch) return WrongChecksum(state, now);
        return ItemOutcome.Write(state with
        {
            Status = ItemStatus.Available, Revision = state.Revision + 1, ContentRevision = upload.Attempt, Size = upload.Size,
            ContentKey = null, ReplacedKey = state.ContentKey ?? state.ReplacedKey,
            ReplacedETag = state.ContentKey is null ? state.ReplacedETag : state.ETag, Sequencer = null,
            ContentType = upload.ContentType, Checksum = upload.Checksum, ETag = found.ETag, Failure = null, Upload = null, LateUntil = null, UpdatedAt = now,
            Tags = upload.KeepTags ? state.Tags : upload.Tags, Metadata = upload.KeepMetadata ? state.Metadata : upload.Metadata,
            Split = upload.KeepSplit ? state.Split : upload.Split,
        }, ChangeKind.Available) with { FactsMissing = upload.IsMultipart && !found.Metadata.ContainsKey(ObjectFacts.By) };
    }

    /// <summary>Decides on bytes that do not have the declared checksum.</summary>
    /// <param name="state">The item.</param>
    /// <param name="now">The time, UTC.</param>
    public static ItemOutcome WrongChecksum(ItemState state, DateTimeOffset now) => state.Upload is { } upload
        ? Failed(state, upload, UploadErrors.ChecksumMismatch, $"The bytes that arrived do not have the declared {upload.Checksum?.Algorithm}.", now)
        : Settled(state);

    /// <summary>Decides on a multipart upload that the store no longer has and whose object is not there: somebody else aborted it.</summary>
    /// <param name="state">The item.</param>
    /// <param name="now">The time, UTC.</param>
    public static ItemOutcome Lost(ItemState state, DateTimeOffset now) => state.Upload is { } upload
        ? Failed(state, upload, UploadErrors.Aborted, "The store has no such multipart upload any more; it was aborted there.", now)
        : Settled(state);

    /// <summary>Decides on giving the open upload up.</summary>
    /// <param name="state">The item.</param>
    /// <param name="now">The time, UTC.</param>
    public static ItemOutcome Abort(ItemState state, DateTimeOffset now)
    {
        if (state.Upload is not { } upload) return ItemOutcome.Refuse(UploadErrors.NoneOpen(state.Path));
        var failed = Failed(state, upload, UploadErrors.Aborted, "The upload was given up.", now);
        return ItemOutcome.Write(failed.Next!, ChangeKind.Failed, upload);
    }

    /// <summary>What completing answers when no upload is open: as it answered before.</summary>
    private static ItemOutcome Settled(ItemState state)
    {
        if (state.Failure is { } failure) return ItemOutcome.Refuse(UploadErrors.Failed(failure));
        return state.HasContent ? ItemOutcome.Unchanged : ItemOutcome.Refuse(UploadErrors.NoneOpen(state.Path));
    }

    private static ItemOutcome Failed(ItemState state, OpenUpload upload, string code, string detail, DateTimeOffset now)
    {
        var failure = new ItemFailure { Code = code, Detail = detail, At = now };
        var next = state with
        {
            Status = state.IsWhole ? state.Status : ItemStatus.Failed,
            Revision = state.Revision + 1, Failure = failure, Upload = null, LateUntil = state.SignedUntil, UpdatedAt = now,
        };
        return ItemOutcome.Fail(next, UploadErrors.Failed(failure), upload);
    }

    /// <summary>The first state of an item. Where one of the same path was purged, its counters go on, so that no key is used twice.</summary>
    private static ItemState First(ItemState? gone, OpenUpload upload, string path, DateTimeOffset now, string by) => new()
    {
        Path = path, Status = ItemStatus.Pending, Revision = (gone?.Revision ?? 0) + 1, Attempts = upload.Attempt,
        LabelRevision = gone?.LabelRevision ?? 0, Size = upload.Size, ContentType = upload.ContentType, Checksum = upload.Checksum,
        Tags = upload.Tags, Metadata = upload.Metadata, Split = upload.Split, Upload = upload, SignedUntil = Later(gone?.SignedUntil, upload.Deadline),
        CreatedAt = now, CreatedBy = by, UpdatedAt = now,
    };

    /// <summary>An item that is uploaded again: beside its content, or anew where there is none.</summary>
    private static ItemState Again(ItemState live, OpenUpload upload, DateTimeOffset now)
    {
        var next = live with
        {
            Revision = live.Revision + 1, Attempts = upload.Attempt, Upload = upload, SignedUntil = Later(live.SignedUntil, upload.Deadline),
            LateUntil = live.Upload is null ? live.LateUntil : live.SignedUntil, Failure = null, UpdatedAt = now,
        };
        // Lost bytes may still come back while new ones are on their way: what is known of them stays.
        if (live.HasContent) return live.IsLost ? next with { Status = ItemStatus.Pending } : next;
        return next with
        {
            Status = ItemStatus.Pending, Size = upload.Size, ContentType = upload.ContentType, Checksum = upload.Checksum,
            Tags = upload.KeepTags ? live.Tags : upload.Tags, Metadata = upload.KeepMetadata ? live.Metadata : upload.Metadata,
            Split = upload.KeepSplit ? live.Split : upload.Split,
        };
    }

    /// <summary>Decides on signing an open upload again: it goes on, with more time once half of the old is gone.</summary>
    /// <param name="state">The item.</param>
    /// <param name="open">Its open upload.</param>
    /// <param name="limits">How long uploads may take.</param>
    /// <param name="now">The time, UTC.</param>
    public static ItemOutcome Renew(ItemState state, OpenUpload open, UploadLimits limits, DateTimeOffset now)
    {
        if (open.ExpiresAt - now >= limits.UrlLifetime / 2) return ItemOutcome.Unchanged;
        var renewed = open with { ExpiresAt = now + limits.UrlLifetime, Deadline = now + limits.UrlLifetime + limits.Grace };
        return ItemOutcome.Write(
            state with { Revision = state.Revision + 1, Upload = renewed, SignedUntil = Later(state.SignedUntil, renewed.Deadline), UpdatedAt = now }, ChangeKind.UploadOpened);
    }

    /// <summary>A URL that was signed for longer goes on working when the service is set to sign for less.</summary>
    private static DateTimeOffset Later(DateTimeOffset? known, DateTimeOffset deadline) => known > deadline ? known.Value : deadline;

    private static bool IsSame(OpenUpload open, OpenUpload asked) =>
        open.Size == asked.Size && open.PartSize == asked.PartSize && open.ContentType == asked.ContentType && open.Checksum == asked.Checksum
        && (open.Metadata == asked.Metadata || (open.KeepMetadata && asked.KeepMetadata))
        && (open.Split == asked.Split || (open.KeepSplit && asked.KeepSplit))
        && (ItemTags.Same(open.Tags, asked.Tags) || (open.KeepTags && asked.KeepTags));
}

/// <summary>How long uploads may take.</summary>
/// <param name="UrlLifetime">How long an upload URL works.</param>
/// <param name="Grace">How long after that a PUT that began in time may still end.</param>
public readonly record struct UploadLimits(TimeSpan UrlLifetime, TimeSpan Grace);
