using Edna.Items;
using Edna.Results;

namespace Edna.Search;

/// <summary>A search as a search index is asked it: checked, its text read, and what was left out filled in.</summary>
public sealed record ParsedSearch
{
    /// <summary>Whose items.</summary>
    public required string Tenant { get; init; }

    /// <summary>In which datasets; empty for all of the tenant's.</summary>
    public IReadOnlyList<string> Datasets { get; init; } = [];

    /// <summary>What was asked for in the query language. It must hold, and how well it holds is the relevance: see <see cref="QueryRelevance"/>.</summary>
    public required QueryNode Query { get; init; }

    /// <summary>What must hold besides. The trash is left out here, unless query or filter ask for a status.</summary>
    public required QueryNode Filter { get; init; }

    /// <summary>What to count by: <c>label</c>, <c>split</c>, <c>contentType</c>, <c>status</c> or <c>tag:&lt;key&gt;</c>, each once.</summary>
    public IReadOnlyList<string> Facets { get; init; } = [];

    /// <summary><c>relevance</c>, <c>path</c>, <c>updatedAt</c> or <c>size</c>, with <c>-</c> before it downwards; <c>relevance</c> only when words are asked for.</summary>
    public required string Sort { get; init; }

    /// <summary>Hits of a page, 1–1000.</summary>
    public required int Limit { get; init; }

    /// <summary>Where the page before ended.</summary>
    public string? Cursor { get; init; }

    /// <summary>Reads a request. Errors: <c>request.invalid</c> with every field that is wrong, <c>search.query_invalid</c>.</summary>
    /// <param name="tenant">Whose items.</param>
    /// <param name="request">The request as the client sent it.</param>
    public static Result<ParsedSearch> Of(string tenant, SearchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (SearchRules.FaultsOf(request) is { } invalid) return invalid;
        if (!QueryParser.Parse(request.Query).TryGet(out var query, out var problem)) return problem;
        var asked = AllOf.Of(Conditions(request.Filter ?? new()));
        var trash = query.Any(part => part is HasStatus) || asked.Any(part => part is HasStatus) ? QueryNode.Everything : new Not(new HasStatus(ItemStatus.Trashed));
        return new ParsedSearch
        {
            Tenant = tenant, Datasets = [.. (request.Datasets ?? []).Distinct(StringComparer.Ordinal)], Query = query, Filter = AllOf.Of(asked, trash),
            Facets = [.. (request.Facets ?? []).Distinct(StringComparer.Ordinal)], Sort = SortOf(request.Sort, query.Any(part => part is Words)),
            Limit = request.Limit ?? SearchRules.DefaultLimit, Cursor = request.Cursor,
        };
    }

    /// <summary>Without words everything is equally relevant, and the path decides.</summary>
    private static string SortOf(string? sort, bool hasWords) => sort switch
    {
        null => hasWords ? "relevance" : "path",
        "relevance" when !hasWords => "path",
        "-relevance" when !hasWords => "-path",
        _ => sort,
    };

    private static IEnumerable<QueryNode> Conditions(SearchFilter filter)
    {
        if (filter.Status is { Count: > 0 } statuses) yield return AnyOf.Of(statuses.Distinct().Select(status => new HasStatus(status)));
        if (filter.Split is { Count: > 0 } splits) yield return OneOf(QueryField.Split, splits);
        if (filter.ContentType is { Count: > 0 } types) yield return OneOf(QueryField.ContentType, types);
        foreach (var (key, value) in filter.Tags ?? new Dictionary<string, string>()) yield return new HasValue(QueryField.Tag, key, value);
        foreach (var label in filter.Labels ?? []) yield return new HasValue(QueryField.Label, "", label);
        foreach (var (field, value) in filter.Metadata ?? new Dictionary<string, string>()) yield return new HasValue(QueryField.Metadata, field, value);
        if (filter.Size is { Gte: not null } or { Lt: not null }) yield return new SizeWithin(filter.Size.Gte, filter.Size.Lt);
        if (filter.UpdatedAt is { Gte: not null } or { Lt: not null }) yield return new UpdatedWithin(filter.UpdatedAt.Gte, filter.UpdatedAt.Lt);
    }

    private static QueryNode OneOf(QueryField field, IEnumerable<string> values) =>
        AnyOf.Of(values.Distinct(StringComparer.Ordinal).Select(value => new HasValue(field, "", value)));
}
