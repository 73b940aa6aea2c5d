using Edna.Changes;
using Edna.Imports;

namespace Edna.Items;

/// <summary>What registering an object in place means: a function of state and what the store says, without effects.</summary>
public static class RegisterDecisions
{
    /// <summary>Decides on an object that lies in the bucket.</summary>
    /// <param name="state">The item at its path; null when there is none.</param>
    /// <param name="found">The object.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="by">Who asks.</param>
    public static ItemOutcome Register(ItemState? state, RegisterObject found, DateTimeOffset now, string by)
    {
        if (state is null or { Status: ItemStatus.Purged }) return Announced(found, First(state, found, now, by));
        if (state.Status == ItemStatus.Trashed) return ItemOutcome.Refuse(ItemErrors.Trashed(state.Path));
        if (!state.HasContent) return Announced(found, Take(state, found, now), state.Upload);
        if (state.ContentKey != found.Key) return ItemOutcome.Refuse(ImportErrors.PathTaken(state.Path));
        if (state.Status == ItemStatus.Available && state.Size == found.Size && state.ETag == found.ETag) return Details(state, found, now);
        return state.Upload is null ? Announced(found, Take(state, found, now)) : ItemOutcome.Refuse(ImportErrors.UploadOpen(state.Path));
    }

    /// <summary>The page in the bucket has said what the object becomes, and the bucket is the truth: another number must not come of it.</summary>
    private static ItemOutcome Announced(RegisterObject found, ItemState next, OpenUpload? discard = null) =>
        found.Revision is { } said && said != next.ContentRevision
            ? ItemOutcome.Refuse(ImportErrors.ItemChanged(next.Path))
            : ItemOutcome.Write(next, ChangeKind.Available, discard);

    /// <summary>A new item. It was made when its object was; where one of the same path was purged, its counters go on.</summary>
    private static ItemState First(ItemState? gone, RegisterObject found, DateTimeOffset now, string by) => new()
    {
        Path = found.Path, Status = ItemStatus.Available, Revision = (gone?.Revision ?? 0) + 1, Attempts = (gone?.Attempts ?? 0) + 1,
        ContentRevision = (gone?.Attempts ?? 0) + 1, ContentKey = found.Key, LabelRevision = gone?.LabelRevision ?? 0, Size = found.Size,
        ContentType = found.ContentType, ETag = found.ETag, Tags = found.Tags ?? ItemState.NoTags, Metadata = found.Metadata,
        SignedUntil = gone?.SignedUntil, CreatedAt = found.LastModified == default ? now : found.LastModified, CreatedBy = by, UpdatedAt = now,
    };

    /// <summary>
    /// The object becomes the content of an item that has none, or has changed under one that has it. Tags and metadata come with the
    /// object; what was given to an item that waited for its bytes goes before them.
    /// </summary>
    private static ItemState Take(ItemState state, RegisterObject found, DateTimeOffset now) => state with
    {
        Status = ItemStatus.Available, Revision = state.Revision + 1, Attempts = state.Attempts + 1, ContentRevision = state.Attempts + 1,
        Sequencer = state.ContentKey == found.Key ? state.Sequencer : null, ContentKey = found.Key, Size = found.Size,
        ContentType = found.ContentType, Checksum = null, ETag = found.ETag,
        Tags = state.HasContent ? found.Tags ?? state.Tags : Joined(state.Tags, found.Tags),
        Metadata = state.HasContent && !state.HasDocument ? found.Metadata : state.Metadata ?? found.Metadata,
        Failure = state.Upload is null ? null : new() { Code = UploadErrors.Aborted, Detail = "An object that lay in the bucket was registered instead.", At = now },
        Upload = null, LateUntil = null, UpdatedAt = now,
    };

    /// <summary>The same bytes: the details are taken over where the store was asked for them. Metadata that was changed since is the user's.</summary>
    private static ItemOutcome Details(ItemState state, RegisterObject found, DateTimeOffset now)
    {
        if (found.Tags is null) return ItemOutcome.Unchanged;
        var metadata = state.HasDocument ? state.Metadata : found.Metadata;
        var described = state.ContentType != found.ContentType || state.Metadata != metadata;
        if (!described && ItemTags.Same(state.Tags, found.Tags)) return ItemOutcome.Unchanged;
        return ItemOutcome.Write(
            state with { Revision = state.Revision + 1, ContentType = found.ContentType, Tags = found.Tags, Metadata = metadata, UpdatedAt = now },
            described ? ChangeKind.Updated : ChangeKind.Tagged);
    }

    private static IReadOnlyDictionary<string, string> Joined(IReadOnlyDictionary<string, string> own, IReadOnlyDictionary<string, string>? there)
    {
        if (there is null or { Count: 0 }) return own;
        var joined = new Dictionary<string, string>(there, StringComparer.Ordinal);
        foreach (var (key, value) in own) joined[key] = value;
        return joined.Count <= ItemLimits.Tags ? joined : own;
    }
}
