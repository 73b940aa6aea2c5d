using System.Text.Json;

namespace Edna.Client;

/// <summary>
/// A line of a labels file (<c>labels.jsonl</c>): what is known of one file of a folder beside its bytes. Every field but the path
/// may be missing.
/// </summary>
public sealed record LabelsLine
{
    /// <summary>The file's path in its folder.</summary>
    public required string Path { get; init; }

    /// <summary>The split it belongs to.</summary>
    public string? Split { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>A JSON object of the user's.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>Its annotations; null for none.</summary>
    public IReadOnlyList<Annotation>? Annotations { get; init; }

    /// <summary>How far the annotations are; <c>draft</c> when left out.</summary>
    public string? Status { get; init; }
}

/// <summary>Reads labels files.</summary>
public static class LabelsFile
{
    /// <summary>The lines of a file by path. Blank lines are skipped.</summary>
    /// <param name="file">The file.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="FormatException">A line is not as it should be, or a path stands twice; the message names the line.</exception>
    public static async Task<IReadOnlyDictionary<string, LabelsLine>> ReadAsync(string file, CancellationToken ct = default)
    {
        var lines = new Dictionary<string, LabelsLine>(StringComparer.Ordinal);
        var number = 0;
        await foreach (var text in File.ReadLinesAsync(file, ct))
        {
            number++;
            if (string.IsNullOrWhiteSpace(text)) continue;
            var line = Parse(text, file, number);
            if (!lines.TryAdd(line.Path, line)) throw new FormatException($"{file}:{number}: '{line.Path}' stands there twice.");
        }
        return lines;
    }

    private static LabelsLine Parse(string text, string file, int number)
    {
        try
        {
            return JsonSerializer.Deserialize(text, EdnaJson.Default.LabelsLine) ?? throw new FormatException($"{file}:{number}: null is no line.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"{file}:{number}: {e.Message}", e);
        }
    }
}
