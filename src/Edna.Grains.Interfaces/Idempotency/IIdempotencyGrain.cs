namespace Edna.Idempotency;

/// <summary>
/// Remembers for <see cref="Life"/> what a POST with an <c>Idempotency-Key</c> was answered. Key: a SHA-256 over tenant, caller
/// and key, in hex.
/// </summary>
[Alias("edna.IIdempotencyGrain")]
public interface IIdempotencyGrain : IGrainWithStringKey
{
    /// <summary>How long an answer is remembered.</summary>
    static TimeSpan Life { get; } = TimeSpan.FromHours(24);

    /// <summary>Asks before the request is carried out, and notes durably that it is. Asked again by the same attempt it says the same.</summary>
    /// <param name="requestHash">A hash over method, path and body.</param>
    /// <param name="attempt">Which attempt at the request asks: another each time that the request comes in.</param>
    [Alias("Begin")] Task<IdempotencyDecision> BeginAsync(string requestHash, string attempt);

    /// <summary>Stores what the request was answered.</summary>
    /// <param name="requestHash">As in <see cref="BeginAsync"/>.</param>
    /// <param name="answer">The answer.</param>
    [Alias("Finish")] Task FinishAsync(string requestHash, StoredAnswer answer);

    /// <summary>
    /// Forgets a request that was refused and made nothing: another may be sent under the key. When an attempt before it may have made
    /// something it is kept, as by <see cref="ReleaseAsync"/>.
    /// </summary>
    /// <param name="requestHash">As in <see cref="BeginAsync"/>.</param>
    /// <param name="attempt">As in <see cref="BeginAsync"/>.</param>
    [Alias("Abandon")] Task AbandonAsync(string requestHash, string attempt);

    /// <summary>An attempt has ended, and may have been carried out or not: the same request may be sent again at once, no other.</summary>
    /// <param name="requestHash">As in <see cref="BeginAsync"/>.</param>
    /// <param name="attempt">As in <see cref="BeginAsync"/>.</param>
    [Alias("Release")] Task ReleaseAsync(string requestHash, string attempt);
}

/// <summary>What to do with a request that carries an <c>Idempotency-Key</c>. The numbers are sent between silos: never renumber.</summary>
[GenerateSerializer, Alias("edna.IdempotencyOutcome")]
public enum IdempotencyOutcome
{
    /// <summary>Carry it out.</summary>
    Proceed = 0,

    /// <summary>Answer <see cref="IdempotencyDecision.Answer"/>.</summary>
    Replay = 1,

    /// <summary>Refuse: the key was used for another request.</summary>
    Mismatch = 2,

    /// <summary>Refuse: the same request is being carried out at this moment.</summary>
    InProgress = 3,
}

/// <summary>A decision.</summary>
[GenerateSerializer, Immutable, Alias("edna.IdempotencyDecision")]
public sealed record IdempotencyDecision
{
    /// <summary>What to do.</summary>
    [Id(0)] public required IdempotencyOutcome Outcome { get; init; }

    /// <summary>The answer to repeat.</summary>
    [Id(1)] public StoredAnswer? Answer { get; init; }

    /// <summary>
    /// With <see cref="IdempotencyOutcome.Proceed"/>: the name of what the request makes, the same for every attempt at it, so that one finds
    /// what another has made. 16 characters, a–z and 0–9, at random.
    /// </summary>
    [Id(2)] public string? Name { get; init; }
}

/// <summary>An HTTP answer to repeat.</summary>
[GenerateSerializer, Immutable, Alias("edna.StoredAnswer")]
public sealed record StoredAnswer
{
    /// <summary>The status.</summary>
    [Id(0)] public required int Status { get; init; }

    /// <summary>The body, gzipped.</summary>
    [Id(1)] public required byte[] Body { get; init; }

    /// <summary>Headers: <c>Content-Type</c>, <c>Location</c>, <c>ETag</c>.</summary>
    [Id(2)] public required IReadOnlyDictionary<string, string> Headers { get; init; }
}
