using System.Text.Json;

namespace Edna.Compliance.Search.Elasticsearch;

/// <summary>
/// Holds JSON against a schema. Stricter than the schema in one thing: a member that no part of it knows is a fault, for a server
/// refuses it too, and a misspelt name would pass otherwise.
/// </summary>
internal static class SchemaCheck
{
    /// <summary>The published description leaves out these two, which every server's manual has and none can do without.</summary>
    private static readonly string[] s_leftOut = ["settings.index.number_of_shards", "settings.index.number_of_replicas"];

    /// <summary>What is wrong; null when nothing is.</summary>
    public static string? FaultOf(Schema schema, JsonElement value, string at = "$")
    {
        var known = new KnownMembers();
        if (Check(schema.Resolved, value, at, known) is { } fault) return fault;
        return Unknown(value, known, at) is { } name ? $"{at}.{name} is not known" : null;
    }

    private static string? Unknown(JsonElement value, KnownMembers known, string at)
    {
        if (value.ValueKind != JsonValueKind.Object || known.IsOpen) return null;
        foreach (var member in value.EnumerateObject())
            if (!known.Names.Contains(member.Name) && !s_leftOut.Any(name => $"{at}.{member.Name}".EndsWith(name, StringComparison.Ordinal))) return member.Name;
        return null;
    }

    private static string? Check(Schema schema, JsonElement value, string at, KnownMembers known)
    {
        if (schema.IsNullable && value.ValueKind == JsonValueKind.Null) return null;
        if (!IsOfType(schema.Type, value)) return $"{at} must be of type {schema.Type}, not {value.ValueKind}";
        if (schema.Enum is { } values && !values.Any(v => JsonElement.DeepEquals(v, value))) return $"{at} must be one of {string.Join(", ", values)}, not {value}";
        if (value.ValueKind == JsonValueKind.Object && CheckMembers(schema, value, at, known) is { } wrong) return wrong;
        if (value.ValueKind == JsonValueKind.Array && schema.Items is { } items)
        {
            var i = 0;
            foreach (var element in value.EnumerateArray())
                if (FaultOf(items, element, $"{at}[{i++}]") is { } fault) return fault;
        }
        foreach (var part in schema.AllOf)
            if (Check(part.Resolved, value, at, known) is { } fault) return fault;
        return schema.AnyOf.Count == 0 ? null : CheckAny(schema, value, at, known);
    }

    /// <summary>An alternative that knows all members is taken, else one that holds.</summary>
    private static string? CheckAny(Schema union, JsonElement value, string at, KnownMembers known)
    {
        var (faults, second, last, count) = (new List<string>(), default(KnownMembers), union.LastTaken, union.AnyOf.Count);
        for (var i = 0; i < count; i++)
        {
            // What was taken last comes first: some unions have eighty alternatives.
            var place = (last + i) % count;
            var alternative = union.AnyOf[place];
            var members = new KnownMembers();
            if (Check(alternative.Resolved, value, at, members) is { } fault)
            {
                faults.Add(fault);
                continue;
            }
            var all = new KnownMembers();
            all.Add(known);
            all.Add(members);
            if (Unknown(value, all, at) is null)
            {
                union.LastTaken = place;
                known.Add(members);
                return null;
            }
            second ??= members;
        }
        if (second is null) return $"{at} is none of its alternatives: {string.Join("; ", faults.Distinct().Take(3))}";
        known.Add(second);
        return null;
    }

    private static string? CheckMembers(Schema schema, JsonElement value, string at, KnownMembers known)
    {
        foreach (var name in schema.Required)
            if (!value.TryGetProperty(name, out _)) return $"{at}.{name} is missing";
        if (schema.AllowsAdditional || schema.Additional is not null) known.IsDeclaredOpen = true;
        if (schema.Properties is not null) known.HasNames = true;
        // "One member" is said beside parts that know more: of an aggregation's kind, not of the aggregations inside it.
        var count = value.EnumerateObject().Count(member => !known.Names.Contains(member.Name));
        foreach (var member in value.EnumerateObject())
        {
            var own = schema.Properties?.GetValueOrDefault(member.Name);
            if (own is not null) known.Names.Add(member.Name);
            if ((own ?? schema.Additional) is { } of && FaultOf(of, member.Value, $"{at}.{member.Name}") is { } fault) return fault;
        }
        return count < schema.LeastMembers || count > schema.MostMembers ? $"{at} must have {schema.LeastMembers} to {schema.MostMembers} members, not {count}" : null;
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
