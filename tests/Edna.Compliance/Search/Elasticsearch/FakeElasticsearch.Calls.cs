using System.Text.Json;
using System.Text.Json.Nodes;

namespace Edna.Compliance.Search.Elasticsearch;

/// <summary>This part: what each call does.</summary>
public sealed partial class FakeElasticsearch
{
    private const string Elastic = "elasticsearch";

    /// <summary>Carries out what is as described, and answers what is.</summary>
    private byte[]? Handle(FakeRequest request)
    {
        var call = CallOf(request);
        var description = PublishedDescription.Instance;
        if (!call.IsOpenSearch && description.FaultOfRequest(call.Template, call.Method, call.Query, call.Body) is { } fault) throw Violation(request, fault);
        if (call.IsOpenSearch == (_flavor == Elastic) && call.Template.Contains(call.IsOpenSearch ? "point_in_time" : "_pit", StringComparison.Ordinal)) throw new FakeRefusal(400, "no_handler", "no handler found for uri");
        JsonObject? answer;
        lock (_lock) answer = Handle(request, call);
        if (answer is null) return null;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(answer);
        using var json = JsonDocument.Parse(bytes);
        return call.IsOpenSearch || description.FaultOfAnswer(call.Template, call.Method, json.RootElement) is not { } wrong
            ? bytes
            : throw Violation(request, $"the fake's own answer is wrong: {wrong}");
    }

    private JsonObject? Handle(FakeRequest request, FakeCall call)
    {
        var (index, body) = (call.Index!, call.Body.GetValueOrDefault());
        return (request.Method, call.Template) switch
        {
            ("PUT", "/{index}") => Create(index, body),
            ("GET", "/{index}") => Describe(IndexOf(index)),
            ("HEAD", "/{index}") => IndexOf(index) is null ? null : null,
            ("DELETE", "/{index}") => Drop(index),
            ("POST", "/_aliases") => ChangeAliases(body),
            ("POST", "/{index}/_count") => Count(IndexOf(index), body),
            ("POST", "/{index}/_bulk") => Bulk(index, body, call.Query),
            ("POST", "/_mget") => GetMany(body, call.Query.GetValueOrDefault("_source") != "false"),
            ("POST", "/{index}/_refresh") => Refresh(IndexOf(index)),
            ("POST", "/{index}/_search") => Search(IndexOf(index), IndexOf(index).Visible, body, null),
            ("POST", "/_search") => SearchPoint(body),
            ("POST", "/{index}/_delete_by_query") => DeleteByQuery(IndexOf(index), body, call.Query),
            ("POST", "/{index}/_pit") => new JsonObject { ["_shards"] = FakeSearch.Shards(), ["id"] = OpenPoint(index) },
            ("POST", "/{index}/_search/point_in_time") => new JsonObject { ["pit_id"] = OpenPoint(index), ["_shards"] = FakeSearch.Shards(), ["creation_time"] = 0 },
            ("DELETE", "/_pit") => ClosePoint(body.GetProperty("id").GetString()!) ? new JsonObject { ["succeeded"] = true, ["num_freed"] = 1 } : throw NoPoint(),
            ("DELETE", "/_search/point_in_time") => new JsonObject { ["pits"] = new JsonArray([.. body.GetProperty("pit_id").EnumerateArray().Select(id => (JsonNode)new JsonObject { ["successful"] = ClosePoint(id.GetString()!), ["pit_id"] = id.GetString() })]) },
            _ => throw Violation(request, "the fake server does not do this"),
        };
    }

    private static FakeCall CallOf(FakeRequest request)
    {
        var segments = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var query = request.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
        var index = segments.Length > 0 && !segments[0].StartsWith('_') ? segments[0] : null;
        var template = "/" + string.Join('/', index is null ? segments : ["{index}", .. segments.Skip(1)]);
        return new(template, request.Method.ToLowerInvariant(), index, query, BodyOf(template, request));
    }

    /// <summary>The body; lines of a bulk request as a list, as the description has them.</summary>
    private static JsonElement? BodyOf(string template, FakeRequest request)
    {
        var body = request.Body;
        if (body.Length == 0) return null;
        if (template != "/{index}/_bulk") return JsonDocument.Parse(body).RootElement;
        if (!body.EndsWith('\n')) throw new FakeRefusal(400, "illegal_argument_exception", "The bulk request must be terminated by a newline [\\n]");
        // A line's own line breaks are escaped: what stands bare ends a line.
        return JsonDocument.Parse($"[{body.TrimEnd('\n').Replace('\n', ',')}]").RootElement;
    }

    /// <summary>What a request asks for.</summary>
    /// <param name="Template">The path as the description has it.</param>
    /// <param name="Method">The method in small letters.</param>
    /// <param name="Index">The name of an index or alias in the path; null without.</param>
    /// <param name="Query">The query's parameters.</param>
    /// <param name="Body">The body; null without.</param>
    private sealed record FakeCall(string Template, string Method, string? Index, Dictionary<string, string> Query, JsonElement? Body)
    {
        /// <summary>OpenSearch's own calls are not Elastic's to describe.</summary>
        public bool IsOpenSearch => Template is "/{index}/_search/point_in_time" or "/_search/point_in_time";
    }

    private FakeIndex IndexOf(string name) => _indexes.Values.FirstOrDefault(index => index.Name == name || index.Aliases.Contains(name))
        ?? throw new FakeRefusal(404, "index_not_found_exception", $"no such index [{name}]");

    private JsonObject Create(string name, JsonElement body)
    {
        if (_indexes.ContainsKey(name)) throw new FakeRefusal(400, "resource_already_exists_exception", $"index [{name}] already exists");
        _indexes[name] = new(name, body, _time);
        return new() { ["acknowledged"] = true, ["shards_acknowledged"] = true, ["index"] = name };
    }

    private static JsonObject Describe(FakeIndex index) => new()
    {
        [index.Name] = new JsonObject
        {
            ["aliases"] = new JsonObject(index.Aliases.Select(alias => KeyValuePair.Create(alias, (JsonNode?)new JsonObject()))),
            ["mappings"] = JsonNode.Parse(index.Mapping.Json.GetRawText()), ["settings"] = JsonNode.Parse(index.Settings.GetRawText()),
        },
    };

    private JsonObject Bulk(string name, JsonElement lines, Dictionary<string, string> query)
    {
        var (items, hasErrors, all) = (new JsonArray(), false, lines.EnumerateArray().ToList());
        for (var i = 0; i < all.Count; i++)
        {
            var (kind, operation) = (all[i].EnumerateObject().Single().Name, all[i].EnumerateObject().Single().Value);
            if (PublishedDescription.Instance.FaultOf("_global.bulk.OperationContainer", all[i]) is { } wrong) throw new FakeRefusal(400, "not_as_described", wrong);
            JsonElement? source = kind == "delete" ? null : all[++i];
            JsonObject item;
            try
            {
                if (Reject?.Invoke(operation.GetProperty("_id").GetString()!) is { } refused) throw new FakeRefusal(refused.Status, refused.Type, "as the test wants it");
                var index = IndexOf(name);
                if (query.GetValueOrDefault("require_alias") == "true" && !index.Aliases.Contains(name)) throw new FakeRefusal(404, "index_not_found_exception", $"no such index [{name}] and [require_alias] request flag is [true]");
                item = index.Apply(kind, operation, source);
            }
            catch (FakeRefusal refusal)
            {
                hasErrors = true;
                item = new() { ["_index"] = name, ["_id"] = operation.GetProperty("_id").GetString(), ["status"] = refusal.Status, ["error"] = new JsonObject { ["type"] = refusal.Type, ["reason"] = refusal.Message } };
            }
            items.Add((JsonNode)new JsonObject { [kind] = item });
        }
        if (query.GetValueOrDefault("refresh") is "wait_for" or "true" && _indexes.Values.FirstOrDefault(index => index.Aliases.Contains(name)) is { } written) written.Refresh();
        return new() { ["took"] = 1, ["errors"] = hasErrors, ["items"] = items };
    }

    private JsonObject Drop(string name)
    {
        if (!_indexes.Remove(name))
        {
            _ = IndexOf(name);
            throw new FakeRefusal(400, "illegal_argument_exception", $"The provided expression [{name}] matches an alias, specify the corresponding concrete indices instead.");
        }
        foreach (var point in _points.Where(point => point.Value.Index.Name == name).Select(point => point.Key).ToList()) _points.Remove(point);
        return new() { ["acknowledged"] = true };
    }

    /// <summary>All actions or none.</summary>
    private JsonObject ChangeAliases(JsonElement body)
    {
        var changes = new List<Action>();
        foreach (var action in body.GetProperty("actions").EnumerateArray().Select(action => action.EnumerateObject().Single()))
        {
            var (name, alias) = (action.Value.GetProperty("index").GetString()!, action.Value.GetProperty("alias").GetString()!);
            if (!_indexes.TryGetValue(name, out var index)) throw new FakeRefusal(404, "index_not_found_exception", $"no such index [{name}]");
            if (_indexes.ContainsKey(alias)) throw new FakeRefusal(400, "invalid_alias_name_exception", $"Invalid alias name [{alias}]: an index or data stream exists with the same name as the alias");
            if (action.Name == "remove" && !index.Aliases.Contains(alias)) throw new FakeRefusal(404, "aliases_not_found_exception", $"aliases [{alias}] missing");
            changes.Add(action.Name == "add" ? () => index.Aliases.Add(alias) : () => index.Aliases.Remove(alias));
        }
        foreach (var change in changes) change();
        return new() { ["acknowledged"] = true };
    }

    private static JsonObject Count(FakeIndex index, JsonElement body)
    {
        var score = FakeQuery.Read(body.GetProperty("query"), index.Mapping, index.Visible);
        return new() { ["count"] = index.Visible.Count(document => score(document) >= 0), ["_shards"] = FakeSearch.Shards() };
    }

    private JsonObject GetMany(JsonElement body, bool withSource) => new()
    {
        ["docs"] = new JsonArray([.. body.GetProperty("docs").EnumerateArray().Select(doc =>
        {
            var (index, id) = (IndexOf(doc.GetProperty("_index").GetString()!), doc.GetProperty("_id").GetString()!);
            if (index.Find(id) is not { } document) return (JsonNode)new JsonObject { ["_index"] = index.Name, ["_id"] = id, ["found"] = false };
            var found = new JsonObject { ["_index"] = index.Name, ["_id"] = id, ["_version"] = document.Version, ["_seq_no"] = 0, ["_primary_term"] = 1, ["found"] = true };
            if (withSource) found["_source"] = JsonNode.Parse(document.Source);
            return found;
        })]),
    };

    private static JsonObject Refresh(FakeIndex index)
    {
        index.Refresh();
        return new() { ["_shards"] = FakeSearch.Shards() };
    }

    private JsonObject Search(FakeIndex index, IReadOnlyList<FakeDocument> documents, JsonElement body, string? point) =>
        FakeSearch.Run(index.Name, index.Mapping, documents, body, point, addsKey: _flavor == Elastic);

    private JsonObject SearchPoint(JsonElement body)
    {
        var id = body.GetProperty("pit").GetProperty("id").GetString()!;
        var (index, documents) = _points.TryGetValue(id, out var point) ? point : throw NoPoint();
        return Search(index, documents, body, id);
    }

    private string OpenPoint(string name)
    {
        var (index, id) = (IndexOf(name), Guid.NewGuid().ToString("N"));
        _points[id] = (index, index.Visible);
        return id;
    }

    private bool ClosePoint(string id) => _points.Remove(id);

    private static FakeRefusal NoPoint() => new(404, "search_context_missing_exception", "No search context found");

    private static JsonObject DeleteByQuery(FakeIndex index, JsonElement body, Dictionary<string, string> query)
    {
        var score = FakeQuery.Read(body.GetProperty("query"), index.Mapping, index.Visible);
        var found = index.Visible.Where(document => score(document) >= 0).Take(int.Parse(query["max_docs"], null)).ToList();
        var removed = index.Remove(found);
        if (query.GetValueOrDefault("refresh") == "true") index.Refresh();
        return new() { ["took"] = 1, ["timed_out"] = false, ["total"] = found.Count, ["deleted"] = removed, ["batches"] = 1, ["version_conflicts"] = found.Count - removed, ["noops"] = 0, ["failures"] = new JsonArray() };
    }
}
