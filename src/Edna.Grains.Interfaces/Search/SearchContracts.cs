using System.Text.Json.Serialization;
using Edna.Items;

namespace Edna.Search;

/// <summary>A search over the items of one, several or all datasets of a tenant.</summary>
[GenerateSerializer, Immutable, Alias("edna.SearchRequest"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SearchRequest
{
    /// <summary>Only these datasets; null or empty for all, at most 100.</summary>
    [Id(0)] public IReadOnlyList<string>? Datasets { get; init; }

    /// <summary>
    /// Words and "phrases", all of which must occur in path, metadata or label classes; also <c>field:value</c>, ranges, <c>-</c>,
    /// <c>OR</c> and parentheses, as docs/search.md tells. At most 1,024 characters.
    /// </summary>
    [Id(1)] public string? Query { get; init; }

    /// <summary>Conditions, all of which must hold. Without one on <c>status</c>, here or in the query, the trash is left out.</summary>
    [Id(2)] public SearchFilter? Filter { get; init; }

    /// <summary>What to count by: <c>label</c>, <c>tag:&lt;key&gt;</c>, <c>split</c>, <c>contentType</c>, <c>status</c>; at most 10.</summary>
    [Id(3)] public IReadOnlyList<string>? Facets { get; init; }

    /// <summary><c>relevance</c>, <c>path</c>, <c>updatedAt</c> or <c>size</c>, with <c>-</c> before it downwards. <c>relevance</c> is the default with a query, <c>path</c> without.</summary>
    [Id(4)] public string? Sort { get; init; }

    /// <summary>1–1000, 100 when left out.</summary>
    [Id(5)] public int? Limit { get; init; }

    /// <summary>Where the page before ended.</summary>
    [Id(6)] public string? Cursor { get; init; }
}

/// <summary>Conditions on items. Where a list is given, one of its values must hold.</summary>
[GenerateSerializer, Immutable, Alias("edna.SearchFilter"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SearchFilter
{
    /// <summary>Statuses.</summary>
    [Id(0), JsonConverter(typeof(OneOrManyConverter<ItemStatus>))] public IReadOnlyList<ItemStatus>? Status { get; init; }

    /// <summary>Tags, each of which must have the value.</summary>
    [Id(1)] public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Label classes, each of which must occur.</summary>
    [Id(2), JsonConverter(typeof(OneOrManyConverter<string>))] public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Splits.</summary>
    [Id(3), JsonConverter(typeof(OneOrManyConverter<string>))] public IReadOnlyList<string>? Split { get; init; }

    /// <summary>Media types.</summary>
    [Id(4), JsonConverter(typeof(OneOrManyConverter<string>))] public IReadOnlyList<string>? ContentType { get; init; }

    /// <summary>Bytes.</summary>
    [Id(5)] public NumberRange? Size { get; init; }

    /// <summary>When last written.</summary>
    [Id(6)] public TimeRange? UpdatedAt { get; init; }

    /// <summary>Metadata by field: nested fields joined with a point, values as text.</summary>
    [Id(7)] public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>A range of whole numbers.</summary>
[GenerateSerializer, Immutable, Alias("edna.NumberRange"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NumberRange
{
    /// <summary>At least.</summary>
    [Id(0)] public long? Gte { get; init; }

    /// <summary>Below.</summary>
    [Id(1)] public long? Lt { get; init; }
}

/// <summary>A range of time.</summary>
[GenerateSerializer, Immutable, Alias("edna.TimeRange"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TimeRange
{
    /// <summary>At or after.</summary>
    [Id(0)] public DateTimeOffset? Gte { get; init; }

    /// <summary>Before.</summary>
    [Id(1)] public DateTimeOffset? Lt { get; init; }
}

/// <summary>A page of hits.</summary>
[GenerateSerializer, Immutable, Alias("edna.SearchPage")]
public sealed record SearchPage
{
    /// <summary>The hits, as they are now.</summary>
    [Id(0)] public required IReadOnlyList<Item> Items { get; init; }

    /// <summary>Hits over all pages.</summary>
    [Id(1)] public required long Total { get; init; }

    /// <summary>For each facet asked for, its values with their counts over all hits, most first, at most 100.</summary>
    [Id(2)] public required IReadOnlyDictionary<string, IReadOnlyList<FacetValue>> Facets { get; init; }

    /// <summary>Where the next page starts; null at the end.</summary>
    [Id(3)] public string? NextCursor { get; init; }
}

/// <summary>A value and how often it occurs.</summary>
[GenerateSerializer, Immutable, Alias("edna.FacetValue")]
public sealed record FacetValue
{
    /// <summary>The value.</summary>
    [Id(0)] public required string Value { get; init; }

    /// <summary>Hits that have it.</summary>
    [Id(1)] public required long Count { get; init; }
}
