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

    /// <summary>It is purged, and nothing can arrive for it any more.</summary>
    Purged,
}

/// <summary>What to do with a multipart upload that is past its deadline and whose object is not there.</summary>
public enum OverdueParts
{
    /// <summary>Every part has arrived: the store makes the object of them.</summary>
    Complete,

    /// <summary>Parts are missing, or are not as declared: they are given up.</summary>
    Abort,

    /// <summary>The store knows no such upload: there is nothing to give up.</summary>
    Gone,
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
        { Status: ItemStatus.Trashed } => now - (state.TrashedAt ?? state.UpdatedAt) >= trashRetention ? SweepDue.Trash : SweepDue.Nothing,
        { Upload: { } upload } => upload.Deadline > now ? SweepDue.Nothing : SweepDue.Upload,
        _ => SweepDue.Nothing,
    };

    /// <summary>Decides on what the store says of an upload that is overdue: what arrived is settled as if it had been completed, what did not is failed.</summary>
    /// <param name="state">The item.</param>
    /// <param name="found">What lies at the attempt's key; null when nothing does.</param>
    /// <param name="checksum">How the declared checksum compares, where one was declared.</param>
    /// <param name="now">The time, UTC.</param>
    public static ItemOutcome Settle(ItemState state, StoredObject? found, ChecksumVerdict checksum, DateTimeOffset now)
    {
        if (DueOf(state, null, now) != SweepDue.Upload) return ItemOutcome.Unchanged;
        if (found is not null) return UploadDecisions.Confirm(state, found, checksum, now);
        var given = UploadDecisions.Abort(state, now).Next!;
        return ItemOutcome.Write(given with
        {
            Failure = new() { Code = UploadErrors.Expired, Detail = "The time for it was over before all bytes had arrived.", At = now },
        }, ChangeKind.Failed);
    }

    /// <summary>Decides on the parts of an overdue multipart upload whose object is not there.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="parts">What the store has of it, by number; null when it knows no such upload.</param>
    public static OverdueParts PartsOf(OpenUpload upload, IReadOnlyList<StoredPart>? parts)
    {
        if (parts is null) return OverdueParts.Gone;
        if (upload.PartSize <= 0 || parts.Count != UploadParts.CountOf(upload.Size, upload.PartSize)) return OverdueParts.Abort;
        for (var i = 0; i < parts.Count; i++)
            if (parts[i].PartNumber != i + 1 || parts[i].Size != UploadParts.SizeOf(i + 1, upload.Size, upload.PartSize)) return OverdueParts.Abort;
        return OverdueParts.Complete;
    }

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

    /// <summary>Whether an open multipart upload is older than any that is still to be named.</summary>
    /// <param name="open">The upload, as the bucket lists it.</param>
    /// <param name="limits">How long uploads may take.</param>
    /// <param name="now">The time, UTC.</param>
    public static bool IsOld(OpenMultipart open, UploadLimits limits, DateTimeOffset now) => now - open.InitiatedAt > limits.UrlLifetime + limits.Grace;
}
