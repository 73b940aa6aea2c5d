using System.Collections.Immutable;
using Edna.Items;

namespace Edna.Search;

/// <summary>
/// What a query asks of an item, as a tree: the one form that every search index translates. <see cref="QueryParser"/> makes it of
/// text, <see cref="ToString"/> writes it as text again. Two trees are equal when they ask the same in the same order. An
/// <see cref="AllOf"/> never stands straight in an <see cref="AllOf"/>, nor an <see cref="AnyOf"/> in an <see cref="AnyOf"/>, and neither has a single part.
/// </summary>
public abstract record QueryNode
{
    /// <summary>Holds of every item.</summary>
    public static QueryNode Everything { get; } = new AllOf([]);

    /// <summary>Holds of no item.</summary>
    public static QueryNode Nothing { get; } = new AnyOf([]);

    /// <summary>Whether a part of the tree is as asked.</summary>
    /// <param name="part">What is asked of a part.</param>
    public bool Any(Predicate<QueryNode> part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return part(this) || this switch
        {
            AllOf all => all.Parts.Any(node => node.Any(part)),
            AnyOf any => any.Parts.Any(node => node.Any(part)),
            Not not => not.Part.Any(part),
            _ => false,
        };
    }

    /// <summary>The query as text, in the plainest form: parsing it gives this tree again, unless it is too long.</summary>
    public sealed override string ToString() => QueryPrinter.Print(this);
}

/// <summary>Every part holds; of none, everything does.</summary>
/// <param name="Parts">The parts: none, or two and more.</param>
public sealed record AllOf(ImmutableArray<QueryNode> Parts) : QueryNode
{
    /// <summary>All of these: flattened, and a single one as it is.</summary>
    /// <param name="parts">The parts.</param>
    public static QueryNode Of(params IEnumerable<QueryNode> parts)
    {
        ImmutableArray<QueryNode> flat = [.. parts.SelectMany(part => part is AllOf all ? all.Parts.AsEnumerable() : [part])];
        return flat.Length == 1 ? flat[0] : new AllOf(flat);
    }

    /// <inheritdoc />
    public bool Equals(AllOf? other) => other is not null && Parts.SequenceEqual(other.Parts);

    /// <inheritdoc />
    public override int GetHashCode() => Parts.Aggregate(1, HashCode.Combine);
}

/// <summary>At least one part holds; of none, nothing does.</summary>
/// <param name="Parts">The parts: none, or two and more.</param>
public sealed record AnyOf(ImmutableArray<QueryNode> Parts) : QueryNode
{
    /// <summary>Any of these: flattened, and a single one as it is.</summary>
    /// <param name="parts">The parts.</param>
    public static QueryNode Of(params IEnumerable<QueryNode> parts)
    {
        ImmutableArray<QueryNode> flat = [.. parts.SelectMany(part => part is AnyOf any ? any.Parts.AsEnumerable() : [part])];
        return flat.Length == 1 ? flat[0] : new AnyOf(flat);
    }

    /// <inheritdoc />
    public bool Equals(AnyOf? other) => other is not null && Parts.SequenceEqual(other.Parts);

    /// <inheritdoc />
    public override int GetHashCode() => Parts.Aggregate(2, HashCode.Combine);
}

/// <summary>The part does not hold.</summary>
/// <param name="Part">The part.</param>
public sealed record Not(QueryNode Part) : QueryNode;

/// <summary>
/// The words stand one right after the other in one of the texts that <paramref name="In"/> names. A text is what
/// <see cref="SearchWords"/> makes of the path, of all metadata values in their order, or of all label classes in their order.
/// </summary>
/// <param name="Spelt">The words as <see cref="SearchWords"/> spells them, at least one.</param>
/// <param name="IsPrefix">Whether the last one is only the beginning of a word.</param>
/// <param name="In">Where they are looked for.</param>
public sealed record Words(ImmutableArray<string> Spelt, bool IsPrefix = false, QueryText In = QueryText.Any) : QueryNode
{
    /// <inheritdoc />
    public bool Equals(Words? other) => other is not null && IsPrefix == other.IsPrefix && In == other.In && Spelt.SequenceEqual(other.Spelt);

    /// <inheritdoc />
    public override int GetHashCode() => Spelt.Aggregate(HashCode.Combine(IsPrefix, In), HashCode.Combine);
}

/// <summary>Where words are looked for.</summary>
public enum QueryText
{
    /// <summary>Path, metadata values and label classes.</summary>
    Any,

    /// <summary>Path and label classes: only for <see cref="QueryRelevance"/>, the language has no text for it.</summary>
    PathAndLabels,

    /// <summary>The path.</summary>
    Path,
}

/// <summary>A field has a value, letter for letter; of fields with several values, one of them is it.</summary>
/// <param name="Field">The field.</param>
/// <param name="Key">The key of a tag, or the field of metadata (nested ones joined with a point); empty for the other fields.</param>
/// <param name="Value">The value.</param>
/// <param name="IsPrefix">Whether it is only the beginning of the value (then empty for any value); never of metadata.</param>
public sealed record HasValue(QueryField Field, string Key, string Value, bool IsPrefix = false) : QueryNode;

/// <summary>The fields that have values.</summary>
public enum QueryField
{
    /// <summary>The split.</summary>
    Split,

    /// <summary>The media type.</summary>
    ContentType,

    /// <summary>The label classes.</summary>
    Label,

    /// <summary>A tag.</summary>
    Tag,

    /// <summary>A field of the metadata.</summary>
    Metadata,
}

/// <summary>The item is in a status.</summary>
/// <param name="Status">The status.</param>
public sealed record HasStatus(ItemStatus Status) : QueryNode;

/// <summary>The size is in a range. At least one end is set.</summary>
/// <param name="Gte">At least, in bytes.</param>
/// <param name="Lt">Below, in bytes.</param>
public sealed record SizeWithin(long? Gte, long? Lt) : QueryNode;

/// <summary>The last write was in a range of time. At least one end is set.</summary>
/// <param name="Gte">At or after, UTC, exact to the tick (100 ns).</param>
/// <param name="Lt">Before, UTC, exact to the tick.</param>
public sealed record UpdatedWithin(DateTimeOffset? Gte, DateTimeOffset? Lt) : QueryNode;
