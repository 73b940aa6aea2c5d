namespace Edna.Client;

/// <summary>A search over the items of one, several or all datasets.</summary>
public sealed record SearchRequest
{
    /// <summary>Only these datasets; null for all.</summary>
    public IReadOnlyList<string>? Datasets { get; init; }

    /// <summary>Words and "phrases" to occur in path, metadata or label classes, and all else of the query language (docs/search.md).</summary>
    public string? Query { get; init; }

    /// <summary>Conditions, all of which must hold.</summary>
    public SearchFilter? Filter { get; init; }

    /// <summary>What to count by: <c>label</c>, <c>tag:&lt;key&gt;</c>, <c>split</c>, <c>contentType</c>, <c>status</c>.</summary>
    public IReadOnlyList<string>? Facets { get; init; }

    /// <summary><c>relevance</c>, <c>path</c>, <c>updatedAt</c> or <c>size</c>, with <c>-</c> before it downwards.</summary>
    public string? Sort { get; init; }

    /// <summary>1–1000, 100 when left out.</summary>
    public int? Limit { get; init; }

    /// <summary>Where the page before ended.</summary>
    public string? Cursor { get; init; }
}

/// <summary>Conditions on items. Where a list is given, one of its values must hold; of labels, each.</summary>
public sealed record SearchFilter
{
    /// <summary>Statuses.</summary>
    public IReadOnlyList<string>? Status { get; init; }

    /// <summary>Tags, each of which must have the value.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Label classes, each of which must occur.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Splits.</summary>
    public IReadOnlyList<string>? Split { get; init; }

    /// <summary>Media types.</summary>
    public IReadOnlyList<string>? ContentType { get; init; }

    /// <summary>Bytes.</summary>
    public NumberRange? Size { get; init; }

    /// <summary>When last written.</summary>
    public TimeRange? UpdatedAt { get; init; }

    /// <summary>Metadata by field.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>A range of whole numbers.</summary>
/// <param name="Gte">At least.</param>
/// <param name="Lt">Below.</param>
public sealed record NumberRange(long? Gte = null, long? Lt = null);

/// <summary>A range of time.</summary>
/// <param name="Gte">At or after.</param>
/// <param name="Lt">Before.</param>
public sealed record TimeRange(DateTimeOffset? Gte = null, DateTimeOffset? Lt = null);

/// <summary>A page of hits.</summary>
public sealed record SearchPage
{
    /// <summary>The hits.</summary>
    public required IReadOnlyList<Item> Items { get; init; }

    /// <summary>Hits over all pages.</summary>
    public long Total { get; init; }

    /// <summary>For each facet asked for, its values with their counts.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FacetValue>> Facets { get; init; } = new Dictionary<string, IReadOnlyList<FacetValue>>();

    /// <summary>Where the next page starts; null at the end.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>A value and how often it occurs.</summary>
/// <param name="Value">The value.</param>
/// <param name="Count">Hits that have it.</param>
public sealed record FacetValue(string Value, long Count);
