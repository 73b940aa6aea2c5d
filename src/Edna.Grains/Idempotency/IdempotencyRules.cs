namespace Edna.Idempotency;

/// <summary>What to do with a request that carries a key. Pure.</summary>
public static class IdempotencyRules
{
    /// <summary>
    /// How long an attempt without an answer is waited for. After it another may go ahead, even beside it: all that a request makes has the
    /// name that belongs to the key, so the two make one thing. Shorter than clients are patient.
    /// </summary>
    public static readonly TimeSpan Lost = TimeSpan.FromSeconds(15);

    /// <summary>Decides.</summary>
    /// <param name="requestHash">The request at hand.</param>
    /// <param name="attempt">The attempt at hand.</param>
    /// <param name="known">What is known under the key; null for nothing.</param>
    /// <param name="released">The attempt that has ended without an answer; null for none.</param>
    /// <param name="now">The time.</param>
    public static IdempotencyOutcome Decide(string requestHash, string attempt, IdempotencyState? known, string? released, DateTimeOffset now)
    {
        if (known is null || IsOver(known, now)) return IdempotencyOutcome.Proceed;
        if (known.RequestHash != requestHash) return IdempotencyOutcome.Mismatch;
        if (known.Status != 0) return IdempotencyOutcome.Replay;
        var isAtWork = known.Attempt != attempt && known.Attempt != released && now - known.BegunAt < Lost;
        return isAtWork ? IdempotencyOutcome.InProgress : IdempotencyOutcome.Proceed;
    }

    /// <summary>What is known when an attempt goes ahead: it takes the name of those before it.</summary>
    /// <param name="requestHash">The request at hand.</param>
    /// <param name="attempt">The attempt at hand.</param>
    /// <param name="known">What was known under the key; null for nothing.</param>
    /// <param name="newName">A name that nothing has, for the first attempt.</param>
    /// <param name="now">The time.</param>
    public static IdempotencyState Begin(string requestHash, string attempt, IdempotencyState? known, string newName, DateTimeOffset now)
    {
        if (known is null || IsOver(known, now)) return new() { RequestHash = requestHash, Name = newName, Attempt = attempt, Attempts = 1, BegunAt = now };
        return known.Attempt == attempt ? known : known with { Attempt = attempt, Attempts = known.Attempts + 1, BegunAt = now };
    }

    /// <summary>Whether a request is remembered no more.</summary>
    /// <param name="known">The request.</param>
    /// <param name="now">The time.</param>
    public static bool IsOver(IdempotencyState known, DateTimeOffset now) => now - (known.Status == 0 ? known.BegunAt : known.AnsweredAt) >= IIdempotencyGrain.Life;
}
