using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Edna.Client;

namespace Edna.Cli;

/// <summary>Results go to standard output, everything else to standard error, so that commands can be piped.</summary>
internal static class Print
{
    private const int MostFailures = 20;

    public static Task LineAsync(FormattableString line) => Console.Out.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));

    public static Task NoteAsync(FormattableString line) => Console.Error.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));

    public static async Task ProblemAsync(Problem problem)
    {
        await Console.Error.WriteLineAsync($"edna: {problem.Text} [{problem.Code}]");
        if (problem.Cursor is { } cursor) await Console.Error.WriteLineAsync($"  cursor: {cursor}");
        foreach (var (field, messages) in problem.Errors ?? new Dictionary<string, string[]>())
            await Console.Error.WriteLineAsync($"  {field}: {string.Join("; ", messages)}");
    }

    public static async Task FailuresAsync(IReadOnlyList<TransferFailure> failures)
    {
        foreach (var failure in failures.Take(MostFailures))
            await Console.Error.WriteLineAsync($"  {failure.Path}: {failure.Problem.Text} [{failure.Problem.Code}]");
        if (failures.Count > MostFailures) await NoteAsync($"  … and {failures.Count - MostFailures:N0} more");
    }

    public static async Task ErrorsAsync(Job job)
    {
        foreach (var error in job.Errors.Take(MostFailures)) await Console.Error.WriteLineAsync($"  {error}");
        if (job.ErrorCount > MostFailures) await NoteAsync($"  … and {job.ErrorCount - MostFailures:N0} more");
    }

    public static Task ItemAsync(Item item) =>
        LineAsync($"{item.Size,12:N0}  {item.Status,-9}  {item.UpdatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}  {item.Path}");

    public static Task JsonAsync(LabelDocument document) =>
        Console.Out.WriteLineAsync(JsonSerializer.Serialize(document, CliJson.Readable.LabelDocument));
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LabelDocument))]
[JsonSerializable(typeof(PutLabels))]
[JsonSerializable(typeof(LabelSchema))]
internal sealed partial class CliJson : JsonSerializerContext
{
    // For people to read: letters of every language as themselves.
    public static CliJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
