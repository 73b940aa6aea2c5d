using System.Text.Json;
using Edna.Items;

namespace Edna.Labels;

/// <summary>Whether a label schema makes sense. Names every fault at once.</summary>
public static class LabelSchemaRules
{
    private static readonly string[] AttributeTypes = ["string", "number", "boolean", "enum"];

    /// <summary>Checks a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="errors">Takes the faults, by field such as <c>labelSchema.classes[0].name</c>.</param>
    public static void Check(LabelSchema schema, FieldErrors errors)
    {
        var classes = schema.Classes ?? [];
        errors.Require(schema.Classes is not null || schema.Open, "labelSchema.classes", "is required unless the schema is open");
        errors.Require(classes.Count <= LabelLimits.ClassesInSchema, "labelSchema.classes", $"must be at most {LabelLimits.ClassesInSchema}");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < classes.Count; i++)
        {
            var at = $"labelSchema.classes[{i}]";
            if (classes[i] is not { } one) errors.Add(at, "must be an object, not null");
            else CheckClass(one, at, names, errors);
        }
    }

    /// <summary>How a kind is called in JSON.</summary>
    /// <param name="kind">The kind.</param>
    public static string NameOf(AnnotationKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    private static void CheckClass(LabelClass one, string at, HashSet<string> names, FieldErrors errors)
    {
        if (!LabelRules.IsName(one.Name)) errors.Add($"{at}.name", $"is required, 1 to {LabelLimits.Name} characters without control characters");
        else errors.Require(names.Add(one.Name!), $"{at}.name", $"'{one.Name}' stands twice in the schema");
        errors.Require(one.Color is null || IsColor(one.Color), $"{at}.color", "must be #rrggbb");
        var attributes = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < (one.Attributes?.Count ?? 0); i++)
        {
            var field = $"{at}.attributes[{i}]";
            if (one.Attributes![i] is not { } attribute)
            {
                errors.Add(field, "must be an object, not null");
                continue;
            }
            if (!LabelRules.IsName(attribute.Name)) errors.Add($"{field}.name", $"is required, 1 to {LabelLimits.Name} characters");
            else errors.Require(attributes.Add(attribute.Name!), $"{field}.name", $"'{attribute.Name}' stands twice in the class");
            errors.Require(AttributeTypes.Contains(attribute.Type), $"{field}.type", "must be string, number, boolean or enum");
            errors.Require(attribute.Type != "enum" || attribute.Values is { Count: > 0 }, $"{field}.values", "is required for enum");
        }
    }

    private static bool IsColor(string color) => color.Length == 7 && color[0] == '#' && color.Skip(1).All(char.IsAsciiHexDigit);
}
