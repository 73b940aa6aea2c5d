using System.Text.Json;

namespace Edna.Compliance.Search.Elasticsearch;

/// <summary>Evaluates the part of the query language that the adapter uses: whether a document is a hit, and its score.</summary>
internal sealed class FakeQuery
{
    // As servers come: Elasticsearch lets queries stand 30 deep in each other, OpenSearch its bools 20; both take 1,024 clauses at least.
    private const int Deepest = 30;
    private const int DeepestBool = 20;
    private const int MostClauses = 1_024;

    private readonly FakeMapping _mapping;
    private readonly IReadOnlyCollection<FakeDocument> _all;
    private int _clauses;

    private FakeQuery(FakeMapping mapping, IReadOnlyCollection<FakeDocument> all) => (_mapping, _all) = (mapping, all);

    /// <summary>The score of a document; below 0 for one that is no hit.</summary>
    public delegate double Scorer(FakeDocument document);

    /// <summary>Reads a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="mapping">The index's mapping.</param>
    /// <param name="all">The index's documents.</param>
    public static Scorer Read(JsonElement query, FakeMapping mapping, IReadOnlyCollection<FakeDocument> all) => new FakeQuery(mapping, all).Read(query, 1, 0);

    private Scorer Read(JsonElement query, int depth, int bools)
    {
        if (depth > Deepest || bools > DeepestBool) throw new FakeRefusal(400, "x_content_parse_exception", $"The nested depth of the query exceeds the maximum: {depth}, {bools} bools");
        var (kind, body) = (query.EnumerateObject().Single().Name, query.EnumerateObject().Single().Value);
        if (kind is not ("bool" or "constant_score" or "dis_max") && ++_clauses > MostClauses) throw new FakeRefusal(400, "too_many_nested_clauses", "maxClauseCount is set to 1024");
        switch (kind)
        {
            case "match_all": return _ => 1;
            case "match_none": return _ => -1;
            case "bool": return Bool(body, depth, bools + 1);
            case "constant_score":
                var (inner, boost) = (Read(body.GetProperty("filter"), depth + 1, bools), body.GetProperty("boost").GetDouble());
                return document => inner(document) >= 0 ? boost : -1;
            case "dis_max":
                var queries = body.GetProperty("queries").EnumerateArray().Select(part => Read(part, depth + 1, bools)).ToList();
                return document => queries.Max(part => part(document));
            case "terms": return Terms(body.EnumerateObject().Single());
        }
        var (field, asked) = (body.EnumerateObject().Single().Name, body.EnumerateObject().Single().Value);
        return kind switch
        {
            "term" => Value(field, asked.GetProperty("value").GetString()!, (value, of) => value == of),
            "prefix" => Value(field, asked.GetProperty("value").GetString()!, (value, of) => value.StartsWith(of, StringComparison.Ordinal)),
            "match_phrase" => Phrase(_mapping.Searchable(field, "text"), asked.GetProperty("query").GetString()!, null),
            "match_phrase_prefix" => Phrase(_mapping.Searchable(field, "text"), asked.GetProperty("query").GetString()!, asked.GetProperty("max_expansions").GetInt32()),
            "range" => Range(_mapping.Searchable(field, "long"), asked),
            _ => throw new FakeRefusal(400, "parsing_exception", $"unknown query [{kind}]"),
        };
    }

    private Scorer Bool(JsonElement body, int depth, int bools)
    {
        var (filter, mustNot, should) = (Clauses("filter"), Clauses("must_not"), Clauses("should"));
        var least = body.TryGetProperty("minimum_should_match", out var given) ? given.GetInt32() : filter.Count == 0 && should.Count > 0 ? 1 : 0;
        return document =>
        {
            if (filter.Any(part => part(document) < 0) || mustNot.Any(part => part(document) >= 0)) return -1;
            var scores = should.Select(part => part(document)).Where(score => score >= 0).ToList();
            return scores.Count < least ? -1 : scores.Sum();
        };

        List<Scorer> Clauses(string name) => body.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(part => Read(part, depth + 1, bools))] : [];
    }

    private Scorer Terms(JsonProperty asked)
    {
        var field = _mapping.Searchable(asked.Name, "keyword");
        var values = asked.Value.EnumerateArray().Select(value => value.GetString()!).ToHashSet(StringComparer.Ordinal);
        return document => document.Terms.TryGetValue(field, out var terms) && terms.Any(values.Contains) ? 1 : -1;
    }

    private Scorer Value(string field, string of, Func<string, string, bool> holds)
    {
        if (_mapping.TypeOf(_mapping.Searchable(field, "keyword", "text")) == "keyword")
            return document => document.Terms.TryGetValue(field, out var terms) && terms.Any(term => holds(term, of)) ? 1 : -1;
        return document => document.Words.TryGetValue(field, out var words) && words.Any(word => word is not null && holds(word, of)) ? 1 : -1;
    }

    /// <summary>Words one after the other. A beginning that is too long to be a term of its own stands for some of the words that begin so.</summary>
    private Scorer Phrase(string field, string text, int? mostExpansions)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        HashSet<string>? expansions = null;
        if (mostExpansions is { } most && words[^1].Length > _mapping.LongestPrefix(field))
        {
            expansions = [.. _all.SelectMany(document => document.Words.GetValueOrDefault(field) ?? []).OfType<string>().Distinct()
                .Where(word => word.StartsWith(words[^1], StringComparison.Ordinal)).Order(StringComparer.Ordinal).Take(most)];
        }
        return document => document.Words.TryGetValue(field, out var own)
            && Enumerable.Range(0, Math.Max(0, own.Count - words.Length + 1)).Any(start => Enumerable.Range(0, words.Length).All(i => Matches(own[start + i], i))) ? 1 : -1;

        bool Matches(string? word, int i) => word is not null && (i < words.Length - 1 || mostExpansions is null
            ? word == words[i]
            : expansions?.Contains(word) ?? word.StartsWith(words[i], StringComparison.Ordinal));
    }

    private static Scorer Range(string field, JsonElement asked)
    {
        long? least = asked.TryGetProperty("gte", out var gte) ? gte.GetInt64() : null;
        long? below = asked.TryGetProperty("lt", out var lt) ? lt.GetInt64() : null;
        return document => document.Numbers.TryGetValue(field, out var number) && !(number < least) && !(number >= below) ? 1 : -1;
    }
}
