using System.Text.Json;

namespace Edna.Client;

/// <summary>How far a job is.</summary>
public static class JobStatuses
{
    /// <summary>At work, or about to be.</summary>
    public const string Running = "running";

    /// <summary>Done.</summary>
    public const string Succeeded = "succeeded";

    /// <summary>Given up; the errors say why.</summary>
    public const string Failed = "failed";

    /// <summary>Stopped by a user.</summary>
    public const string Cancelled = "cancelled";
}

/// <summary>Long work of the server's, and how far it is.</summary>
public sealed record Job
{
    /// <summary>The job's id.</summary>
    public required string Id { get; init; }

    /// <summary>What it does: <c>import</c> or <c>purge</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The dataset it works on.</summary>
    public required string Dataset { get; init; }

    /// <summary>One of <see cref="JobStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>In numbers.</summary>
    public required JobProgress Progress { get; init; }

    /// <summary>The first 100 faults, and what was skipped and why.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>All of them, counted.</summary>
    public long ErrorCount { get; init; }

    /// <summary>When it was asked for, UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who asked.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>When it ended, UTC; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What it came to, a JSON object; null while it runs.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>The result of an import.</summary>
    /// <exception cref="InvalidOperationException">It is another job, or has not ended.</exception>
    public ImportResult ToImportResult() => Kind == "import" && Result is { ValueKind: JsonValueKind.Object } result
        ? result.Deserialize(EdnaJson.Default.ImportResult)!
        : throw new InvalidOperationException($"Job '{Id}' is no import that has ended.");
}

/// <summary>A job's progress, in items.</summary>
public sealed record JobProgress
{
    /// <summary>Done so far.</summary>
    public required long Done { get; init; }

    /// <summary>All there is to do; null while it is not known.</summary>
    public long? Total { get; init; }
}

/// <summary>What to import.</summary>
public sealed record CreateImport
{
    /// <summary>What kind of import: <c>prefix</c> registers objects where they lie.</summary>
    public string Kind { get; init; } = "prefix";

    /// <summary>Only objects whose key starts so, whole or after the dataset's root; null for all.</summary>
    public string? Prefix { get; init; }

    /// <summary>Whether the store is asked for each object's tags, metadata and media type.</summary>
    public bool Details { get; init; }
}

/// <summary>What an import came to.</summary>
public sealed record ImportResult
{
    /// <summary>Objects that became items.</summary>
    public long Registered { get; init; }

    /// <summary>Items that were there already.</summary>
    public long Unchanged { get; init; }

    /// <summary>Items that took over what had changed.</summary>
    public long Updated { get; init; }

    /// <summary>What was skipped, by reason.</summary>
    public IReadOnlyDictionary<string, long> Skipped { get; init; } = new Dictionary<string, long>();
}
