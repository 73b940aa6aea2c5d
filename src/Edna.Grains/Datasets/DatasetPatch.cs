using System.Text.Json;
using System.Text.Json.Serialization;
using Edna.Items;
using Edna.Json;
using Edna.Labels;

namespace Edna.Datasets;

/// <summary>Applies a JSON merge patch (RFC 7396) to a dataset's settings: <c>description</c>, <c>labelSchema</c>, <c>splits</c>, <c>trashRetentionDays</c>.</summary>
public static class DatasetPatch
{
    private const string Rule = "may be description, labelSchema, splits or trashRetentionDays, each in the form that POST takes; null removes";

    private static readonly string[] Known = ["description", "labelSchema", "splits", "trashRetentionDays"];

    /// <summary>The patched state; faults go to <paramref name="errors"/>.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="mergePatch">A JSON object.</param>
    /// <param name="errors">Takes the faults.</param>
    public static DatasetState Apply(DatasetState state, JsonText mergePatch, FieldErrors errors)
    {
        var next = state.Clone();
        RequireKnown(mergePatch, errors);
        var settings = JsonSerializer.Serialize(
            new DatasetSettings
            {
                Description = state.Description, LabelSchema = state.LabelSchema, Splits = state.Splits, TrashRetentionDays = state.TrashRetentionDays,
            },
            DatasetJson.Default.DatasetSettings);
        try
        {
            var merged = JsonSerializer.Deserialize(MergePatch.Apply(settings, mergePatch.Text), DatasetJson.Default.DatasetSettings)!;
            (next.Description, next.LabelSchema, next.Splits, next.TrashRetentionDays) =
                (merged.Description, merged.LabelSchema, merged.Splits, merged.TrashRetentionDays);
            DatasetRules.CheckSettings(next.Description, next.LabelSchema, next.Splits, next.TrashRetentionDays, errors);
        }
        catch (JsonException e)
        {
            if (errors.None) errors.Add(e.Path is { Length: > 2 } path ? path[2..] : "$", Rule);
        }
        return next;
    }

    /// <summary>A null removes its field before the settings are read, so a field that is not known would go unnoticed.</summary>
    private static void RequireKnown(JsonText mergePatch, FieldErrors errors)
    {
        using var patch = JsonDocument.Parse(mergePatch.Text);
        if (patch.RootElement.ValueKind != JsonValueKind.Object) return;
        foreach (var change in patch.RootElement.EnumerateObject())
            errors.Require(Known.Contains(change.Name), change.Name, Rule);
    }
}

/// <summary>The settings of a dataset that may change.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record DatasetSettings
{
    public string? Description { get; init; }

    public LabelSchema? LabelSchema { get; init; }

    public IReadOnlyList<string>? Splits { get; init; }

    public int? TrashRetentionDays { get; init; }
}

/// <summary>How datasets are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DatasetState))]
[JsonSerializable(typeof(DatasetSettings))]
internal sealed partial class DatasetJson : JsonSerializerContext;
