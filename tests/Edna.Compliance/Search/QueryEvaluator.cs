using System.Collections.Immutable;
using Edna.Search;

namespace Edna.Compliance.Search;

/// <summary>What a query means, in the plainest way: whether a document is a hit, and how relevant.</summary>
public static class QueryEvaluator
{
    public static bool Holds(QueryNode node, SearchDocument document) => node switch
    {
        AllOf all => all.Parts.All(part => Holds(part, document)),
        AnyOf any => any.Parts.Any(part => Holds(part, document)),
        Not not => !Holds(not.Part, document),
        Words words => TextsOf(document, words.In).Any(text => Stand(words, text)),
        HasValue value => ValuesOf(document, value).Any(v => value.IsPrefix ? v.StartsWith(value.Value, StringComparison.Ordinal) : v == value.Value),
        HasStatus status => document.Status == status.Status,
        SizeWithin size => (size.Gte ?? long.MinValue) <= document.Size && (size.Lt is not { } below || document.Size < below),
        UpdatedWithin updated => (updated.Gte is not { } since || since <= document.UpdatedAt) && (updated.Lt is not { } before || document.UpdatedAt < before),
        _ => throw new ArgumentException($"{node.GetType().Name} is not a part of a query.", nameof(node)),
    };

    /// <summary>0 to 2, best first.</summary>
    public static int Tier(QueryNode query, SearchDocument document) =>
        Holds(QueryRelevance.Narrow(query, QueryText.Path), document) ? 0 : Holds(QueryRelevance.Narrow(query, QueryText.PathAndLabels), document) ? 1 : 2;

    private static IEnumerable<ImmutableArray<string>> TextsOf(SearchDocument document, QueryText texts)
    {
        yield return SearchWords.Of(document.Path);
        if (texts is QueryText.Any or QueryText.PathAndLabels) yield return [.. document.LabelClasses.SelectMany(text => SearchWords.Of(text))];
        if (texts is QueryText.Any) yield return [.. document.Metadata.SelectMany(field => SearchWords.Of(field.Value))];
    }

    private static bool Stand(Words words, ImmutableArray<string> text) => Enumerable.Range(0, Math.Max(0, text.Length - words.Spelt.Length + 1))
        .Any(start => Enumerable.Range(0, words.Spelt.Length).All(i => words.IsPrefix && i == words.Spelt.Length - 1
            ? text[start + i].StartsWith(words.Spelt[i], StringComparison.Ordinal)
            : text[start + i] == words.Spelt[i]));

    private static IEnumerable<string> ValuesOf(SearchDocument document, HasValue value) => value.Field switch
    {
        QueryField.Split => document.Split is { } split ? [split] : [],
        QueryField.ContentType => [document.ContentType],
        QueryField.Label => document.LabelClasses,
        QueryField.Tag => document.Tags.TryGetValue(value.Key, out var tag) ? [tag] : [],
        QueryField.Metadata => document.Metadata.Where(field => field.Key == value.Key).Select(field => field.Value),
        _ => throw new ArgumentException($"{value.Field} is not a field.", nameof(value)),
    };
}
