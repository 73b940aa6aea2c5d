namespace Edna.Idempotency;

/// <summary>A request that has begun and not been answered.</summary>
/// <param name="RequestHash">Which.</param>
/// <param name="At">When it began, UTC.</param>
public sealed record BegunRequest(string RequestHash, DateTimeOffset At);

/// <summary>What to do with a request that carries a key. Pure.</summary>
public static class IdempotencyRules
{
    /// <summary>After this a request that was begun counts as lost with its gateway, and may be sent again.</summary>
    public static readonly TimeSpan Lost = TimeSpan.FromMinutes(2);

    /// <summary>Decides.</summary>
    /// <param name="requestHash">The request at hand.</param>
    /// <param name="answered">What was answered before under the key; null for nothing.</param>
    /// <param name="begun">What is being carried out under the key; null for nothing.</param>
    /// <param name="now">The time.</param>
    public static IdempotencyOutcome Decide(string requestHash, IdempotencyState? answered, BegunRequest? begun, DateTimeOffset now)
    {
        if (answered is not null && now - answered.AnsweredAt < IIdempotencyGrain.Life)
            return answered.RequestHash == requestHash ? IdempotencyOutcome.Replay : IdempotencyOutcome.Mismatch;
        if (begun is null || now - begun.At >= Lost) return IdempotencyOutcome.Proceed;
        return begun.RequestHash == requestHash ? IdempotencyOutcome.InProgress : IdempotencyOutcome.Mismatch;
    }
}
