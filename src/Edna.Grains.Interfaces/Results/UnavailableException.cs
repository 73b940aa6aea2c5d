namespace Edna.Results;

/// <summary>
/// A fault: something outside EDNA (object store, item table, search server) is down or too slow.
/// It passes through grains unchanged; the gateway answers 503 with <c>Retry-After</c>.
/// </summary>
[GenerateSerializer, Alias("edna.UnavailableException")]
public sealed class UnavailableException : Exception
{
    /// <summary>Creates the fault.</summary>
    /// <param name="what">What is unavailable, in a user's words, such as "The object store".</param>
    /// <param name="inner">The client library's own exception.</param>
    public UnavailableException(string what, Exception? inner = null) : base($"{what} is not available.", inner) => What = what;

    /// <summary>What is unavailable.</summary>
    [Id(0)] public string What { get; } = "";

    /// <summary>
    /// The word with which it refused for good, such as <c>AccessDenied</c> or <c>NoSuchBucket</c>: asking again is of no use until
    /// somebody has mended that. Null when it did not answer, or may answer otherwise next time.
    /// </summary>
    [Id(1)] public string? Refusal { get; init; }
}
