using System.Text;
using System.Text.Json;
using Edna.Items;

namespace Edna.Search.Elasticsearch;

/// <summary>Writes the bodies of searches.</summary>
internal static class SearchBody
{
    /// <summary>Values of a facet.</summary>
    public const int FacetValues = 100;

    private const int ValuesOfAShard = 10_000;
    private const string PlainInPattern = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ";

    /// <summary>Writes a search for a page, and one hit more, which tells whether there is a next one.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="search">The search.</param>
    /// <param name="order">Its order.</param>
    /// <param name="after">Where the page before ended.</param>
    /// <param name="pointInTime">The point in time to search; null for now.</param>
    public static void Write(PooledBuffer to, ParsedSearch search, SearchOrder order, PageCursor? after, string? pointInTime)
    {
        using var json = RequestJson.Begin(to);
        json.WriteStartObject();
        json.WriteNumber("size", search.Limit + 1);
        json.WriteBoolean("track_total_hits", true);
        json.WriteBoolean("_source", false);
        json.WritePropertyName("query");
        WriteQuery(json, search, order);
        WriteSort(json, order);
        if (after is not null) WriteAfter(json, order, after);
        if (pointInTime is not null)
        {
            json.WriteStartObject("pit");
            json.WriteString("id", pointInTime);
            json.WriteString("keep_alive", PointsInTime.KeepAlive);
            json.WriteEndObject();
        }
        if (search.Facets.Any(CanHaveValues)) WriteFacets(json, search.Facets);
        json.WriteEndObject();
    }

    /// <summary>Writes a count of a dataset's items by status with their bytes.</summary>
    public static void WriteCount(PooledBuffer to, string dataset)
    {
        using var json = RequestJson.Begin(to);
        json.WriteStartObject();
        json.WriteNumber("size", 0);
        json.WritePropertyName("query");
        QueryDsl.WriteTerms(json, IndexFields.Dataset, [dataset]);
        json.WriteStartObject("aggregations");
        json.WriteStartObject("status");
        json.WriteStartObject("terms");
        json.WriteString("field", IndexFields.Status);
        json.WriteEndObject();
        json.WriteStartObject("aggregations");
        json.WriteStartObject("bytes");
        json.WriteStartObject("sum");
        json.WriteString("field", IndexFields.Size);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes the removal of a dataset's documents.</summary>
    public static void WriteRemoval(PooledBuffer to, string dataset)
    {
        using var json = RequestJson.Begin(to);
        json.WriteStartObject();
        json.WritePropertyName("query");
        QueryDsl.WriteTerms(json, IndexFields.Dataset, [dataset]);
        json.WriteEndObject();
    }

    /// <summary>The name of a facet's aggregation: a number, for names may not hold all that tags may.</summary>
    public static string FacetName(int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"f{number}");

    /// <summary>The key of a facet that counts by a tag; null of the others.</summary>
    public static string? TagOf(string facet) => facet.StartsWith("tag:", StringComparison.Ordinal) ? facet["tag:".Length..] : null;

    private static void WriteQuery(Utf8JsonWriter json, ParsedSearch search, SearchOrder order)
    {
        json.WriteStartObject();
        json.WriteStartObject("bool");
        json.WriteStartArray("filter");
        if (search.Datasets.Count > 0) QueryDsl.WriteTerms(json, IndexFields.Dataset, search.Datasets.Select(name => $"{search.Tenant}/{name}"));
        else QueryDsl.WriteTerms(json, IndexFields.Tenant, [search.Tenant]);
        QueryDsl.Write(json, AllOf.Of(search.Query, search.Filter));
        json.WriteEndArray();
        if (order.Field == SortField.Relevance) WriteTiers(json, search.Query);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A point for each tier that a hit reaches, so that its score is 2 for the best, 1, or 0: whole numbers, the same on every server.</summary>
    private static void WriteTiers(Utf8JsonWriter json, QueryNode query)
    {
        json.WriteStartArray("should");
        foreach (var texts in (QueryText[])[QueryText.Path, QueryText.PathAndLabels])
        {
            json.WriteStartObject();
            json.WriteStartObject("constant_score");
            json.WritePropertyName("filter");
            QueryDsl.Write(json, QueryRelevance.Narrow(query, texts));
            json.WriteNumber("boost", 1);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("minimum_should_match", 0);
    }

    private static void WriteSort(Utf8JsonWriter json, SearchOrder order)
    {
        json.WriteStartArray("sort");
        switch (order.Field)
        {
            // The best hit has the highest score.
            case SortField.Relevance: WriteSortBy(json, "_score", !order.IsDescending); break;
            case SortField.UpdatedAt: WriteSortBy(json, IndexFields.UpdatedAt, order.IsDescending); break;
            case SortField.Size: WriteSortBy(json, IndexFields.Size, order.IsDescending); break;
        }
        if (order.UsesPath) WriteSortBy(json, IndexFields.Path, order.IsDescending);
        WriteSortBy(json, IndexFields.Id, isDescending: false);
        json.WriteEndArray();
    }

    private static void WriteSortBy(Utf8JsonWriter json, string field, bool isDescending)
    {
        json.WriteStartObject();
        json.WriteStartObject(field);
        json.WriteString("order", isDescending ? "desc" : "asc");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteAfter(Utf8JsonWriter json, SearchOrder order, PageCursor after)
    {
        json.WriteStartArray("search_after");
        if (order.UsesNumber) json.WriteNumberValue(after.Number);
        if (order.UsesPath) json.WriteStringValue(after.Path);
        json.WriteStringValue(after.Id);
        json.WriteEndArray();
    }

    private static void WriteFacets(Utf8JsonWriter json, IReadOnlyList<string> facets)
    {
        json.WriteStartObject("aggregations");
        for (var i = 0; i < facets.Count; i++)
        {
            if (!CanHaveValues(facets[i])) continue;
            json.WriteStartObject(FacetName(i));
            json.WriteStartObject("terms");
            json.WriteString("field", FieldOf(facets[i]));
            if (TagOf(facets[i]) is { } tag) json.WriteString("include", Pattern(IndexFields.PairsOf(tag)));
            json.WriteNumber("size", FacetValues);
            // Each shard tells more than are asked for, or a value that is in many shards a little would be missed.
            json.WriteNumber("shard_size", ValuesOfAShard);
            json.WriteStartArray("order");
            WriteOrder(json, "_count", "desc");
            WriteOrder(json, "_key", "asc");
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteOrder(Utf8JsonWriter json, string by, string direction)
    {
        json.WriteStartObject();
        json.WriteString(by, direction);
        json.WriteEndObject();
    }

    /// <summary>A tag's key that no item can have is not asked for: the server takes patterns of a certain length only.</summary>
    private static bool CanHaveValues(string facet) => TagOf(facet) is not { } tag || (tag.Length <= ItemLimits.TagKey && LeafDsl.IsText(tag));

    private static string FieldOf(string facet) => facet switch
    {
        "label" => IndexFields.Labels,
        "split" => IndexFields.Split,
        "contentType" => IndexFields.ContentType,
        "status" => IndexFields.Status,
        _ => IndexFields.Tags,
    };

    /// <summary>A regular expression (of Lucene's kind) for all that begins so.</summary>
    private static string Pattern(string start)
    {
        var pattern = new StringBuilder(start.Length * 2);
        foreach (var c in start)
        {
            // Everything that could mean something is quoted; letters of other scripts mean nothing.
            if (c < 128 && !PlainInPattern.Contains(c, StringComparison.Ordinal)) pattern.Append('\\');
            pattern.Append(c);
        }
        return pattern.Append(".*").ToString();
    }
}
