using Edna.Changes;
using Edna.Objects;

namespace Edna.Items;

/// <summary>What of an item can be overdue.</summary>
public enum SweepDue
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>Its open upload is past its deadline.</summary>
    Upload,

    /// <summary>The trash has kept it long enough.</summary>
    Trash,

    /// <summary>No URL works any more of an attempt that came to nothing: what arrived by it late is to be removed.</summary>
    Late,

    /// <summary>It is purged, and nothing can arrive for it any more.</summary>
    Purged,
}

/// <summary>What the passing of time means for an item: functions of state, evidence and clock, without effects.</summary>
public static class SweepDecisions
{
    /// <summary>Decides what of an item is overdue.</summary>
    /// <param name="state">The item.</param>
    /// <param name="trashRetention">How long the trash keeps items; null where the dataset is not known, and nothing leaves the trash.</param>
    /// <param name="now">The time, UTC.</param>
    public static SweepDue DueOf(ItemState state, TimeSpan? trashRetention, DateTimeOffset now) => state switch
    {
        { Status: ItemStatus.Purged } => state.SignedUntil > now ? SweepDue.Nothing : SweepDue.Purged,
        { Status: ItemStatus.Trashed } when now - (state.TrashedAt ?? state.UpdatedAt) >= trashRetention => SweepDue.Trash,
        { Upload: { } upload } => upload.Deadline > now ? SweepDue.Nothing : SweepDue.Upload,
        _ => state.LateUntil <= now ? SweepDue.Late : SweepDue.Nothing,
    };

    /// <summary>Decides on what the store says of an upload that is overdue: what arrived is settled as if it had been completed, what did not is failed.</summary>
    /// <param name="state">The item.</param>
    /// <param name="found">What lies at the attempt's key; null when nothing does.</param>
    /// <param name="checksum">How the declared checksum compares, where one was declared.</param>
    /// <param name="now">The time, UTC.</param>
    public static ItemOutcome Settle(ItemState state, StoredObject? found, ChecksumVerdict checksum, DateTimeOffset now)
    {
        if (DueOf(state, null, now) != SweepDue.Upload) return ItemOutcome.Unchanged;
        var outcome = found is not null ? UploadDecisions.Confirm(state, found, checksum, now) : Expire(state, now);
        // What of older attempts came late was removed just before: as a rule nothing can come any more, and nobody need look again.
        return outcome.Map(next => next.LateUntil <= now ? next with { LateUntil = null } : next);
    }

    /// <summary>Whether the object or multipart upload at a content key is of an attempt after the content that came to nothing.</summary>
    /// <param name="state">The item; it is not purged.</param>
    /// <param name="attempt">The attempt that the key is of.</param>
    public static bool CameToNothing(ItemState state, long attempt) =>
        attempt > state.ContentRevision && attempt <= state.Attempts && attempt != state.Upload?.Attempt;

    /// <summary>
    /// Whether an open multipart upload in the bucket belongs to nobody. It is opened before the row that names it is written, so a
    /// young one may be about to be named.
    /// </summary>
    /// <param name="open">The upload, as the bucket lists it.</param>
    /// <param name="state">The item at its key, read after the listing; null when there is none.</param>
    /// <param name="limits">How long uploads may take.</param>
    /// <param name="now">The time, UTC.</param>
    public static bool IsOrphan(OpenMultipart open, ItemState? state, UploadLimits limits, DateTimeOffset now) =>
        IsOld(open, limits, now) && state?.Upload?.UploadId != open.UploadId;

    private static ItemOutcome Expire(ItemState state, DateTimeOffset now) => ItemOutcome.Write(UploadDecisions.Abort(state, now).Next! with
    {
        Failure = new() { Code = UploadErrors.Expired, Detail = "The time for it was over before all bytes had arrived.", At = now },
    }, ChangeKind.Failed);

    /// <summary>Whether an open multipart upload is older than any that is still to be named.</summary>
    /// <param name="open">The upload, as the bucket lists it.</param>
    /// <param name="limits">How long uploads may take.</param>
    /// <param name="now">The time, UTC.</param>
    public static bool IsOld(OpenMultipart open, UploadLimits limits, DateTimeOffset now) => now - open.InitiatedAt > limits.UrlLifetime + limits.Grace;
}
