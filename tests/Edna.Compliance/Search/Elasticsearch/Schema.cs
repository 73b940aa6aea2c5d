using System.Text.Json;

namespace Edna.Compliance.Search.Elasticsearch;

/// <summary>A schema of OpenAPI 3.0, as far as the published description uses it.</summary>
internal sealed class Schema
{
    private Schema? _resolved;

    public string? Type { get; private init; }

    public bool IsNullable { get; private init; }

    public Dictionary<string, Schema>? Properties { get; private init; }

    /// <summary>What members without a schema of their own must be; null when it says nothing.</summary>
    public Schema? Additional { get; private init; }

    /// <summary>Whether members without a schema may be anything.</summary>
    public bool AllowsAdditional { get; private init; }

    public IReadOnlyList<string> Required { get; private init; } = [];

    public Schema? Items { get; private init; }

    public IReadOnlyList<Schema> AllOf { get; private init; } = [];

    /// <summary>Alternatives. The description uses "one of" for unions whose parts overlap, so at least one has to hold.</summary>
    public IReadOnlyList<Schema> AnyOf { get; private init; } = [];

    /// <summary>The place of the alternative that held last.</summary>
    public int LastTaken { get; set; }

    public IReadOnlyList<JsonElement>? Enum { get; private init; }

    public int LeastMembers { get; private init; }

    public int MostMembers { get; private init; } = int.MaxValue;

    public Func<Schema>? Reference { get; private init; }

    /// <summary>The schema itself, or the one that it refers to.</summary>
    public Schema Resolved => _resolved ??= Reference?.Invoke().Resolved ?? this;

    /// <summary>The same, with members of any other name.</summary>
    public Schema Opened() => new() { AllOf = [this], AllowsAdditional = true };

    /// <summary>Reads a schema.</summary>
    /// <param name="json">The schema.</param>
    /// <param name="find">Finds what is referred to.</param>
    public static Schema Read(JsonElement json, Func<string, Schema> find)
    {
        if (json.TryGetProperty("$ref", out var reference))
        {
            var name = reference.GetString()!;
            return new() { Reference = () => find(name) };
        }
        var additional = json.TryGetProperty("additionalProperties", out var more) ? more : default;
        return new()
        {
            Type = json.TryGetProperty("type", out var type) ? type.GetString() : null,
            IsNullable = json.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean(),
            Properties = json.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().ToDictionary(p => p.Name, p => Read(p.Value, find)) : null,
            Additional = additional.ValueKind == JsonValueKind.Object ? Read(additional, find) : null,
            AllowsAdditional = additional.ValueKind == JsonValueKind.True,
            Required = json.TryGetProperty("required", out var required) ? [.. required.EnumerateArray().Select(name => name.GetString()!)] : [],
            Items = json.TryGetProperty("items", out var items) ? Read(items, find) : null,
            AllOf = Many("allOf"),
            AnyOf = [.. Many("oneOf"), .. Many("anyOf")],
            Enum = json.TryGetProperty("enum", out var values) ? [.. values.EnumerateArray()] : null,
            LeastMembers = json.TryGetProperty("minProperties", out var least) ? least.GetInt32() : 0,
            MostMembers = json.TryGetProperty("maxProperties", out var most) ? most.GetInt32() : int.MaxValue,
        };

        IReadOnlyList<Schema> Many(string name) => json.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(part => Read(part, find))] : [];
    }
}
