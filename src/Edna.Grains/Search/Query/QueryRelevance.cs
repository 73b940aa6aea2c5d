namespace Edna.Search;

/// <summary>
/// How relevant a hit is, in three tiers, best first: the query holds with its words in the path alone; with its words in path and
/// label classes; with metadata. Unlike a score of words' rarity it does not change when other items do, so a cursor holds its
/// place, and every search index tells the same.
/// </summary>
public static class QueryRelevance
{
    /// <summary>The query with its words looked for in some texts only. Words that must not stand there are looked for as before.</summary>
    /// <param name="query">The query.</param>
    /// <param name="to">The texts: <see cref="QueryText.Path"/> for the first tier, <see cref="QueryText.PathAndLabels"/> for the second.</param>
    public static QueryNode Narrow(QueryNode query, QueryText to) => query switch
    {
        AllOf all => new AllOf([.. all.Parts.Select(part => Narrow(part, to))]),
        AnyOf any => new AnyOf([.. any.Parts.Select(part => Narrow(part, to))]),
        Words { In: QueryText.Any } words => words with { In = to },
        _ => query,
    };
}
