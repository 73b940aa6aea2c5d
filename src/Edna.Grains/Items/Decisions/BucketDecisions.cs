using Edna.Changes;
using Edna.Labels;
using Edna.Objects;

namespace Edna.Items;

/// <summary>What the bucket must say before a row says it: a function of the states before and after, without effects.</summary>
public static class BucketDecisions
{
    /// <summary>
    /// Decides what is to be brought to the bucket. An item without content has no object that could have tags; a document only
    /// when it was edited after its upload was signed.
    /// </summary>
    /// <param name="before">The state that is there.</param>
    /// <param name="next">The state that is about to be written.</param>
    /// <param name="kind">What the write means.</param>
    /// <param name="tagsThere">The tags that the content has in the store; null where the state tells.</param>
    public static BucketSync Sync(ItemState before, ItemState next, ChangeKind kind, IReadOnlyDictionary<string, string>? tagsThere = null)
    {
        var edited = next.Upload is not null && (kind is ChangeKind.Updated or ChangeKind.Tagged);
        if (!next.HasContent) return new(null, next.HasDocument || edited);
        var confirmed = kind == ChangeKind.Available && next.Upload is null ? before.Upload : null;
        return new(TagsFor(before, next, confirmed, tagsThere), next.HasDocument || edited || NeedsDocument(before, next, confirmed, kind));
    }

    /// <summary>Tags are set where the content has others than it should. Lost content has none; when it is back, what it has is not known.</summary>
    private static IReadOnlyDictionary<string, string>? TagsFor(
        ItemState before, ItemState next, OpenUpload? confirmed, IReadOnlyDictionary<string, string>? tagsThere)
    {
        if (next.IsLost) return null;
        var tags = LabelTags.Project(next.Tags, next.Labels?.Classes).Tags;
        var there = confirmed?.Tags ?? tagsThere ?? (before.IsLost ? null : LabelTags.Project(before.Tags, before.Labels?.Classes).Tags);
        return there is not null && ItemTags.Same(tags, there) ? null : tags;
    }

    /// <summary>Whether object and tags no longer tell everything that clients see.</summary>
    private static bool NeedsDocument(ItemState before, ItemState next, OpenUpload? confirmed, ChangeKind kind) => kind switch
    {
        ChangeKind.Updated or ChangeKind.Trashed or ChangeKind.Restored => true,
        // What lost its bytes is known to the bucket by its document alone.
        ChangeKind.Failed => next.IsLost && !before.IsLost,
        // The object of an item that was registered in place has tags of its own: only a document tells that these are the item's.
        ChangeKind.Tagged => next.ContentKey is not null,
        ChangeKind.Available when confirmed is not null => next.Metadata != confirmed.Metadata || next.Split != confirmed.Split
            || !ObjectFacts.CarriesAll(next, confirmed) || next.ReplacedKey != before.ReplacedKey,
        _ => false,
    };
}

/// <summary>What is to be brought to the bucket.</summary>
/// <param name="Tags">The tags that the content's object must have; null when it has them.</param>
/// <param name="Document">Whether the item document must be written.</param>
public readonly record struct BucketSync(IReadOnlyDictionary<string, string>? Tags, bool Document);
