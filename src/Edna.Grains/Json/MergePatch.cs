using System.Text.Json;
using System.Text.Json.Nodes;

namespace Edna.Json;

/// <summary>JSON merge patch, RFC 7396.</summary>
public static class MergePatch
{
    /// <summary>Applies a patch to a document.</summary>
    /// <param name="target">JSON.</param>
    /// <param name="patch">JSON; its nulls remove.</param>
    /// <returns>The patched JSON.</returns>
    public static string Apply(string target, string patch) =>
        Merge(JsonNode.Parse(target), JsonNode.Parse(patch))?.ToJsonString(Options) ?? "null";

    private static readonly JsonSerializerOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes) return patch?.DeepClone();
        var merged = target is JsonObject before ? (JsonObject)before.DeepClone() : [];
        foreach (var (name, value) in changes)
        {
            if (value is null) merged.Remove(name);
            else merged[name] = Merge(merged[name], value);
        }
        return merged;
    }
}
