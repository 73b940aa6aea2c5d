using System.Text.Json.Serialization;

namespace Edna.Client;

/// <summary>A problem document (RFC 9457) as EDNA writes it.</summary>
public sealed record Problem
{
    /// <summary>The stable code to branch on, such as <c>item.not_found</c>.</summary>
    public string Code { get; init; } = "";

    /// <summary>The HTTP status.</summary>
    public int Status { get; init; }

    /// <summary>One short sentence.</summary>
    public string? Title { get; init; }

    /// <summary>What happened this time.</summary>
    public string? Detail { get; init; }

    /// <summary>Names this occurrence in the server's logs.</summary>
    public string? TraceId { get; init; }

    /// <summary>Faults by field.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The revision that is current, on a stale <c>If-Match</c>.</summary>
    public long? CurrentRevision { get; init; }

    /// <summary>The cursor to go on with, when the one given has expired.</summary>
    public string? Cursor { get; init; }

    /// <summary>Title and detail in one line.</summary>
    [JsonIgnore] public string Text => string.Join(' ', new[] { Title, Detail }.Where(s => !string.IsNullOrEmpty(s)));
}
