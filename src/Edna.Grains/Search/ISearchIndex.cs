using Edna.Items;
using Edna.Keys;

namespace Edna.Search;

/// <summary>
/// The port to search. A fast copy that can be thrown away: it is filled from the item table, at least once and in any order,
/// and made exact by revisions. Two adapters; one compliance suite. Throws <see cref="Results.UnavailableException"/> when it does not answer.
/// </summary>
public interface ISearchIndex
{
    /// <summary>
    /// Takes documents in, durable when the task completes. A document whose revision is not above the one that is there changes
    /// nothing; a purged one removes the item. Of a removed item nothing is kept, for it may begin again with revision 1: that no
    /// older document comes after its purge is on the caller, who pushes one batch at a time and reads the rows of the next one
    /// only after it, as <see cref="SearchIndexer"/> does.
    /// </summary>
    /// <returns>The documents that it does not take, never or not yet, none as a rule; all others are in. It does not wait for those that it takes later.</returns>
    Task<IReadOnlyList<RefusedPush>> PushAsync(IReadOnlyList<SearchDocument> documents, CancellationToken ct);

    /// <summary>Removes everything of a dataset.</summary>
    Task RemoveDatasetAsync(DatasetKey dataset, CancellationToken ct);

    /// <summary>
    /// Searches a tenant's datasets. A cursor that is not this index's, or of another order, throws <see cref="FormatException"/>; a search that the index stops
    /// throws <see cref="SearchStoppedException"/>.
    /// </summary>
    /// <param name="search">What is asked.</param>
    /// <param name="ct">Ends the search itself, not only the waiting for it.</param>
    ValueTask<SearchHits> SearchAsync(ParsedSearch search, CancellationToken ct);

    /// <summary>Items by status and bytes of available ones.</summary>
    ValueTask<(IReadOnlyDictionary<ItemStatus, long> Items, long Bytes)> CountAsync(DatasetKey dataset, CancellationToken ct);

    /// <summary>
    /// A name that changes when the index starts empty. The silo compares it on start with the one it filled last, and fills
    /// anew when they differ.
    /// </summary>
    ValueTask<string> GetGenerationAsync(CancellationToken ct);

    /// <summary>Asks the index for a sign of life.</summary>
    ValueTask CheckAsync(CancellationToken ct);

    /// <summary>What makes an index beside the one in use, to take its place; null where there is no need for one.</summary>
    INextIndex? Next => null;
}

/// <summary>A document that the index did not take.</summary>
/// <param name="Item">Which item's.</param>
/// <param name="Revision">The item's revision.</param>
/// <param name="Reason">The index's words.</param>
/// <param name="Kind">Whether it may take it later.</param>
public sealed record RefusedPush(ItemKey Item, long Revision, string Reason, RefusalKind Kind = RefusalKind.ForGood);

/// <summary>Whether a document that the index did not take may be taken later.</summary>
public enum RefusalKind
{
    /// <summary>It will never take it as it is.</summary>
    ForGood,

    /// <summary>It takes the same document after a while. No item of an older revision is found meanwhile.</summary>
    NotYet,
}

/// <summary>What the index knows of an item.</summary>
public sealed record SearchDocument
{
    /// <summary>Which item.</summary>
    public required ItemKey Key { get; init; }

    /// <summary>The item's revision.</summary>
    public required long Revision { get; init; }

    /// <summary>Where it is in its life; <see cref="ItemStatus.Purged"/> removes it.</summary>
    public required ItemStatus Status { get; init; }

    /// <summary>Its path: text, and sorted by.</summary>
    public required string Path { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>Its split.</summary>
    public string? Split { get; init; }

    /// <summary>When it was last written, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Its tags.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>Its label classes: text, filtered and counted by.</summary>
    public required IReadOnlyCollection<string> LabelClasses { get; init; }

    /// <summary>Its metadata: text, and filtered by; nested fields joined with a point, values as text.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; }
}

/// <summary>What a search found.</summary>
public sealed record SearchHits
{
    /// <summary>The items, in order.</summary>
    public required IReadOnlyList<ItemKey> Items { get; init; }

    /// <summary>Hits over all pages.</summary>
    public required long Total { get; init; }

    /// <summary>For each facet asked for, its values with their counts over all hits, most first then by value, at most 100.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<FacetValue>> Facets { get; init; }

    /// <summary>Where the next page starts; null at the end.</summary>
    public string? NextCursor { get; init; }
}
