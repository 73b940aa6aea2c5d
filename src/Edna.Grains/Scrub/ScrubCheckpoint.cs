using System.Text.Json;
using System.Text.Json.Serialization;
using Edna.Hosting;

namespace Edna.Scrub;

/// <summary>How far a scrub is, and what it found. Never rename a member.</summary>
public sealed class ScrubCheckpoint
{
    /// <summary>Findings whose details are kept; beyond it they are only counted.</summary>
    public const int MostDetails = 1_000;

    /// <summary>The options, as text: another scrub does not go on with this one.</summary>
    public string Options { get; set; } = "";

    /// <summary>Datasets that are done.</summary>
    public List<string> Done { get; set; } = [];

    /// <summary>The dataset that is under way; null before the first.</summary>
    public string? Dataset { get; set; }

    /// <summary>The last item that is done; null before the first.</summary>
    public string? AfterItem { get; set; }

    /// <summary>Items compared.</summary>
    public long Items { get; set; }

    /// <summary>Findings by kind.</summary>
    public SortedDictionary<string, long> Found { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Of them, mended.</summary>
    public SortedDictionary<string, long> Repaired { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The first <see cref="MostDetails"/> findings.</summary>
    public List<string> Details { get; set; } = [];

    /// <summary>Findings of all kinds.</summary>
    [JsonIgnore] public long Total => Found.Values.Sum();

    /// <summary>Notes a finding.</summary>
    /// <param name="where">Dataset and item.</param>
    /// <param name="finding">The finding.</param>
    /// <param name="repaired">Whether it was mended.</param>
    public void Note(string where, Finding finding, bool repaired)
    {
        Found[finding.Kind] = Found.GetValueOrDefault(finding.Kind) + 1;
        if (repaired) Repaired[finding.Kind] = Repaired.GetValueOrDefault(finding.Kind) + 1;
        if (Details.Count < MostDetails) Details.Add($"{finding.Kind} {where}{(finding.Key is null ? "" : $" '{finding.Key}'")}: {finding.Detail}{(repaired ? " (mended)" : "")}");
    }
}

/// <summary>The file of a checkpoint: <c>scrub.json</c> in the data directory.</summary>
/// <param name="directory">The data directory.</param>
public sealed class ScrubCheckpointFile(DataDirectory directory)
{
    private string Path => directory.At("scrub.json");

    /// <summary>The checkpoint; null when none was left.</summary>
    public ScrubCheckpoint? Read() => File.Exists(Path) ? JsonSerializer.Deserialize(File.ReadAllBytes(Path), ScrubJson.Default.ScrubCheckpoint) : null;

    /// <summary>Replaces it in one step.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    public void Write(ScrubCheckpoint checkpoint)
    {
        File.WriteAllBytes(Path + ".new", JsonSerializer.SerializeToUtf8Bytes(checkpoint, ScrubJson.Default.ScrubCheckpoint));
        File.Move(Path + ".new", Path, overwrite: true);
    }

    /// <summary>A result as one line of JSON.</summary>
    /// <param name="checkpoint">The result.</param>
    public static string ToLine(ScrubCheckpoint checkpoint) => JsonSerializer.Serialize(checkpoint, ScrubJson.Default.ScrubCheckpoint);

    /// <summary>Removes it: the scrub is complete.</summary>
    public void Remove() => File.Delete(Path);
}

/// <summary>How checkpoints are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ScrubCheckpoint))]
internal sealed partial class ScrubJson : JsonSerializerContext;
