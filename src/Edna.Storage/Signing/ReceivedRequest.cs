namespace Edna.Storage.Signing;

/// <summary>A request as it came over the wire.</summary>
public sealed record ReceivedRequest
{
    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>Path and query, exactly as the client sent them: still escaped.</summary>
    public required string RawTarget { get; init; }

    /// <summary>Gives a header's value by its lower-case name; several values joined with commas; null when it was not sent.</summary>
    public required Func<string, string?> Header { get; init; }

    /// <summary>The names of the headers that were sent.</summary>
    public required IEnumerable<string> HeaderNames { get; init; }
}
