using System.Text.Json;

namespace Edna.Compliance.Search.Elasticsearch;

/// <summary>
/// Holds JSON against a schema. Stricter than the schema in one thing: a member that no part of it knows is a fault, for a server
/// refuses it too, and a misspelt name would pass otherwise.
/// </summary>
internal sealed class SchemaCheck
{
    /// <summary>A first pass only asks whether something is wrong: what and where is worked out when it is.</summary>
    private const string Something = "";

    /// <summary>The published description leaves out these two, which every server's manual has and none can do without.</summary>
    private static readonly string[] s_leftOut = ["settings.index.number_of_shards", "settings.index.number_of_replicas"];

    private readonly bool _explains;

    private SchemaCheck(bool explains) => _explains = explains;

    /// <summary>What is wrong; null when nothing is.</summary>
    public static string? FaultOf(Schema schema, JsonElement value, string at = "$") =>
        new SchemaCheck(explains: false).Find(schema, value, at) is null ? null : new SchemaCheck(explains: true).Find(schema, value, at);

    private string? Find(Schema schema, JsonElement value, string at)
    {
        var known = KnownMembers.Of(value);
        if (Check(schema.Resolved, value, at, known) is { } fault) return fault;
        return Unknown(value, known, at) is { } name ? (_explains ? $"{at}.{name} is not known" : Something) : null;
    }

    private string? Unknown(JsonElement value, KnownMembers? known, string at)
    {
        if (known is null || known.IsOpen) return null;
        foreach (var member in value.EnumerateObject())
        {
            var name = member.Name;
            if (known.Names.Contains(name)) continue;
            if (!_explains || !s_leftOut.Any(left => $"{at}.{name}".EndsWith(left, StringComparison.Ordinal))) return name;
        }
        return null;
    }

    /// <param name="schema">What is wanted.</param>
    /// <param name="value">What is there.</param>
    /// <param name="at">Where it stands; only kept up when faults are explained.</param>
    /// <param name="known">Takes the members that the schema knows; null when the value has none.</param>
    private string? Check(Schema schema, JsonElement value, string at, KnownMembers? known)
    {
        if (schema.IsNullable && value.ValueKind == JsonValueKind.Null) return null;
        if (!IsOfType(schema.Type, value)) return _explains ? $"{at} must be of type {schema.Type}, not {value.ValueKind}" : Something;
        if (schema.Enum is { } values && !values.Any(v => JsonElement.DeepEquals(v, value))) return _explains ? $"{at} must be one of {string.Join(", ", values)}, not {value}" : Something;
        if (known is not null && CheckMembers(schema, value, at, known) is { } wrong) return wrong;
        if (value.ValueKind == JsonValueKind.Array && schema.Items is { } items)
        {
            var i = 0;
            foreach (var element in value.EnumerateArray())
                if (Find(items, element, _explains ? $"{at}[{i++}]" : at) is { } fault) return fault;
        }
        foreach (var part in schema.AllOf)
            if (Check(part.Resolved, value, at, known) is { } fault) return fault;
        return schema.AnyOf.Count == 0 ? null : CheckAny(schema, value, at, known);
    }

    /// <summary>An alternative that knows all members is taken, else one that holds.</summary>
    private string? CheckAny(Schema union, JsonElement value, string at, KnownMembers? known)
    {
        var (faults, holds, second, last, count) = (new List<string>(), false, default(KnownMembers), union.LastTaken, union.AnyOf.Count);
        for (var i = 0; i < count; i++)
        {
            // What was taken last comes first: some unions have eighty alternatives.
            var place = (last + i) % count;
            var members = KnownMembers.Of(value);
            if (Check(union.AnyOf[place].Resolved, value, at, members) is { } fault)
            {
                faults.Add(fault);
                continue;
            }
            if (Unknown(value, KnownMembers.Both(known, members), at) is null)
            {
                union.LastTaken = place;
                known?.Add(members!);
                return null;
            }
            (holds, second) = (true, second ?? members);
        }
        if (!holds) return _explains ? $"{at} is none of its alternatives: {string.Join("; ", faults.Distinct().Take(3))}" : Something;
        known?.Add(second!);
        return null;
    }

    private string? CheckMembers(Schema schema, JsonElement value, string at, KnownMembers known)
    {
        foreach (var name in schema.Required)
            if (!value.TryGetProperty(name, out _)) return _explains ? $"{at}.{name} is missing" : Something;
        if (schema.AllowsAdditional || schema.Additional is not null) known.IsDeclaredOpen = true;
        if (schema.Properties is not null) known.HasNames = true;
        // "One member" is said beside parts that know more: of an aggregation's kind, not of the aggregations inside it.
        var isCounted = schema.LeastMembers > 0 || schema.MostMembers < int.MaxValue;
        var count = isCounted ? value.EnumerateObject().Count(member => !known.Names.Contains(member.Name)) : 0;
        if (schema.Properties is not null || schema.Additional is not null)
        {
            foreach (var member in value.EnumerateObject())
            {
                var name = member.Name;
                var own = schema.Properties?.GetValueOrDefault(name);
                if (own is not null) known.Names.Add(name);
                if ((own ?? schema.Additional) is { } of && Find(of, member.Value, _explains ? $"{at}.{name}" : at) is { } fault) return fault;
            }
        }
        return count < schema.LeastMembers || (isCounted && count > schema.MostMembers) ? (_explains ? $"{at} must have {schema.LeastMembers} to {schema.MostMembers} members, not {count}" : Something) : null;
    }

    private static bool IsOfType(string? type, JsonElement value) => type switch
    {
        null => true,
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => throw new NotSupportedException($"The type {type} is not known here."),
    };

    /// <summary>The members that the schemas of an object know.</summary>
    private sealed class KnownMembers
    {
        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        /// <summary>None yet of an object; null for what has no members.</summary>
        public static KnownMembers? Of(JsonElement value) => value.ValueKind == JsonValueKind.Object ? new() : null;

        /// <summary>Those of two schemas together.</summary>
        public static KnownMembers? Both(KnownMembers? one, KnownMembers? other)
        {
            if (one is null || other is null) return null;
            var both = new KnownMembers();
            both.Add(one);
            both.Add(other);
            return both;
        }

        public bool HasNames { get; set; }

        public bool IsDeclaredOpen { get; set; }

        /// <summary>An object of which nothing is said may have any.</summary>
        public bool IsOpen => IsDeclaredOpen || !HasNames;

        public void Add(KnownMembers other)
        {
            Names.UnionWith(other.Names);
            HasNames |= other.HasNames;
            IsDeclaredOpen |= other.IsDeclaredOpen;
        }
    }
}
