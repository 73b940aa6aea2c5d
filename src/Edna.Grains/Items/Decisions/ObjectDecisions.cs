using Edna.Changes;
using Edna.Objects;

namespace Edna.Items;

/// <summary>
/// What the store's word about an item's confirmed content means: a function of state and store, without effects. The same for an
/// event and for a scrub.
/// </summary>
public static class ObjectDecisions
{
    /// <summary>Decides on what lies at the content's key.</summary>
    /// <param name="state">The item.</param>
    /// <param name="found">The object; null when there is none.</param>
    /// <param name="tags">Its tags; null when they were not asked for.</param>
    /// <param name="now">The time, UTC.</param>
    /// <returns>What to write, and what it is called.</returns>
    public static (ItemOutcome Outcome, ObjectFinding Finding) Observe(
        ItemState state, StoredObject? found, IReadOnlyDictionary<string, string>? tags, DateTimeOffset now)
    {
        if (!state.HasContent || state.Status == ItemStatus.Purged) return (ItemOutcome.Unchanged, ObjectFinding.NoContent);
        if (found is null)
            return state.IsLost ? Same : (Lose(state, ObjectErrors.Missing, "The object is no longer in the store.", now), ObjectFinding.Missing);
        if (!IsContent(state, found)) return state.ContentKey is null ? Overwritten(state, found, now) : (Replace(state, found, now), ObjectFinding.Replaced);
        if (state.IsLost) return (Return(state, now), ObjectFinding.Returned);
        return tags is not null && Retag(state, tags, now) is { Next: not null } retagged ? (retagged, ObjectFinding.Retagged) : Same;
    }

    /// <summary>Whether an object is the content that was confirmed. Encrypted anew it has another entity tag; its checksum tells then.</summary>
    /// <param name="state">The item.</param>
    /// <param name="found">The object.</param>
    public static bool IsContent(ItemState state, StoredObject found) => IsContent(state.Size, state.ETag, state.Checksum, found);

    /// <summary>As <see cref="IsContent(ItemState, StoredObject)"/>, of what a document says.</summary>
    internal static bool IsContent(long size, string? etag, Checksum? checksum, StoredObject found) => found.Size == size
        && (etag is null || string.Equals(found.ETag, etag, StringComparison.OrdinalIgnoreCase)
            || (checksum is { } known && found.Checksums.TryGetValue(known.Algorithm, out var value) && value == known.Value));

    /// <summary>The tags of an object that are the user's: neither EDNA's own nor the store's.</summary>
    /// <param name="tags">All of them.</param>
    public static IReadOnlyDictionary<string, string> UserTags(IReadOnlyDictionary<string, string> tags) =>
        tags.Where(t => !t.Key.StartsWith("edna:", StringComparison.OrdinalIgnoreCase) && !t.Key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal);

    private static (ItemOutcome, ObjectFinding) Same => (ItemOutcome.Unchanged, ObjectFinding.Same);

    private static (ItemOutcome, ObjectFinding) Overwritten(ItemState state, StoredObject found, DateTimeOffset now)
    {
        if (state.IsLost) return Same;
        var detail = $"{state.Size} bytes with the entity tag '{state.ETag}' were confirmed; {found.Size} bytes with '{found.ETag}' lie there now.";
        return (Lose(state, ObjectErrors.Overwritten, detail, now), ObjectFinding.Overwritten);
    }

    /// <summary>The bytes that were confirmed cannot be had any more. In the trash an item stays there, and is restored as failed.</summary>
    private static ItemOutcome Lose(ItemState state, string code, string detail, DateTimeOffset now) => ItemOutcome.Write(
        InLife(state, ItemStatus.Failed, now) with { Failure = new() { Code = code, Detail = detail, At = now } }, ChangeKind.Failed);

    private static ItemOutcome Return(ItemState state, DateTimeOffset now) =>
        ItemOutcome.Write(InLife(state, ItemStatus.Available, now) with { Failure = null }, ChangeKind.Available);

    /// <summary>The owner's new bytes. A store that was told no type says a general one, which is worth less than the one at hand.</summary>
    private static ItemOutcome Replace(ItemState state, StoredObject found, DateTimeOffset now) => ItemOutcome.Write(
        InLife(state, ItemStatus.Available, now) with
        {
            Size = found.Size, ETag = found.ETag, Checksum = null, Failure = state.IsLost ? null : state.Failure,
            ContentType = found.ContentType is "" or "binary/octet-stream" or "application/octet-stream" ? state.ContentType : found.ContentType,
        }, ChangeKind.Updated);

    private static ItemOutcome Retag(ItemState state, IReadOnlyDictionary<string, string> tags, DateTimeOffset now)
    {
        var users = UserTags(tags);
        if (ItemTags.Same(users, state.Tags)) return ItemOutcome.Unchanged;
        var upload = state.Upload is { } open ? open with { KeepTags = true } : null;
        return ItemOutcome.Write(state with { Revision = state.Revision + 1, Tags = users, Upload = upload, UpdatedAt = now }, ChangeKind.Tagged);
    }

    private static ItemState InLife(ItemState state, ItemStatus status, DateTimeOffset now) => state.Status == ItemStatus.Trashed
        ? state with { Revision = state.Revision + 1, TrashedFrom = status, UpdatedAt = now }
        : state with { Revision = state.Revision + 1, Status = status, UpdatedAt = now };
}
