using Edna.Items;
using Edna.Keys;
using Edna.Results;

namespace Edna.Search;

/// <summary>Whether a search request makes sense. Names every fault at once.</summary>
public static class SearchRules
{
    /// <summary>Hits of a page when a request does not say.</summary>
    public const int DefaultLimit = 100;

    private const int MostDatasets = 100;
    private const int MostFacets = 10;
    private const int MostValues = 100;
    private static readonly string[] Facets = ["label", "split", "contentType", "status"];
    private static readonly string[] Sorts = ["relevance", "path", "updatedAt", "size", "-relevance", "-path", "-updatedAt", "-size"];

    /// <summary>What is wrong; null when nothing is.</summary>
    /// <param name="request">The request.</param>
    public static Problem? FaultsOf(SearchRequest request)
    {
        var errors = new FieldErrors();
        errors.Require(request.Datasets is not { Count: > MostDatasets }, "datasets", $"must be at most {MostDatasets}");
        errors.Require(request.Datasets?.All(DatasetName.IsValid) ?? true, "datasets", $"each {DatasetName.Rule}");
        errors.Require(request.Query is not { Length: > QueryLimits.Length }, "query", $"must be at most {QueryLimits.Length} characters");
        errors.Require(request.Facets is not { Count: > MostFacets }, "facets", $"must be at most {MostFacets}");
        foreach (var facet in request.Facets ?? [])
            errors.Require(Facets.Contains(facet) || (facet is { Length: > 4 } && facet.StartsWith("tag:", StringComparison.Ordinal)),
                "facets", $"'{facet}' must be label, tag:<key>, split, contentType or status");
        errors.Require(request.Sort is null || Sorts.Contains(request.Sort), "sort", $"must be one of {string.Join(", ", Sorts)}");
        errors.Require(request.Limit is null or (>= 1 and <= 1_000), "limit", "must be 1 to 1000");
        CheckFilter(request.Filter ?? new(), errors);
        return errors.ToProblem();
    }

    private static void CheckFilter(SearchFilter filter, FieldErrors errors)
    {
        Few(filter.Labels?.Count, "filter.labels", errors);
        Few(filter.Split?.Count, "filter.split", errors);
        Few(filter.ContentType?.Count, "filter.contentType", errors);
        Few(filter.Metadata?.Count, "filter.metadata", errors);
        errors.Require(filter.Tags is not { Count: > ItemLimits.Tags }, "filter.tags", $"must be at most {ItemLimits.Tags}: no item has more");
        errors.Require(filter.Tags?.Values.All(v => v is not null) ?? true, "filter.tags", "values must be texts, not null");
        errors.Require(filter.Metadata?.Values.All(v => v is not null) ?? true, "filter.metadata", "values must be texts, not null");
    }

    private static void Few(int? count, string field, FieldErrors errors) =>
        errors.Require(count is null or <= MostValues, field, $"must be at most {MostValues} values");
}
