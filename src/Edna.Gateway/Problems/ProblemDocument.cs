using System.Diagnostics;
using System.Text.Json.Serialization;
using Edna.Results;

namespace Edna.Problems;

/// <summary>A <see cref="Problem"/> as it is sent: RFC 9457, with the extensions <c>code</c>, <c>traceId</c>, <c>errors</c>, <c>currentRevision</c> and <c>cursor</c>.</summary>
public sealed record ProblemDocument
{
    /// <summary>The media type of a problem.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>A URI that names the kind of problem: <c>urn:edna:problem:</c> and the code.</summary>
    public required string Type { get; init; }

    /// <summary>One short sentence, the same for every occurrence of the code.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What happened this time and what can be done about it.</summary>
    public required string Detail { get; init; }

    /// <summary>Stable code; the thing to branch on.</summary>
    public required string Code { get; init; }

    /// <summary>Finds the request in logs and traces.</summary>
    public required string TraceId { get; init; }

    /// <summary>Faults by field.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The revision that is current, on a stale <c>If-Match</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CurrentRevision { get; init; }

    /// <summary>The cursor to go on with, when the one given has expired.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cursor { get; init; }

    /// <summary>The document for a problem of a request.</summary>
    /// <param name="problem">What is wrong.</param>
    /// <param name="http">The request.</param>
    public static ProblemDocument From(Problem problem, HttpContext http) => new()
    {
        Type = "urn:edna:problem:" + problem.Code, Title = problem.Title, Status = problem.Status, Detail = problem.Detail,
        Code = problem.Code, TraceId = TraceIdOf(http),
        Errors = problem.Errors, CurrentRevision = problem.CurrentRevision, Cursor = problem.Cursor,
    };

    /// <summary>The W3C trace id of a request, or the server's own id of it when nobody traces.</summary>
    public static string TraceIdOf(HttpContext http) => Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
}
