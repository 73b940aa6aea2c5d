using Edna.Items;
using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>A search made ready to run: what the inverted index is asked, and what is left to look at in each document it finds.</summary>
internal sealed class SearchPlan
{
    private readonly string? _text;
    private readonly string? _terms;
    private readonly SearchFilter? _filter;

    private SearchPlan(string? text, string? terms, SearchFilter? filter) => (_text, _terms, _filter) = (text, terms, filter);

    /// <summary>Whether nothing can match.</summary>
    public bool IsEmpty => _terms is null;

    /// <summary>Whether words were asked for, so that there is a relevance.</summary>
    public bool HasText => _text is not null;

    /// <summary>What the inverted index is asked.</summary>
    public string Match => MatchIn("path metadata labels");

    /// <summary>Looks up what is asked for. A value that no document has ever had matches nothing.</summary>
    public static SearchPlan Make(Connection connection, string tenant, SearchRequest request)
    {
        var text = QueryText.ToExpression(request.Query);
        var terms = text is "" ? null : Terms(connection, tenant, request);
        return new(text, terms is null ? null : string.Join(" AND ", terms), request.Filter);
    }

    /// <summary>The same, with the words in some columns only.</summary>
    /// <param name="columns">Names, with spaces between.</param>
    public string MatchIn(string columns) =>
        _text is null ? $"terms : ({_terms})" : $"({{{columns}}} : ({_text})) AND (terms : ({_terms}))";

    /// <summary>Whether a document that the inverted index found also meets what it cannot tell.</summary>
    public bool Admits(ItemStatus status, long size, long updatedAt) =>
        (_filter?.Status is { Count: > 0 } statuses ? statuses.Contains(status) : status != ItemStatus.Trashed)
        && (_filter?.Size?.Gte is not { } least || size >= least)
        && (_filter?.Size?.Lt is not { } below || size < below)
        && (_filter?.UpdatedAt?.Gte is not { } since || updatedAt >= since.UtcTicks)
        && (_filter?.UpdatedAt?.Lt is not { } before || updatedAt < before.UtcTicks);

    private static List<string>? Terms(Connection connection, string tenant, SearchRequest request)
    {
        var terms = new List<string?>();
        if (request.Datasets is { Count: > 0 } datasets) terms.Add(AnyOf(datasets.Select(name => Dataset(connection, new(tenant, name)))));
        else terms.Add(Term(connection, SearchFields.Tenant, tenant));
        if (request.Filter is { } filter)
        {
            if (filter.Split is { Count: > 0 } splits) terms.Add(AnyOf(splits.Select(value => Term(connection, SearchFields.Split, value))));
            if (filter.ContentType is { Count: > 0 } types)
                terms.Add(AnyOf(types.Select(value => Term(connection, SearchFields.ContentType, value))));
            foreach (var (key, value) in filter.Tags ?? new Dictionary<string, string>())
                terms.Add(Term(connection, SearchFields.Tag(key), value));
            foreach (var label in filter.Labels ?? []) terms.Add(Term(connection, SearchFields.Label, label));
            foreach (var (field, value) in filter.Metadata ?? new Dictionary<string, string>()) terms.Add(SearchToken.OfMetadata(field, value));
        }
        return terms.Contains(null) ? null : [.. terms.OfType<string>()];
    }

    private static string? AnyOf(IEnumerable<string?> terms)
    {
        var known = terms.OfType<string>().ToList();
        return known.Count switch { 0 => null, 1 => known[0], _ => "(" + string.Join(" OR ", known) + ")" };
    }

    private static string? Dataset(Connection connection, DatasetKey dataset)
    {
        var row = connection.Prepare("SELECT number FROM dataset WHERE tenant = ? AND name = ?").Bind(1, dataset.Tenant).Bind(2, dataset.Dataset);
        if (!row.Step()) return null;
        var token = SearchToken.OfDataset(row.Int(0));
        row.Reset();
        return token;
    }

    private static string? Term(Connection connection, string field, string value)
    {
        var row = connection.Prepare("SELECT t.number FROM field f JOIN term t ON t.field = f.number WHERE f.name = ? AND t.value = ?")
            .Bind(1, field).Bind(2, value);
        if (!row.Step()) return null;
        var token = SearchToken.OfTerm(row.Int(0));
        row.Reset();
        return token;
    }
}
