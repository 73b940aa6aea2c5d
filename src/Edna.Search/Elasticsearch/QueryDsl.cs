using System.Text.Json;

namespace Edna.Search.Elasticsearch;

/// <summary>
/// Writes a tree as the server's query language. Servers limit how deep queries may stand in each other (20 to 30) and how many there
/// may be in all (1,024 at least), so a tree is made flat first: what must not hold is pushed down to the leaves, and an "any" in an "all" becomes
/// the same <c>bool</c>.
/// </summary>
internal static class QueryDsl
{
    /// <summary>Words that a beginning at the end of a phrase may stand for, where it is longer than <see cref="IndexSchema.LongestPrefix"/>.</summary>
    private const int MostExpansions = 1_000;

    /// <summary>Writes a query as an object.</summary>
    public static void Write(Utf8JsonWriter json, QueryNode query) => WriteFlat(json, Flatten(query, negated: false));

    /// <summary>The same query with every negation at a leaf.</summary>
    internal static QueryNode Flatten(QueryNode query, bool negated) => query switch
    {
        AllOf all when negated => AnyOf.Of(all.Parts.Select(part => Flatten(part, true))),
        AllOf all => AllOf.Of(all.Parts.Select(part => Flatten(part, false))),
        AnyOf any when negated => AllOf.Of(any.Parts.Select(part => Flatten(part, true))),
        AnyOf any => AnyOf.Of(any.Parts.Select(part => Flatten(part, false))),
        Not not => Flatten(not.Part, !negated),
        _ => negated ? new Not(query) : query,
    };

    private static void WriteFlat(Utf8JsonWriter json, QueryNode query)
    {
        switch (query)
        {
            case AllOf { Parts.IsEmpty: true }:
                WriteEmpty(json, "match_all");
                break;
            case AnyOf { Parts.IsEmpty: true }:
                WriteEmpty(json, "match_none");
                break;
            case AllOf all:
                WriteBool(json, all.Parts);
                break;
            case AnyOf any when ValuesOfOneField(any) is { } field:
                WriteTerms(json, field, any.Parts.Select(part => LeafDsl.TermOf((HasValue)part)));
                break;
            case AnyOf or Not:
                WriteBool(json, [query]);
                break;
            default:
                LeafDsl.Write(json, query, MostExpansions);
                break;
        }
    }

    /// <summary>Writes parts that must all hold, with one "any" among them, the deepest, in the same <c>bool</c>.</summary>
    private static void WriteBool(Utf8JsonWriter json, IReadOnlyCollection<QueryNode> parts)
    {
        var any = parts.OfType<AnyOf>().Where(part => part.Parts.Length > 0 && ValuesOfOneField(part) is null).MaxBy(Depth);
        json.WriteStartObject();
        json.WriteStartObject("bool");
        WriteClauses(json, "filter", parts.Where(part => part is not Not && !ReferenceEquals(part, any)));
        WriteClauses(json, "must_not", parts.OfType<Not>().Select(part => part.Part));
        if (any is not null)
        {
            WriteClauses(json, "should", any.Parts);
            json.WriteNumber("minimum_should_match", 1);
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteClauses(Utf8JsonWriter json, string name, IEnumerable<QueryNode> clauses)
    {
        var isOpen = false;
        foreach (var clause in clauses)
        {
            if (!isOpen) json.WriteStartArray(name);
            isOpen = true;
            WriteFlat(json, clause);
        }
        if (isOpen) json.WriteEndArray();
    }

    /// <summary>Writes that a field has one of some values.</summary>
    public static void WriteTerms(Utf8JsonWriter json, string field, IEnumerable<string> values)
    {
        json.WriteStartObject();
        json.WriteStartObject("terms");
        json.WriteStartArray(field);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteEmpty(Utf8JsonWriter json, string kind)
    {
        json.WriteStartObject();
        json.WriteStartObject(kind);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static int Depth(QueryNode query) => query switch
    {
        AllOf { Parts: { IsEmpty: false } parts } => 1 + parts.Max(Depth),
        AnyOf { Parts: { IsEmpty: false } parts } => 1 + parts.Max(Depth),
        _ => 1,
    };

    /// <summary>The field of an "any" of whole values of one field, as filters make them.</summary>
    private static string? ValuesOfOneField(AnyOf any)
    {
        if (any.Parts.Length < 2 || any.Parts[0] is not HasValue first) return null;
        var field = LeafDsl.FieldOf(first.Field);
        return any.Parts.All(part => part is HasValue { IsPrefix: false } value && LeafDsl.FieldOf(value.Field) == field && LeafDsl.IsText(value.Value)) ? field : null;
    }

}
