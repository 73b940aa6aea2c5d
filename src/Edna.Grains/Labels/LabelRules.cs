using System.Text;
using System.Text.Json;
using Edna.Items;
using Edna.Json;

namespace Edna.Labels;

/// <summary>Whether a label document is well-formed and fits the dataset's schema. Names every fault at once.</summary>
public static class LabelRules
{
    private static readonly string[] SourceKinds = ["human", "model", "import"];

    /// <summary>Checks a document.</summary>
    /// <param name="request">The document.</param>
    /// <param name="schema">The schema; null allows any class.</param>
    /// <param name="errors">Takes the faults, by field such as <c>annotations[2].class</c>.</param>
    public static void Check(PutLabels request, LabelSchema? schema, FieldErrors errors)
    {
        if (request.Annotations is not { } annotations)
        {
            errors.Add("annotations", "is required; an empty list says that there is nothing to see");
            return;
        }
        if (annotations.Count > LabelLimits.Annotations)
        {
            errors.Add("annotations", $"must be at most {LabelLimits.Annotations}, there are {annotations.Count}");
            return;
        }
        var classes = schema?.Classes?.ToDictionary(c => c.Name!, StringComparer.Ordinal);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < annotations.Count; i++)
        {
            var at = $"annotations[{i}]";
            if (annotations[i] is not { } annotation) errors.Add(at, "must be an object, not null");
            else CheckAnnotation(annotation, at, classes, schema?.Open ?? true, ids, errors);
        }
        var distinct = annotations.Where(a => a?.Class is not null).Select(a => a.Class).Distinct(StringComparer.Ordinal).Count();
        errors.Require(distinct <= LabelLimits.ClassesInDocument, "annotations",
            $"must have at most {LabelLimits.ClassesInDocument} different classes, there are {distinct}");
    }

    private static void CheckAnnotation(
        Annotation annotation, string at, Dictionary<string, LabelClass>? classes, bool open, HashSet<string> ids, FieldErrors errors)
    {
        if (annotation.Id is { } id)
        {
            errors.Require(IsName(id), $"{at}.id", $"must be 1 to {LabelLimits.Name} characters without control characters");
            errors.Require(ids.Add(id), $"{at}.id", $"'{id}' stands twice in the document");
        }
        if (annotation.Kind is not { } kind) errors.Add($"{at}.kind", "is required");
        else AnnotationGeometry.Check(annotation, kind, at, errors);
        CheckSource(annotation.Source, $"{at}.source", errors);
        if (!IsName(annotation.Class)) errors.Add($"{at}.class", $"is required, 1 to {LabelLimits.Name} characters without control characters");
        else if (classes is null) CheckAttributes(annotation, null, at, errors);
        else if (classes.TryGetValue(annotation.Class!, out var known)) CheckClass(annotation, known, at, errors);
        else if (open) CheckAttributes(annotation, null, at, errors);
        else errors.Add($"{at}.class", $"'{annotation.Class}' is not in the label schema: {string.Join(", ", classes.Keys.Take(20))}");
    }

    private static void CheckClass(Annotation annotation, LabelClass known, string at, FieldErrors errors)
    {
        if (known.Kinds is { Count: > 0 } kinds && annotation.Kind is { } kind)
            errors.Require(kinds.Contains(kind), $"{at}.kind",
                $"class '{known.Name}' allows {string.Join(", ", kinds.Select(LabelSchemaRules.NameOf))}, not {LabelSchemaRules.NameOf(kind)}");
        CheckAttributes(annotation, known.Attributes ?? [], at, errors);
    }

    private static void CheckAttributes(Annotation annotation, IReadOnlyList<LabelAttribute>? allowed, string at, FieldErrors errors)
    {
        foreach (var (name, value) in annotation.Attributes ?? new Dictionary<string, Json.JsonText>())
        {
            var field = $"{at}.attributes.{name}";
            errors.Require(IsName(name), field, $"the name must be 1 to {LabelLimits.Name} characters without control characters");
            if (JsonSoundness.FaultOf(Encoding.UTF8.GetBytes(value.Text)) is { } unsound)
            {
                errors.Add(field, unsound);
                continue;
            }
            using var json = JsonDocument.Parse(value.Text);
            var attribute = allowed?.FirstOrDefault(a => a.Name == name);
            if (allowed is not null && attribute is null) errors.Add(field, "is not in the label schema");
            else if (FaultOf(json.RootElement, attribute) is { } fault) errors.Add(field, fault);
        }
        foreach (var required in allowed?.Where(a => a.Required) ?? [])
            errors.Require(annotation.Attributes?.ContainsKey(required.Name!) == true, $"{at}.attributes.{required.Name}", "is required by the label schema");
    }

    private static string? FaultOf(JsonElement value, LabelAttribute? attribute) => (attribute?.Type, value.ValueKind) switch
    {
        (_, JsonValueKind.String) when value.GetString()!.Length > LabelLimits.Text => $"must be at most {LabelLimits.Text} characters",
        ("string", not JsonValueKind.String) => "must be a string",
        ("number", not JsonValueKind.Number) => "must be a number",
        ("boolean", not (JsonValueKind.True or JsonValueKind.False)) => "must be true or false",
        ("enum", _) when value.ValueKind != JsonValueKind.String || !attribute!.Values!.Contains(value.GetString()) =>
            $"must be one of {string.Join(", ", attribute!.Values!)}",
        (null, not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)) => "must be a string, a number or a boolean",
        _ => null,
    };

    private static void CheckSource(AnnotationSource? source, string at, FieldErrors errors)
    {
        if (source is null)
        {
            errors.Add(at, "is required: who or what made the annotation");
            return;
        }
        errors.Require(SourceKinds.Contains(source.Kind), $"{at}.kind", "must be human, model or import");
        errors.Require(IsName(source.Name), $"{at}.name", $"is required, 1 to {LabelLimits.Name} characters without control characters");
        errors.Require(source.Version is null || IsName(source.Version), $"{at}.version", $"must be 1 to {LabelLimits.Name} characters");
        errors.Require(source.Confidence is null or (>= 0 and <= 1), $"{at}.confidence", "must be 0 to 1");
    }

    internal static bool IsName(string? name) => name is { Length: > 0 and <= LabelLimits.Name } && !name.Any(char.IsControl);
}
