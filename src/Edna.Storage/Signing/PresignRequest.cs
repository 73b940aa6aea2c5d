namespace Edna.Storage.Signing;

/// <summary>A request to be signed into a URL.</summary>
public readonly ref struct PresignRequest
{
    /// <summary>The HTTP method, upper case.</summary>
    public required string Method { get; init; }

    /// <summary>Where the bucket answers.</summary>
    public required BucketAddress Address { get; init; }

    /// <summary>The object's key.</summary>
    public required string Key { get; init; }

    /// <summary>Headers that the sender must send exactly so, beside <c>host</c>: lower-case names, each once, in any order.</summary>
    public ReadOnlySpan<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>Query parameters beside the signature's own: names of unreserved characters, each once, in any order.</summary>
    public ReadOnlySpan<KeyValuePair<string, string>> Query { get; init; }

    /// <summary>The SHA-256 of the body in lower-case hex; null leaves the body unsigned.</summary>
    public string? PayloadHash { get; init; }

    /// <summary>The time of signing; fractions of a second are dropped.</summary>
    public required DateTimeOffset SignedAt { get; init; }

    /// <summary>How long the URL works, in seconds: 1 to 604,800 (seven days).</summary>
    public required int Lifetime { get; init; }
}
