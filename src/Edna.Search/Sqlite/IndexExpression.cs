namespace Edna.Search.Sqlite;

/// <summary>
/// Puts expressions of FTS5 together. What must not hold is carried along instead of written down, for FTS5 has no NOT but the one
/// between two expressions; all the text that ever gets in are words of letters and digits, in quotes, and words that stand for values.
/// </summary>
internal static class IndexExpression
{
    public static InIndex Everything { get; } = new(null, IsNegated: true);

    public static InIndex Nothing { get; } = new(null);

    /// <summary>Words one after the other in one of the columns.</summary>
    public static InIndex Words(Words words)
    {
        var columns = words.In switch
        {
            QueryText.Path => "path",
            QueryText.PathAndLabels => "path labels",
            _ => "path metadata labels",
        };
        return new($"({{{columns}}} : \"{string.Join(' ', words.Spelt)}\"{(words.IsPrefix ? " *" : "")})", Depth: 1);
    }

    /// <summary>One of the words that stand for values.</summary>
    public static InIndex Terms(IReadOnlyCollection<string> tokens) =>
        tokens.Count == 0 ? Nothing : new($"(terms : {(tokens.Count == 1 ? tokens.Single() : $"({string.Join(" OR ", tokens)})")})", Depth: 2);

    public static InIndex Not(InIndex part) => part with { IsNegated = !part.IsNegated };

    public static InIndex All(IReadOnlyCollection<InIndex> parts)
    {
        if (parts.Any(part => part.IsNothing)) return Nothing;
        var must = Join([.. parts.Where(part => !part.IsNegated)], "AND");
        var mustNot = Join([.. parts.Where(part => part is { IsNegated: true, IsEverything: false })], "OR");
        if (must.Expression is null) return mustNot with { IsNegated = true };
        return mustNot.Expression is null ? must : Join([must, mustNot], "NOT");
    }

    /// <summary>At least one: all but what none of them meets.</summary>
    public static InIndex Any(IReadOnlyCollection<InIndex> parts) => Not(All([.. parts.Select(Not)]));

    private static InIndex Join(IReadOnlyCollection<InIndex> parts, string by) => parts.Count switch
    {
        0 => Nothing,
        1 => parts.Single() with { IsNegated = false },
        _ => new($"({string.Join($" {by} ", parts.Select(part => part.Expression))})", Depth: parts.Max(part => part.Depth) + 1),
    };
}
