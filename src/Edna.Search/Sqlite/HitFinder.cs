using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>Finds the documents that meet a query, each part of it as a set of ids.</summary>
/// <param name="connection">The connection.</param>
/// <param name="sets">Makes sets.</param>
/// <param name="tenant">Whose documents.</param>
internal sealed class HitFinder(Connection connection, IdSets sets, string tenant)
{
    /// <summary>Answers of the inverted index that are kept for the rest of the search: as many as a query may have words.</summary>
    private const int KeptMatches = QueryLimits.Terms;

    /// <summary>Values that begin so: up to as many are united whatever else is asked.</summary>
    private const int FewTerms = 64;

    /// <summary>Reading a document takes about as long as this many steps through an index.</summary>
    private const int StepsOfLookup = 6;

    private readonly SearchLookups _lookups = new(connection);
    private readonly Postings _postings = new(connection);
    private int? _tenant;
    private long? _documents;
    private readonly Dictionary<string, IdSet> _matches = new(StringComparer.Ordinal);

    /// <summary>The tenant's term; null when it has no documents.</summary>
    public int? Tenant => _tenant ??= _lookups.Term(SearchFields.Tenant, tenant);

    /// <summary>The documents of the datasets or, when none is named, of the tenant.</summary>
    public IdSet Scope(ParsedSearch search) => Terms(search.Datasets.Count > 0
        ? search.Datasets.Select(name => _lookups.Dataset(new(search.Tenant, name)) is { } number ? _lookups.Term(SearchFields.Dataset, SearchFields.ValueOf(number)) : null)
        : [Tenant]);

    /// <summary>Those of some documents that meet a part of a query, as a set of the caller's own.</summary>
    public IdSet Find(QueryNode node, IdSet within) => within.IsEmpty ? sets.Empty() : node switch
    {
        AllOf all => All(all.Parts, within),
        AnyOf any => Any(any.Parts, within),
        Not not => Except(not.Part, within),
        Words words => Stand(words, within),
        HasValue { Field: QueryField.Metadata } value => Match(WordMatch.OfToken(SearchToken.OfMetadata(value.Key, value.Value)), within),
        HasValue { IsPrefix: true } value => Prefix(value, within),
        HasValue value => Terms([_lookups.Term(FieldOf(value), value.Value)]).And(within),
        HasStatus { Status: var status } => Terms([_lookups.Term(SearchFields.Status, SearchFields.ValueOf(status))]).And(within),
        SizeWithin { Gte: var least, Lt: var below } => Range("size", least, below, within),
        UpdatedWithin { Gte: var since, Lt: var before } => Range("updated_at", since?.UtcTicks, before?.UtcTicks, within),
        _ => throw new ArgumentException($"{node.GetType().Name} is not a part of a query.", nameof(node)),
    };

    /// <summary>What is quick to find comes first, and leaves less to look at.</summary>
    private IdSet All(ImmutableArray<QueryNode> parts, IdSet within)
    {
        var found = sets.Copy(within);
        foreach (var part in parts.OrderBy(Cost))
        {
            if (found.IsEmpty) return found;
            var fewer = Find(part, found);
            sets.Release(found);
            found = fewer;
        }
        return found;
    }

    private IdSet Any(ImmutableArray<QueryNode> parts, IdSet within)
    {
        var found = sets.Empty();
        foreach (var part in parts)
        {
            var more = Find(part, within);
            found.Or(more);
            sets.Release(more);
        }
        return found;
    }

    private IdSet Except(QueryNode part, IdSet within)
    {
        var not = Find(part, within);
        var found = sets.Copy(within).Except(not);
        sets.Release(not);
        return found;
    }

    private static int Cost(QueryNode node) => node switch
    {
        HasValue { IsPrefix: false, Field: not QueryField.Metadata } or HasStatus => 0,
        Words { Spelt.Length: 1, IsPrefix: false } => 1,
        Words or HasValue { IsPrefix: false } => 2,
        HasValue => 3,
        SizeWithin or UpdatedWithin => 4,
        Not not => Cost(not.Part),
        AllOf { Parts.Length: > 0 } all => all.Parts.Max(Cost),
        AnyOf { Parts.Length: > 0 } any => any.Parts.Max(Cost),
        _ => 0,
    };

    private IdSet Stand(Words words, IdSet within)
    {
        WordColumn[] columns = words.In switch
        {
            QueryText.Path => [WordColumn.Path],
            QueryText.PathAndLabels => [WordColumn.Path, WordColumn.Labels],
            _ => [WordColumn.Path, WordColumn.Metadata, WordColumn.Labels],
        };
        if (words is { Spelt: [var word], IsPrefix: false } && Frequent(word, columns) is { } terms) return Terms(terms).And(within);
        return Match(WordMatch.Of(words.Spelt, words.IsPrefix, columns), within);
    }

    /// <summary>The terms of a frequent word: it has one for each text, or none at all.</summary>
    private List<int?>? Frequent(string word, WordColumn[] columns)
    {
        var terms = columns.Select(column => _lookups.Term(SearchFields.Words[(int)column], word)).ToList();
        return terms.Contains(null) ? null : terms;
    }

    /// <summary>How often the inverted index has been asked.</summary>
    public int Matches { get; private set; }

    /// <summary>What the inverted index finds. Long queries, and the tiers of relevance, ask the same several times: it is asked once.</summary>
    private IdSet Match(string match, IdSet within)
    {
        if (_matches.TryGetValue(match, out var known)) return sets.Copy(within).And(known);
        Matches++;
        var found = sets.Empty();
        var rows = connection.Prepare("SELECT rowid FROM doc_text WHERE doc_text MATCH ?").Bind(1, match);
        while (rows.Step()) found.Add(rows.Long(0));
        if (_matches.Count == KeptMatches) return found.And(within);
        _matches[match] = found;
        return sets.Copy(within).And(found);
    }

    /// <summary>The documents that have one of the terms. A value that no document has ever had has no term.</summary>
    private IdSet Terms(IEnumerable<int?> terms)
    {
        var found = sets.Empty();
        foreach (var term in terms)
            if (term is { } known) _postings.AddTo(found, known);
        return found;
    }

    /// <summary>Documents with one of few values are united. When there are more values than documents, the documents are looked at, and each value once.</summary>
    private IdSet Prefix(HasValue value, IdSet within)
    {
        if (_lookups.Field(FieldOf(value)) is not { } field) return sets.Empty();
        if (_lookups.Terms(field, value.Value, Math.Max(FewTerms, within.Count)) is { } few) return Terms(few.Cast<int?>()).And(within);
        var (prefix, known) = (Encoding.UTF8.GetBytes(value.Value), new Dictionary<int, bool>());
        return Look("SELECT terms FROM doc WHERE id = ?", within, row =>
        {
            foreach (var term in MemoryMarshal.Cast<byte, TermOfField>(row.Bytes(0)))
            {
                if (term.Field != field) continue;
                ref var begins = ref CollectionsMarshal.GetValueRefOrAddDefault(known, term.Term, out var isKnown);
                if (!isKnown) begins = _lookups.Begins(term.Term, prefix);
                if (begins) return true;
            }
            return false;
        });
    }

    /// <summary>Of few documents each is looked at; of many, the range is read from the column's index.</summary>
    private IdSet Range(string column, long? least, long? below, IdSet within)
    {
        if (below == long.MinValue) return sets.Empty();
        var (from, to) = (least ?? long.MinValue, below - 1 ?? long.MaxValue);
        if (within.Count * StepsOfLookup < Documents)
            return Look($"SELECT {column} FROM doc WHERE id = ?", within, row => row.Long(0) >= from && row.Long(0) <= to);
        var found = sets.Empty();
        var rows = connection.Prepare($"SELECT id FROM doc WHERE tenant = ? AND {column} BETWEEN ? AND ?").Bind(1, Tenant).Bind(2, from).Bind(3, to);
        while (rows.Step()) found.Add(rows.Long(0));
        return found.And(within);
    }

    /// <summary>How many documents the tenant has.</summary>
    private long Documents
    {
        get
        {
            if (_documents is { } known) return known;
            var all = Terms([Tenant]);
            _documents = all.Count;
            sets.Release(all);
            return _documents.Value;
        }
    }

    private IdSet Look(string sql, IdSet within, Predicate<Statement> admits)
    {
        var found = sets.Empty();
        var row = connection.Prepare(sql);
        foreach (var id in within.Ids())
        {
            row.Bind(1, id).Step();
            if (admits(row)) found.Add(id);
            row.Reset();
        }
        return found;
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
