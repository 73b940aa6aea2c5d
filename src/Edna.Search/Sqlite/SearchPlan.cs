using System.Collections.Immutable;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>A search made ready to run: what the inverted index is asked, and what is left to look at in each document it finds.</summary>
internal sealed class SearchPlan : IDisposable
{
    private readonly IdStreams? _streams;
    private readonly List<RowCheck> _checks = [];
    private readonly RelevanceTiers? _tiers;

    /// <summary>Looks up what is asked for. A value that no document has ever had matches nothing.</summary>
    public SearchPlan(Connection connection, ParsedSearch search)
    {
        var lookups = new SearchLookups(connection);
        var scope = Scope(lookups, search);
        if (scope.Expression is null) return;
        _streams = new(connection, scope.Expression);
        var compiler = new QueryCompiler(lookups, _streams);
        var (filter, checks) = QueryCompiler.Split([scope, .. Parts(search.Filter).Select(compiler.Compile)]);
        if (filter.Expression is null) return;
        // What the filter asks of the index also keeps the query's streams short.
        _streams.Within = filter.Expression;
        var (index, more) = QueryCompiler.Split([.. Parts(search.Query).Select(compiler.Compile), filter]);
        (Match, _checks) = (index.Expression, [.. checks, .. more]);
        if (Match is not null && search.Sort is "relevance" or "-relevance") _tiers = new(compiler, search);
    }

    /// <summary>What the inverted index is asked; null when nothing can match.</summary>
    public string? Match { get; }

    /// <summary>Whether a document that the inverted index found also meets what it cannot tell.</summary>
    public bool Admits(in HitRow row)
    {
        foreach (var check in _checks)
            if (!check(row)) return false;
        return true;
    }

    /// <summary>The relevance of a hit; 0 when nothing is sorted by it.</summary>
    public long TierOf(in HitRow row) => _tiers?.Of(row) ?? 0;

    public void Dispose() => _streams?.Dispose();

    private static ImmutableArray<QueryNode> Parts(QueryNode node) => node is AllOf all ? all.Parts : [node];

    private static InIndex Scope(SearchLookups lookups, ParsedSearch search) => search.Datasets.Count > 0
        ? IndexExpression.Terms([.. search.Datasets.Select(name => lookups.Dataset(new(search.Tenant, name))).OfType<int>().Select(SearchToken.OfDataset)])
        : IndexExpression.Terms(lookups.Term(SearchFields.Tenant, search.Tenant) is { } tenant ? [SearchToken.OfTerm(tenant)] : []);
}
