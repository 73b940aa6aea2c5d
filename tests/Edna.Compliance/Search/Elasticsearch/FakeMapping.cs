using System.Text.Json;

namespace Edna.Compliance.Search.Elasticsearch;

/// <summary>The mapping of a fake index: what may be asked of which field.</summary>
internal sealed class FakeMapping
{
    private readonly Dictionary<string, JsonElement> _fields;
    private readonly Dictionary<string, string> _types;

    public FakeMapping(JsonElement mappings)
    {
        Json = mappings.Clone();
        _fields = Json.GetProperty("properties").EnumerateObject().ToDictionary(field => field.Name, field => field.Value);
        _types = _fields.ToDictionary(field => field.Key, field => field.Value.GetProperty("type").GetString()!);
    }

    /// <summary>As it was given.</summary>
    public JsonElement Json { get; }

    /// <summary>The type of a field.</summary>
    public string TypeOf(string field) => _types.TryGetValue(field, out var type) ? type : throw new FakeRefusal(400, "query_shard_exception", $"No mapping found for [{field}]");

    /// <summary>Asks whether a field may be searched.</summary>
    public string Searchable(string field, params string[] types)
    {
        if (Has(field, "index")) throw new FakeRefusal(400, "query_shard_exception", $"Cannot search on field [{field}] since it is not indexed");
        return types.Contains(TypeOf(field)) ? field : throw new FakeRefusal(400, "query_shard_exception", $"[{field}] is of type {TypeOf(field)}, which this query is not for");
    }

    /// <summary>Asks whether a field may be sorted or counted by.</summary>
    public string Countable(string field)
    {
        if (TypeOf(field) == "text" || Has(field, "doc_values")) throw new FakeRefusal(400, "illegal_argument_exception", $"[{field}] has no doc values");
        return field;
    }

    /// <summary>The longest beginning of a word that is kept as a term.</summary>
    public int LongestPrefix(string field) => _fields[field].TryGetProperty("index_prefixes", out var prefixes) ? prefixes.GetProperty("max_chars").GetInt32() : 0;

    /// <summary>Reads a document as the server would.</summary>
    public FakeDocument Read(string id, long version, JsonElement source)
    {
        var (words, terms, numbers) = (new Dictionary<string, List<string?>>(), new Dictionary<string, List<string>>(), new Dictionary<string, long>());
        foreach (var field in source.EnumerateObject())
        {
            var name = field.Name;
            if (!_types.TryGetValue(name, out var type)) throw new FakeRefusal(400, "strict_dynamic_mapping_exception", $"[1:1] mapping set to strict, dynamic introduction of [{name}] within [_doc] is not allowed");
            switch (type)
            {
                case "text": words[name] = Words(Values(field.Value)); break;
                case "keyword": terms[name] = [.. Values(field.Value).Select(value => Term(name, value.GetString()!))]; break;
                case "long" when field.Value.TryGetInt64(out var number): numbers[name] = number; break;
                case "date" when field.Value.TryGetDateTimeOffset(out _): break;
                default: throw new FakeRefusal(400, "document_parsing_exception", $"failed to parse field [{name}]");
            }
        }
        return new(id, version, words, terms, numbers, source.GetRawText());
    }

    private static List<JsonElement> Values(JsonElement field) => field.ValueKind == JsonValueKind.Array ? [.. field.EnumerateArray()] : [field];

    private bool Has(string field, string without) => _fields.TryGetValue(field, out var json) && json.TryGetProperty(without, out var value) && !value.GetBoolean();

    /// <summary>The words in order; between two values of a list there is a gap that no phrase spans.</summary>
    private static List<string?> Words(List<JsonElement> values)
    {
        var words = new List<string?>();
        foreach (var value in values)
        {
            if (words.Count > 0) words.Add(null);
            words.AddRange(value.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
        return words;
    }

    private static string Term(string field, string value) => System.Text.Encoding.UTF8.GetByteCount(value) <= 32_766
        ? value
        : throw new FakeRefusal(400, "illegal_argument_exception", $"Document contains at least one immense term in field=\"{field}\"");
}

/// <summary>A document of a fake index.</summary>
internal sealed record FakeDocument(
    string Id, long Version, Dictionary<string, List<string?>> Words, Dictionary<string, List<string>> Terms, Dictionary<string, long> Numbers, string Source);

/// <summary>A request, or a part of one, that the fake server refuses.</summary>
internal sealed class FakeRefusal(int status, string type, string reason) : Exception(reason)
{
    public int Status => status;

    public string Type => type;
}
