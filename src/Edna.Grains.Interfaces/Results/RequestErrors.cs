namespace Edna.Results;

/// <summary>Problems of a request as such, whatever it was about.</summary>
public static class RequestErrors
{
    /// <summary><c>request.invalid</c>: one or more fields are wrong, all named.</summary>
    /// <param name="errors">Faults by field.</param>
    public static Problem Invalid(IReadOnlyDictionary<string, string[]> errors) => new()
    {
        Code = "request.invalid", Status = 400, Title = "The request is not valid.",
        Detail = string.Join("; ", errors.Take(3).SelectMany(e => e.Value.Take(2).Select(m => $"{e.Key}: {m}"))) + ".",
        Errors = errors,
    };

    /// <summary><c>request.invalid</c> for a single field.</summary>
    /// <param name="field">The field's name as the client wrote it.</param>
    /// <param name="message">What is wrong and what is allowed.</param>
    public static Problem Invalid(string field, string message) =>
        Invalid(new Dictionary<string, string[]> { [field] = [message] });

    /// <summary><c>revision.stale</c>: the <c>If-Match</c> revision is not the current one.</summary>
    /// <param name="current">The current revision.</param>
    public static Problem Stale(long current) => new()
    {
        Code = "revision.stale", Status = 412, Title = "It has changed since you read it.",
        Detail = $"The current revision is {current}. Read it again, apply your change to what is there now, and send that revision in If-Match.",
        CurrentRevision = current,
    };

    /// <summary><c>service.unavailable</c>: something EDNA needs does not answer; nothing was done.</summary>
    /// <param name="what">What is unavailable, in a user's words.</param>
    /// <param name="retryAfterSeconds">When to try again, in seconds.</param>
    public static Problem Unavailable(string what, int retryAfterSeconds = 2) => new()
    {
        Code = "service.unavailable", Status = 503, Title = "A part of the service is not available.",
        Detail = $"{what} does not answer at the moment. Send the same request again after the time given in Retry-After.",
        RetryAfterSeconds = retryAfterSeconds,
    };

    /// <summary><c>internal</c>: a fault of EDNA's own, which is in its log.</summary>
    public static Problem Internal() => new()
    {
        Code = "internal", Status = 500, Title = "Something went wrong inside.",
        Detail = "The fault is logged under the traceId. The request may or may not have been carried out; sending it again is safe.",
    };
}
