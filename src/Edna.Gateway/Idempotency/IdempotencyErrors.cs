using Edna.Results;

namespace Edna.Idempotency;

/// <summary>What can be wrong with an <c>Idempotency-Key</c>.</summary>
public static class IdempotencyErrors
{
    /// <summary><c>idempotency.key_reused</c>.</summary>
    public static Problem KeyReused() => new()
    {
        Code = "idempotency.key_reused", Status = 422, Title = "The Idempotency-Key was used for another request.",
        Detail = "The key belongs to a request with another address or body. Use a new key for a new request.",
    };

    /// <summary><c>idempotency.in_progress</c>.</summary>
    public static Problem InProgress() => new()
    {
        Code = "idempotency.in_progress", Status = 409, Title = "The same request is being carried out.",
        Detail = "A request with this Idempotency-Key has not been answered yet. Send it again in a moment to get its answer; "
            + "one that was lost is carried on with after 15 seconds.",
        RetryAfterSeconds = 1,
    };

    /// <summary><c>request.invalid</c> for the header.</summary>
    public static Problem KeyInvalid() =>
        RequestErrors.Invalid(IdempotencyKey.Header, $"must be given once, 1 to {IdempotencyKey.MaxLength} printable ASCII characters");
}
