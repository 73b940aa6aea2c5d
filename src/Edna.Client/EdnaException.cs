namespace Edna.Client;

/// <summary>The server refused, or could not be reached.</summary>
public sealed class EdnaException : Exception
{
    /// <summary>The server could not be reached for as long as <see cref="EdnaClientOptions.RetryFor"/>.</summary>
    public const string Unreachable = "client.unreachable";

    /// <summary>What answered is not EDNA, or not in a form this client knows.</summary>
    public const string UnknownAnswer = "client.unknown_answer";

    /// <summary>The object store refused a signed request; its own code is in the detail.</summary>
    public const string StoreRefused = "client.store_refused";

    /// <summary>A request with the same idempotency key has not been answered yet: an attempt before this one, whose answer was lost.</summary>
    private const string InProgress = "idempotency.in_progress";

    /// <summary>Creates the exception.</summary>
    /// <param name="problem">What is wrong.</param>
    /// <param name="inner">The cause.</param>
    public EdnaException(Problem problem, Exception? inner = null) : base(problem.Text, inner) => Problem = problem;

    /// <summary>The problem document, or one that this client made.</summary>
    public Problem Problem { get; }

    /// <summary>The stable code.</summary>
    public string Code => Problem.Code;

    /// <summary>The HTTP status; 0 when there was no answer.</summary>
    public int Status => Problem.Status;

    /// <summary>What happened this time.</summary>
    public string? Detail => Problem.Detail;

    /// <summary>Faults by field; null when the problem is not about fields.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors => Problem.Errors;

    /// <summary>How long the server asked to wait before trying again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same request may well succeed later: no answer, one of 429, 502, 503, 504, or an attempt before it is still at work.</summary>
    public bool IsTransient => (Status is 0 or 429 or 502 or 503 or 504 || Code == InProgress) && Code != UnknownAnswer;
}
