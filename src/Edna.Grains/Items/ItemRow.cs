using Edna.Changes;
using Edna.Keys;

namespace Edna.Items;

/// <summary>An item as the table holds it: the columns that queries need, and the whole state as JSON.</summary>
public sealed record ItemRow
{
    /// <summary>Which item.</summary>
    public required ItemKey Key { get; init; }

    /// <summary>Its path, unique in the dataset because the id is derived from it.</summary>
    public required string Path { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required ItemStatus Status { get; init; }

    /// <summary>Counts its writes, from 1.</summary>
    public required long Revision { get; init; }

    /// <summary>The revision that the search index has; below <see cref="Revision"/> the row is dirty. This is the outbox.</summary>
    public long IndexedRevision { get; init; }

    /// <summary>When the sweeper must look at it, UTC: at its open upload, or for what came late by a URL of one that was given up; null when there is nothing to look at.</summary>
    public DateTimeOffset? UploadDeadline { get; init; }

    /// <summary>Its split; null for none.</summary>
    public string? Split { get; init; }

    /// <summary>When it was last written, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>
    /// The whole state, JSON in UTF-8. A table that filters may rely on <c>$.tags</c> (an object of strings) and
    /// <c>$.labels.classes</c> (an object whose keys are the label classes); either may be missing.
    /// </summary>
    public required byte[] Body { get; init; }
}

/// <summary>A page of rows.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="NextCursor">Where the next page starts; null at the end.</param>
public readonly record struct ItemRowPage(IReadOnlyList<ItemRow> Rows, string? NextCursor);

/// <summary>A change that is about to be written with its row; the table gives it its place in the feed.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="At">When, UTC.</param>
/// <param name="By">Who.</param>
public readonly record struct NewChange(ChangeKind Kind, DateTimeOffset At, string By);
