using System.Runtime.InteropServices;
using System.Text;

namespace Edna.Search.Sqlite;

/// <summary>
/// Turns a tree into what the inverted index is asked and what is looked at in each document. The index knows words and values;
/// a document's row knows status, size and time. Where one part of a query needs both, the index's part comes as a stream of ids
/// beside the documents.
/// </summary>
/// <param name="lookups">Finds numbers.</param>
/// <param name="streams">Opens streams.</param>
internal sealed class QueryCompiler(SearchLookups lookups, IdStreams streams)
{
    /// <summary>Values that begin so: up to as many, the index is asked for each of them.</summary>
    private const int MostTerms = 64;

    /// <summary>The parser of FTS5 has room for 100 symbols, of which a pair of parentheses takes three: what is deeper comes as a stream.</summary>
    private const int Deepest = 20;

    public Condition Compile(QueryNode node) => node switch
    {
        AllOf all => All([.. all.Parts.Select(Compile)]),
        AnyOf any => Any([.. any.Parts.Select(Compile)]),
        Not not => Negate(Compile(not.Part)),
        Words words => IndexExpression.Words(words),
        HasValue { IsPrefix: true } value => Prefix(value),
        HasValue value => IndexExpression.Terms(Token(value) is { } token ? [token] : []),
        HasStatus { Status: var status } => new OfRow((in row) => row.Status == status),
        SizeWithin { Gte: var least, Lt: var below } => new OfRow((in row) => !(row.Size < least) && !(row.Size >= below)),
        UpdatedWithin { Gte: var since, Lt: var before } => Updated(since?.UtcTicks, before?.UtcTicks),
        _ => throw new ArgumentException($"{node.GetType().Name} is not a part of a query.", nameof(node)),
    };

    /// <summary>A condition as a look at each document.</summary>
    public RowCheck AsCheck(Condition condition)
    {
        switch (condition)
        {
            case OfRow check:
                return check.Holds;
            case InIndex { Expression: null, IsNegated: var everything }:
                return (in _) => everything;
            case InIndex { Expression: { } expression, IsNegated: var negated }:
                var ids = streams.Open(expression);
                return (in row) => ids.Contains(row.Id) != negated;
            default:
                throw new ArgumentException($"{condition.GetType().Name} is not a condition.", nameof(condition));
        }
    }

    /// <summary>Parts that must all hold: what the index can be asked at once, and what is left to look at.</summary>
    public static (InIndex Index, List<RowCheck> Checks) Split(IReadOnlyCollection<Condition> parts) =>
        (IndexExpression.All([.. parts.OfType<InIndex>()]), [.. parts.OfType<OfRow>().Select(part => part.Holds)]);

    private Condition All(IReadOnlyCollection<Condition> parts)
    {
        var (index, checks) = Split(parts);
        if (index.IsNothing || (checks.Count == 0 && index.Depth <= Deepest)) return index;
        if (!index.IsEverything) checks.Add(AsCheck(index));
        return new OfRow((in row) =>
        {
            foreach (var check in checks)
                if (!check(row)) return false;
            return true;
        });
    }

    private Condition Any(IReadOnlyCollection<Condition> parts) => Negate(All([.. parts.Select(Negate)]));

    private static Condition Negate(Condition part) => part switch
    {
        InIndex index => IndexExpression.Not(index),
        OfRow { Holds: var holds } => new OfRow((in row) => !holds(row)),
        _ => throw new ArgumentException($"{part.GetType().Name} is not a condition.", nameof(part)),
    };

    private static OfRow Updated(long? since, long? before) => new((in row) => !(row.UpdatedAt < since) && !(row.UpdatedAt >= before));

    private string? Token(HasValue value)
    {
        if (value.Field == QueryField.Metadata) return SearchToken.OfMetadata(value.Key, value.Value);
        return lookups.Term(FieldOf(value), value.Value) is { } number ? SearchToken.OfTerm(number) : null;
    }

    /// <summary>Few values are asked of the index. Of many, those that the documents have are looked at, each once.</summary>
    private Condition Prefix(HasValue value)
    {
        if (lookups.Field(FieldOf(value)) is not { } field) return IndexExpression.Nothing;
        if (lookups.Terms(field, value.Value, MostTerms) is { } few) return IndexExpression.Terms([.. few.Select(SearchToken.OfTerm)]);
        var (prefix, known) = (Encoding.UTF8.GetBytes(value.Value), new Dictionary<int, bool>());
        return new OfRow((in row) =>
        {
            foreach (var term in MemoryMarshal.Cast<byte, TermOfField>(row.Terms))
            {
                if (term.Field != field) continue;
                if (!known.TryGetValue(term.Term, out var begins)) known[term.Term] = begins = lookups.Begins(term.Term, prefix);
                if (begins) return true;
            }
            return false;
        });
    }

    private static string FieldOf(HasValue value) => value.Field switch
    {
        QueryField.Split => SearchFields.Split,
        QueryField.ContentType => SearchFields.ContentType,
        QueryField.Label => SearchFields.Label,
        QueryField.Tag => SearchFields.Tag(value.Key),
        _ => throw new ArgumentException($"{value.Field} has no terms.", nameof(value)),
    };
}
