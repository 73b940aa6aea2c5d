using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Edna.Compliance.Search.Elasticsearch;

/// <summary>Elastic's published description of the calls that EDNA makes: see NOTICE.md. Says of a request or an answer what is wrong with it.</summary>
public sealed class PublishedDescription
{
    /// <summary>Objects whose members are named after fields or aggregations, which the description has no way to say.</summary>
    private static readonly string[] s_named = ["_types.query_dsl.TermsQuery", "_types.SortOptions", "_types.aggregations.MultiBucketBase"];

    private readonly JsonElement _root;
    private readonly ConcurrentDictionary<string, Schema> _schemas = new();
    private readonly ConcurrentDictionary<(string Path, string Method), Operation> _operations = new();

    private PublishedDescription()
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream("openapi-subset.json")!;
        _root = JsonDocument.Parse(file).RootElement;
    }

    /// <summary>The one there is.</summary>
    public static PublishedDescription Instance { get; } = new();

    /// <summary>What is wrong with a request; null when nothing is.</summary>
    /// <param name="template">The path as the description has it, such as <c>/{index}/_search</c>.</param>
    /// <param name="method">The method in small letters.</param>
    /// <param name="query">The query's parameters.</param>
    /// <param name="body">The body; null without.</param>
    public string? FaultOfRequest(string template, string method, IEnumerable<KeyValuePair<string, string>> query, JsonElement? body)
    {
        if (!_root.GetProperty("paths").TryGetProperty(template, out var path) || !path.TryGetProperty(method, out _)) return $"{method} {template} is not described";
        var operation = OperationOf(template, method);
        foreach (var (name, value) in query)
        {
            if (!operation.Query.TryGetValue(name, out var schema)) return $"{template} takes no parameter {name}";
            // A parameter is text; what the description calls a number or a boolean is one when it reads as one.
            if (SchemaCheck.FaultOf(schema, Text(value), name) is { } fault && (Literal(value) is not { } literal || SchemaCheck.FaultOf(schema, literal, name) is not null)) return fault;
        }
        if (body is not { } json) return operation.NeedsBody ? $"{template} needs a body" : null;
        return operation.Body is { } expected ? SchemaCheck.FaultOf(expected, json, "body") : $"{template} takes no body";
    }

    /// <summary>What is wrong with a good answer; null when nothing is.</summary>
    public string? FaultOfAnswer(string template, string method, JsonElement body) =>
        OperationOf(template, method).Answer is { } schema ? SchemaCheck.FaultOf(schema, body, "answer") : $"{template} answers no body";

    /// <summary>What is wrong with a value that the description has a name for; null when nothing is.</summary>
    public string? FaultOf(string schema, JsonElement value) => SchemaCheck.FaultOf(Find("#/components/schemas/" + schema), value, schema);

    private Operation OperationOf(string template, string method) => _operations.GetOrAdd((template, method), key =>
    {
        var json = _root.GetProperty("paths").GetProperty(key.Path).GetProperty(key.Method);
        var parameters = json.TryGetProperty("parameters", out var list) ? list.EnumerateArray().Select(Resolve) : [];
        var body = json.TryGetProperty("requestBody", out var request) ? Resolve(request) : default;
        var answer = Resolve(json.GetProperty("responses").GetProperty("200"));
        return new(
            parameters.Where(p => p.GetProperty("in").GetString() == "query").ToDictionary(p => p.GetProperty("name").GetString()!, p => Schema.Read(p.GetProperty("schema"), Find)),
            SchemaOf(body), body.ValueKind == JsonValueKind.Object && body.TryGetProperty("required", out var needed) && needed.GetBoolean(), SchemaOf(answer));
    });

    private Schema? SchemaOf(JsonElement withContent) =>
        withContent.ValueKind == JsonValueKind.Object && withContent.TryGetProperty("content", out var content)
            && content.TryGetProperty("application/json", out var json) && json.TryGetProperty("schema", out var schema) ? Schema.Read(schema, Find) : null;

    private Schema Find(string reference) => _schemas.GetOrAdd(reference, name =>
    {
        var schema = Schema.Read(Resolve(name), Find);
        return s_named.Contains(name[(name.LastIndexOf('/') + 1)..]) ? schema.Opened() : schema;
    });

    private JsonElement Resolve(JsonElement json) => json.TryGetProperty("$ref", out var reference) ? Resolve(reference.GetString()!) : json;

    private JsonElement Resolve(string reference) => reference.Split('/').Skip(1).Aggregate(_root, (json, name) => json.GetProperty(name));

    private static JsonElement Text(string value) => JsonSerializer.SerializeToElement(value);

    private static JsonElement? Literal(string value) =>
        value is "true" or "false" || double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? JsonDocument.Parse(value).RootElement : null;

    private sealed record Operation(Dictionary<string, Schema> Query, Schema? Body, bool NeedsBody, Schema? Answer);
}
