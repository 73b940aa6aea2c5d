using Edna.Objects;

namespace Edna.Items;

/// <summary>What a batch may settle past an item's own grain (ADR 0017): functions of state and evidence, without effects.</summary>
public static class BatchDecisions
{
    /// <summary>
    /// Whether an item was announced by a single PUT and nothing else happened to it since. Until its second write its grain, if it is
    /// awake, reads the row again before it answers.
    /// </summary>
    /// <param name="state">The item.</param>
    public static bool IsNew(ItemState state) => state is { Revision: 1, Status: ItemStatus.Pending, Upload.IsMultipart: false };

    /// <summary>
    /// Decides on what the store says of a new item's upload: bytes that arrived as declared, and tell everything by themselves, are
    /// confirmed. Whatever else it may be, its grain decides.
    /// </summary>
    /// <param name="state">A new item, see <see cref="IsNew"/>.</param>
    /// <param name="found">What lies at the attempt's key; null when nothing does.</param>
    /// <param name="checksum">How the declared checksum compares by the store's word.</param>
    /// <param name="now">The time, UTC.</param>
    /// <returns>The item as available; null when its grain must decide.</returns>
    public static ItemState? Confirm(ItemState state, StoredObject? found, ChecksumVerdict checksum, DateTimeOffset now)
    {
        if (checksum == ChecksumVerdict.MustRead) return null;
        var outcome = UploadDecisions.Confirm(state, found, checksum, now);
        return outcome is { Problem: null, Next: { } next } && BucketDecisions.Sync(state, next, outcome.Kind) is { Tags: null, Document: false } ? next : null;
    }
}
