namespace Edna.Search.Sqlite;

/// <summary>How relevant a hit is: 0 to 2, best first, as <see cref="QueryRelevance"/> tells.</summary>
internal sealed class RelevanceTiers(QueryCompiler compiler, ParsedSearch search)
{
    private readonly RowCheck _inPath = Check(compiler, search, QueryText.Path);
    private readonly RowCheck _inPathOrLabels = Check(compiler, search, QueryText.PathAndLabels);

    /// <summary>The tier of a hit. Hits are asked for in the order of their ids, in which the inverted index tells them.</summary>
    public long Of(in HitRow row) => _inPath(row) ? 0 : _inPathOrLabels(row) ? 1 : 2;

    private static RowCheck Check(QueryCompiler compiler, ParsedSearch search, QueryText texts)
    {
        var narrow = QueryRelevance.Narrow(search.Query, texts);
        // What is no narrower than the query holds of every hit.
        return narrow.Equals(search.Query) ? (in _) => true : compiler.AsCheck(compiler.Compile(narrow));
    }
}
