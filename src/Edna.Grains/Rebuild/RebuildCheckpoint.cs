using System.Text.Json;
using System.Text.Json.Serialization;
using Edna.Hosting;

namespace Edna.Rebuild;

/// <summary>How far a rebuild is. Kept in a file, replaced in one step, so that a killed one goes on where it was. Never rename a member.</summary>
public sealed class RebuildCheckpoint
{
    /// <summary>When the rebuild began, UTC: revisions go on from here.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>The dataset asked for, <c>tenant/name</c>; null for all.</summary>
    public string? Only { get; set; }

    /// <summary>Datasets that are done.</summary>
    public List<string> Done { get; set; } = [];

    /// <summary>The dataset that is under way; null before the first.</summary>
    public string? Dataset { get; set; }

    /// <summary>Whether its rows of before are gone.</summary>
    public bool Emptied { get; set; }

    /// <summary>The last item of its own that is done; null before the first.</summary>
    public string? AfterItem { get; set; }

    /// <summary>Whether all items of its own are done.</summary>
    public bool OwnDone { get; set; }

    /// <summary>Import pages that are done.</summary>
    public int ImportPages { get; set; }

    /// <summary>What came of it so far.</summary>
    public RebuildReport Report { get; set; } = new();

    /// <summary>Goes on to another dataset.</summary>
    /// <param name="dataset">The dataset.</param>
    public void Begin(string dataset) => (Dataset, Emptied, AfterItem, OwnDone, ImportPages) = (dataset, false, null, false, 0);
}

/// <summary>What came of a rebuild.</summary>
public sealed class RebuildReport
{
    /// <summary>Faults that are kept; beyond it they are only counted.</summary>
    public const int MostFaults = 1_000;

    /// <summary>Datasets restored.</summary>
    public long Datasets { get; set; }

    /// <summary>Items rebuilt.</summary>
    public long Items { get; set; }

    /// <summary>Of them, registered in place.</summary>
    public long InPlace { get; set; }

    /// <summary>Of them, in the trash.</summary>
    public long Trashed { get; set; }

    /// <summary>Of them, failed: their object is gone.</summary>
    public long Failed { get; set; }

    /// <summary>Of them, with labels.</summary>
    public long Labelled { get; set; }

    /// <summary>Ids under which something lies that makes no item.</summary>
    public long Unusable { get; set; }

    /// <summary>All that could not be used.</summary>
    public long FaultCount { get; set; }

    /// <summary>The first <see cref="MostFaults"/> of them, and why.</summary>
    public List<string> Faults { get; set; } = [];

    /// <summary>Notes what could not be used.</summary>
    /// <param name="fault">What, and why.</param>
    public void Note(string fault)
    {
        FaultCount++;
        if (Faults.Count < MostFaults) Faults.Add(fault);
    }
}

/// <summary>The file of a checkpoint: <c>rebuild.json</c> in the data directory.</summary>
/// <param name="directory">The data directory.</param>
public sealed class RebuildCheckpointFile(DataDirectory directory)
{
    private string Path => directory.At("rebuild.json");

    /// <summary>The checkpoint; null when none was left.</summary>
    public RebuildCheckpoint? Read() =>
        File.Exists(Path) ? JsonSerializer.Deserialize(File.ReadAllBytes(Path), RebuildJson.Default.RebuildCheckpoint) : null;

    /// <summary>Replaces it.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    public void Write(RebuildCheckpoint checkpoint)
    {
        File.WriteAllBytes(Path + ".new", JsonSerializer.SerializeToUtf8Bytes(checkpoint, RebuildJson.Default.RebuildCheckpoint));
        File.Move(Path + ".new", Path, overwrite: true);
    }

    /// <summary>A report as one line of JSON.</summary>
    /// <param name="report">The report.</param>
    public static string Write(RebuildReport report) => JsonSerializer.Serialize(report, RebuildJson.Default.RebuildReport);

    /// <summary>Removes it: the rebuild is complete.</summary>
    public void Remove() => File.Delete(Path);
}

/// <summary>How checkpoints are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RebuildCheckpoint))]
internal sealed partial class RebuildJson : JsonSerializerContext;
