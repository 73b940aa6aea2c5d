using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Edna.Compliance.Search.Elasticsearch;

/// <summary>Carries out a search over documents.</summary>
internal static class FakeSearch
{
    /// <summary>The answer to a search.</summary>
    /// <param name="index">The index's name.</param>
    /// <param name="mapping">Its mapping.</param>
    /// <param name="documents">What searches see.</param>
    /// <param name="body">The search.</param>
    /// <param name="point">The point in time searched.</param>
    /// <param name="addsKey">Whether the server adds a key of its own to the order in a point in time, as Elasticsearch does.</param>
    public static JsonObject Run(string index, FakeMapping mapping, IReadOnlyCollection<FakeDocument> documents, JsonElement body, string? point, bool addsKey)
    {
        var score = FakeQuery.Read(body.GetProperty("query"), mapping, documents);
        var hits = documents.Select(document => (Document: document, Score: score(document))).Where(hit => hit.Score >= 0).ToList();
        var size = body.GetProperty("size").GetInt32();
        if (size > 10_000) throw new FakeRefusal(400, "illegal_argument_exception", "Result window is too large");
        var page = new JsonArray();
        if (body.TryGetProperty("sort", out var sort)) page = Page(index, mapping, hits, sort, body, size, point is not null && addsKey);
        var answer = new JsonObject
        {
            ["took"] = 1, ["timed_out"] = false, ["_shards"] = Shards(),
            ["hits"] = new JsonObject { ["total"] = new JsonObject { ["value"] = hits.Count, ["relation"] = "eq" }, ["max_score"] = null, ["hits"] = page },
        };
        if (point is not null) answer["pit_id"] = point;
        if (body.TryGetProperty("aggregations", out var aggregations)) answer["aggregations"] = Aggregations(mapping, [.. hits.Select(hit => hit.Document)], aggregations);
        return answer;
    }

    /// <summary>One shard that answered.</summary>
    public static JsonObject Shards() => new() { ["total"] = 1, ["successful"] = 1, ["skipped"] = 0, ["failed"] = 0 };

    private static JsonArray Page(
        string index, FakeMapping mapping, List<(FakeDocument Document, double Score)> hits, JsonElement sort, JsonElement body, int size, bool addsKey)
    {
        var keys = sort.EnumerateArray().Select(key => key.EnumerateObject().Single()).Select(key => (Field: key.Name, IsDescending: key.Value.GetProperty("order").GetString() == "desc")).ToList();
        foreach (var (field, _) in keys.Where(key => key.Field != "_score")) mapping.Countable(field);
        var after = body.TryGetProperty("search_after", out var given) ? given.EnumerateArray().ToList() : null;
        // As Elasticsearch does it: the key is added when nothing was asked for after it, or it was given back.
        addsKey &= after is null || after.Count == keys.Count + 1;
        if (after is not null && after.Count != keys.Count + (addsKey ? 1 : 0)) throw new FakeRefusal(400, "illegal_argument_exception", $"search_after has {after.Count} value(s) but sort has {keys.Count}.");
        var placed = hits.Select((hit, n) => (hit.Document, Place: (IReadOnlyList<object>)[.. keys.Select(key => KeyOf(hit.Document, hit.Score, key.Field)), .. addsKey ? (object[])[(double)n] : []])).ToList();
        placed.Sort((a, b) => Compare(a.Place, b.Place));
        if (after is not null)
        {
            IReadOnlyList<object> from = [.. after.Select(value => value.ValueKind == JsonValueKind.String ? Encoding.UTF8.GetBytes(value.GetString()!) : (object)value.GetDecimal())];
            placed.RemoveAll(hit => Compare(hit.Place, from) <= 0);
        }
        return [.. placed.Take(size).Select(hit => (JsonNode)new JsonObject
        {
            ["_index"] = index, ["_id"] = hit.Document.Id, ["_score"] = null, ["sort"] = new JsonArray([.. hit.Place.Select(Json)]),
        })];

        int Compare(IReadOnlyList<object> a, IReadOnlyList<object> b)
        {
            for (var i = 0; i < a.Count; i++)
            {
                var order = a[i] is byte[] x && b[i] is byte[] y ? x.AsSpan().SequenceCompareTo(y) : Convert.ToDecimal(a[i], null).CompareTo(Convert.ToDecimal(b[i], null));
                if (order != 0) return i < keys.Count && keys[i].IsDescending ? -order : order;
            }
            return 0;
        }
    }

    private static object KeyOf(FakeDocument document, double score, string field) => field == "_score" ? score
        : document.Numbers.TryGetValue(field, out var number) ? number
        : Encoding.UTF8.GetBytes(document.Terms[field].Single());

    /// <summary>A score is told with its point, as the server's own JSON has it.</summary>
    private static JsonNode Json(object key) => key switch
    {
        byte[] text => Encoding.UTF8.GetString(text),
        double score => JsonNode.Parse($"{(long)score}.0")!,
        _ => (long)key,
    };

    private static JsonObject Aggregations(FakeMapping mapping, List<FakeDocument> hits, JsonElement asked)
    {
        var answer = new JsonObject();
        foreach (var aggregation in asked.EnumerateObject())
        {
            var body = aggregation.Value;
            answer[aggregation.Name] = body.TryGetProperty("sum", out var sum)
                ? new JsonObject { ["value"] = JsonNode.Parse($"{hits.Sum(hit => hit.Numbers[mapping.Countable(sum.GetProperty("field").GetString()!)])}.0") }
                : Terms(mapping, hits, body.GetProperty("terms"), body.TryGetProperty("aggregations", out var inner) ? inner : null);
        }
        return answer;
    }

    /// <summary>Lucene takes any character after a backslash as it is; .NET has meanings of its own for letters and the underscore.</summary>
    private static Regex Pattern(string pattern) => pattern.Length <= 1_000
        ? new($"^(?:{pattern.Replace("\\_", "_", StringComparison.Ordinal)})$", RegexOptions.Singleline | RegexOptions.CultureInvariant)
        : throw new FakeRefusal(400, "illegal_argument_exception", "The length of regex exceeds index.max_regex_length");

    private static JsonObject Terms(FakeMapping mapping, List<FakeDocument> hits, JsonElement asked, JsonElement? inner)
    {
        var field = mapping.Countable(asked.GetProperty("field").GetString()!);
        var include = asked.TryGetProperty("include", out var pattern) ? Pattern(pattern.GetString()!) : null;
        var counted = hits.SelectMany(hit => (hit.Terms.GetValueOrDefault(field) ?? []).Distinct().Select(term => (Term: term, Hit: hit)))
            .Where(pair => include?.IsMatch(pair.Term) ?? true).GroupBy(pair => pair.Term, pair => pair.Hit)
            .OrderByDescending(group => group.Count()).ThenBy(group => Encoding.UTF8.GetBytes(group.Key), Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))).ToList();
        var buckets = new JsonArray();
        foreach (var group in counted.Take(asked.TryGetProperty("size", out var size) ? size.GetInt32() : 10))
        {
            var bucket = new JsonObject { ["key"] = group.Key, ["doc_count"] = group.Count() };
            if (inner is { } more)
                foreach (var (name, value) in Aggregations(mapping, [.. group], more).ToList()) bucket[name] = value?.DeepClone();
            buckets.Add((JsonNode)bucket);
        }
        return new() { ["doc_count_error_upper_bound"] = 0, ["sum_other_doc_count"] = counted.Count - buckets.Count, ["buckets"] = buckets };
    }
}
