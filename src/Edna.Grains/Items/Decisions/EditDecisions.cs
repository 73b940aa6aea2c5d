using Edna.Changes;
using Edna.Json;
using Edna.Labels;

namespace Edna.Items;

/// <summary>What changing, trashing, restoring and removing an item mean: functions of state and request, without effects.</summary>
public static class EditDecisions
{
    /// <summary>Decides on new metadata and split.</summary>
    public static ItemOutcome Patch(ItemState state, JsonText? metadata, string? split, DateTimeOffset now)
    {
        if (state.Status == ItemStatus.Trashed) return ItemOutcome.Refuse(ItemErrors.Trashed(state.Path));
        if (state.Metadata == metadata && state.Split == split) return ItemOutcome.Unchanged;
        var upload = state.Upload is not { } open ? null : open with
        {
            KeepMetadata = open.KeepMetadata || state.Metadata != metadata, KeepSplit = open.KeepSplit || state.Split != split,
        };
        return ItemOutcome.Write(
            state with { Revision = state.Revision + 1, Metadata = metadata, Split = split, Upload = upload, UpdatedAt = now }, ChangeKind.Updated);
    }

    /// <summary>Decides on new tags.</summary>
    public static ItemOutcome Tag(ItemState state, IReadOnlyDictionary<string, string> tags, DateTimeOffset now)
    {
        if (state.Status == ItemStatus.Trashed) return ItemOutcome.Refuse(ItemErrors.Trashed(state.Path));
        if (ItemTags.Same(tags, state.Tags)) return ItemOutcome.Unchanged;
        var upload = state.Upload is { } open ? open with { KeepTags = true } : null;
        return ItemOutcome.Write(state with { Revision = state.Revision + 1, Tags = tags, Upload = upload, UpdatedAt = now }, ChangeKind.Tagged);
    }

    /// <summary>Decides on a label document that lies in the bucket already.</summary>
    /// <param name="state">The item.</param>
    /// <param name="document">The document.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="kind">Whether labels were written or reviewed.</param>
    public static ItemOutcome Label(ItemState state, LabelDocument document, string digest, ChangeKind kind) =>
        ItemOutcome.Write(state with
        {
            Revision = state.Revision + 1, LabelRevision = document.Revision, UpdatedAt = document.At,
            Labels = LabelDecisions.HeadOf(document, digest),
        }, kind);

    /// <summary>Decides on moving to the trash; an open upload is given up.</summary>
    public static ItemOutcome Trash(ItemState state, DateTimeOffset now)
    {
        if (state.Status == ItemStatus.Trashed) return ItemOutcome.Unchanged;
        var before = state.Upload is null ? state : UploadDecisions.Abort(state, now).Next!;
        if (state.IsWhole) before = before with { Failure = state.Failure };
        return ItemOutcome.Write(before with
        {
            Status = ItemStatus.Trashed, Revision = state.Revision + 1, TrashedFrom = before.Status, TrashedAt = now, UpdatedAt = now,
        }, ChangeKind.Trashed, state.Upload);
    }

    /// <summary>Decides on taking out of the trash.</summary>
    public static ItemOutcome Restore(ItemState state, DateTimeOffset now)
    {
        if (state.Status != ItemStatus.Trashed) return ItemOutcome.Unchanged;
        return ItemOutcome.Write(state with
        {
            Status = state.TrashedFrom ?? (state.HasContent ? ItemStatus.Available : ItemStatus.Failed),
            Revision = state.Revision + 1, TrashedFrom = null, TrashedAt = null, UpdatedAt = now,
        }, ChangeKind.Restored);
    }

    /// <summary>
    /// Decides on removing for good. The row stays, empty, until the search index has forgotten the item and no upload URL
    /// of it works any more: its counters keep a later item of the same path from using the same keys.
    /// </summary>
    public static ItemOutcome Purge(ItemState state, DateTimeOffset now) =>
        ItemOutcome.Write(new ItemState
        {
            Path = state.Path, Status = ItemStatus.Purged, Revision = state.Revision + 1, Attempts = state.Attempts,
            LabelRevision = state.LabelRevision, SignedUntil = state.SignedUntil, ContentType = "", CreatedAt = state.CreatedAt, CreatedBy = state.CreatedBy, UpdatedAt = now,
        }, ChangeKind.Deleted);
}
