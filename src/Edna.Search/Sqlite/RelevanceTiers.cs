namespace Edna.Search.Sqlite;

/// <summary>The hits of each tier of <see cref="QueryRelevance"/>, found when they are asked for.</summary>
/// <param name="sets">Makes sets.</param>
/// <param name="finder">Finds them.</param>
/// <param name="query">The query.</param>
/// <param name="hits">All hits.</param>
internal sealed class RelevanceTiers(IdSets sets, HitFinder finder, QueryNode query, IdSet hits)
{
    private IdSet? _inPath;
    private IdSet? _inPathOrLabels;

    /// <summary>The hits of a tier.</summary>
    /// <param name="tier">0 to 2, best first.</param>
    public IdSet Of(int tier) => tier switch
    {
        0 => InPath,
        1 => sets.Copy(InPathOrLabels).Except(InPath),
        _ => sets.Copy(hits).Except(InPath).Except(InPathOrLabels),
    };

    private IdSet InPath => _inPath ??= Narrow(QueryText.Path);

    private IdSet InPathOrLabels => _inPathOrLabels ??= Narrow(QueryText.PathAndLabels);

    private IdSet Narrow(QueryText texts)
    {
        var narrow = QueryRelevance.Narrow(query, texts);
        // What is no narrower than the query holds of every hit.
        return narrow.Equals(query) ? hits : finder.Find(narrow, hits);
    }
}
