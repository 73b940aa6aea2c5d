using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Edna.Compliance.Search.Elasticsearch;

/// <summary>An index of the fake server: documents with versions from outside, removed ones remembered for a while, and what searches see.</summary>
internal sealed class FakeIndex
{
    private readonly Dictionary<string, FakeDocument> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Version, DateTimeOffset At)> _removed = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly TimeSpan _remembers;

    public FakeIndex(string name, JsonElement body, TimeProvider time)
    {
        (Name, _time, Settings) = (name, time, body.GetProperty("settings").Clone());
        Mapping = new(body.GetProperty("mappings"));
        if (body.TryGetProperty("aliases", out var aliases)) Aliases.UnionWith(aliases.EnumerateObject().Select(alias => alias.Name));
        _remembers = TimeSpan.FromSeconds(int.Parse(Settings.GetProperty("index").GetProperty("gc_deletes").GetString()!.TrimEnd('s'), CultureInfo.InvariantCulture));
    }

    public string Name { get; }

    public HashSet<string> Aliases { get; } = new(StringComparer.Ordinal);

    public JsonElement Settings { get; }

    public FakeMapping Mapping { get; }

    /// <summary>What searches see; another one with each refresh.</summary>
    public IReadOnlyList<FakeDocument> Visible { get; private set; } = [];

    public void Refresh() => Visible = [.. _documents.Values];

    /// <summary>All documents, seen by searches or not.</summary>
    public IReadOnlyList<FakeDocument> All => [.. _documents.Values];

    public void Lose(string id) => _documents.Remove(id);

    public FakeDocument? Find(string id) => _documents.GetValueOrDefault(id);

    /// <summary>Carries out an operation of a bulk request: its own answer.</summary>
    public JsonObject Apply(string kind, JsonElement operation, JsonElement? source)
    {
        var (id, version) = (operation.GetProperty("_id").GetString()!, operation.GetProperty("version").GetInt64());
        if (operation.GetProperty("version_type").GetString() != "external") throw new FakeRefusal(400, "illegal_argument_exception", "Only external versions are known here");
        if (System.Text.Encoding.UTF8.GetByteCount(id) > 512) throw new FakeRefusal(400, "illegal_argument_exception", "id is too long, must be no longer than 512 bytes");
        var known = _documents.TryGetValue(id, out var document) ? document.Version
            : _removed.TryGetValue(id, out var removed) && _time.GetUtcNow() - removed.At < _remembers ? removed.Version : 0;
        if (known >= version)
            throw new FakeRefusal(409, "version_conflict_engine_exception", $"[{id}]: version conflict, current version [{known}] is higher or equal to the one provided [{version}]");
        if (kind == "delete")
        {
            _removed[id] = (version, _time.GetUtcNow());
            return Outcome(id, version, _documents.Remove(id) ? "deleted" : "not_found", document is null ? 404 : 200);
        }
        _documents[id] = Mapping.Read(id, version, source!.Value);
        _removed.Remove(id);
        return Outcome(id, version, document is null ? "created" : "updated", document is null ? 201 : 200);
    }

    /// <summary>Removes documents that a search found, with a version of the server's own.</summary>
    public int Remove(IEnumerable<FakeDocument> found)
    {
        var count = 0;
        foreach (var document in found)
        {
            if (!_documents.Remove(document.Id)) continue;
            _removed[document.Id] = (document.Version + 1, _time.GetUtcNow());
            count++;
        }
        return count;
    }

    private JsonObject Outcome(string id, long version, string result, int status) => new()
    {
        ["_index"] = Name, ["_id"] = id, ["_version"] = version, ["result"] = result, ["_shards"] = new JsonObject { ["total"] = 2, ["successful"] = 1, ["failed"] = 0 },
        ["_seq_no"] = 0, ["_primary_term"] = 1, ["status"] = status,
    };
}
