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
    public static BucketSync Sync(ItemState before, ItemState next, ChangeKind kind)
    {
        var edited = next.Upload is not null && (kind is ChangeKind.Updated or ChangeKind.Tagged);
        if (!next.HasContent) return new(null, next.HasDocument || edited);
        var confirmed = kind == ChangeKind.Available ? before.Upload : null;
        var tags = LabelTags.Project(next.Tags, next.Labels?.Classes).Tags;
        var there = confirmed?.Tags ?? LabelTags.Project(before.Tags, before.Labels?.Classes).Tags;
        return new(ItemTags.Same(tags, there) ? null : tags, next.HasDocument || edited || NeedsDocument(next, confirmed, kind));
    }

    /// <summary>Whether object and tags no longer tell everything that clients see.</summary>
    private static bool NeedsDocument(ItemState next, OpenUpload? confirmed, ChangeKind kind) => kind switch
    {
        ChangeKind.Updated or ChangeKind.Trashed or ChangeKind.Restored => true,
        // The object of an item that was registered in place has tags of its own: only a document tells that these are the item's.
        ChangeKind.Tagged => next.ContentKey is not null,
        ChangeKind.Available when confirmed is not null => next.Metadata != confirmed.Metadata || next.Split != confirmed.Split
            || !ObjectFacts.CarriesAll(next, confirmed),
        _ => false,
    };
}

/// <summary>What is to be brought to the bucket.</summary>
/// <param name="Tags">The tags that the content's object must have; null when it has them.</param>
/// <param name="Document">Whether the item document must be written.</param>
public readonly record struct BucketSync(IReadOnlyDictionary<string, string>? Tags, bool Document);
