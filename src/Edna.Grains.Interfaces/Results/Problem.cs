namespace Edna.Results;

/// <summary>
/// An expected failure, carried through grains as a value and turned by the gateway into an RFC 9457 problem document.
/// Made by the <c>…Errors</c> class of each feature, where code, HTTP status and wording stand together.
/// </summary>
[GenerateSerializer, Immutable, Alias("edna.Problem")]
public sealed record Problem
{
    /// <summary>Stable code such as <c>item.not_found</c>; clients may branch on it, so it never changes.</summary>
    [Id(0)] public required string Code { get; init; }

    /// <summary>The HTTP status that the gateway answers with, 400–599.</summary>
    [Id(1)] public required int Status { get; init; }

    /// <summary>One short sentence, the same for every occurrence of the code.</summary>
    [Id(2)] public required string Title { get; init; }

    /// <summary>What happened this time and what the caller can do about it.</summary>
    [Id(3)] public required string Detail { get; init; }

    /// <summary>Faults by field (<c>annotations[2].class</c>), all of them at once; null when the problem is not about fields.</summary>
    [Id(4)] public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The revision that is current, on a stale <c>If-Match</c>.</summary>
    [Id(5)] public long? CurrentRevision { get; init; }

    /// <summary>Seconds after which trying again makes sense; null when it does not.</summary>
    [Id(6)] public int? RetryAfterSeconds { get; init; }

    /// <summary>The cursor to go on with, where the one given leads nowhere any more.</summary>
    [Id(7)] public string? Cursor { get; init; }
}
