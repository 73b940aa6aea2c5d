using System.Text.Json;
using System.Text.Json.Serialization;
using Edna.Changes;
using Edna.Items;
using Edna.Json;

namespace Edna.Webhooks;

/// <summary>Applies a JSON merge patch (RFC 7396) to a webhook's settings. Pure.</summary>
internal static class WebhookPatch
{
    private const string Rule = "may be url, kinds, description or enabled, each in the form that POST takes; null removes";

    private static readonly string[] Known = ["url", "kinds", "description", "enabled"];

    /// <summary>The patched settings; faults go to <paramref name="errors"/>, but for those of the address.</summary>
    /// <param name="state">The settings before.</param>
    /// <param name="mergePatch">A JSON object.</param>
    /// <param name="errors">Takes the faults.</param>
    public static WebhookState Apply(WebhookState state, JsonText mergePatch, FieldErrors errors)
    {
        using (var patch = JsonDocument.Parse(mergePatch.Text))
            foreach (var change in patch.RootElement.EnumerateObject()) errors.Require(Known.Contains(change.Name), change.Name, Rule);
        var before = JsonSerializer.Serialize(
            new() { Url = state.Url, Kinds = state.Kinds, Description = state.Description, Enabled = state.Enabled }, WebhookJson.Default.WebhookSettings);
        try
        {
            var merged = JsonSerializer.Deserialize(MergePatch.Apply(before, mergePatch.Text), WebhookJson.Default.WebhookSettings)!;
            WebhookRules.CheckSettings(merged.Kinds, merged.Description, errors);
            var enabled = merged.Enabled ?? true;
            return state with
            {
                Url = merged.Url ?? "", Kinds = merged.Kinds, Description = merged.Description, Enabled = enabled, GoneSince = enabled ? null : state.GoneSince,
            };
        }
        catch (JsonException e)
        {
            if (errors.None) errors.Add(e.Path is { Length: > 2 } path ? path[2..] : "$", Rule);
            return state;
        }
    }
}

/// <summary>The settings of a webhook that may change.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record WebhookSettings
{
    public string? Url { get; init; }

    public IReadOnlyList<ChangeKind>? Kinds { get; init; }

    public string? Description { get; init; }

    public bool? Enabled { get; init; }
}
