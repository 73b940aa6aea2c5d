using Edna.Hosting;

namespace Edna.Idempotency;

/// <inheritdoc cref="IIdempotencyGrain" />
/// <remarks>
/// That a request has begun is held in memory only: a silo that dies loses it with the request itself. The answer is stored, and a
/// reminder removes it when its time is over.
/// </remarks>
public sealed class IdempotencyGrain([PersistentState("idempotency")] IPersistentState<IdempotencyState> answered, TimeProvider time)
    : Grain, IIdempotencyGrain, IRemindable
{
    private const string Expiry = "expiry";

    private BegunRequest? begun;

    /// <inheritdoc />
    public Task<IdempotencyDecision> BeginAsync(string requestHash)
    {
        var now = time.GetUtcNow();
        var outcome = IdempotencyRules.Decide(requestHash, answered.RecordExists ? answered.State : null, begun, now);
        if (outcome == IdempotencyOutcome.Proceed) begun = new(requestHash, now);
        return Task.FromResult(new IdempotencyDecision { Outcome = outcome, Answer = outcome == IdempotencyOutcome.Replay ? Answer() : null });
    }

    /// <inheritdoc />
    public async Task FinishAsync(string requestHash, StoredAnswer answer)
    {
        // First the reminder: an answer without one would stay for ever.
        await this.RegisterOrUpdateReminder(Expiry, IIdempotencyGrain.Life, IIdempotencyGrain.Life);
        await answered.WriteAsync(new()
        {
            RequestHash = requestHash, Status = answer.Status, Body = answer.Body, Headers = answer.Headers.ToDictionary(), AnsweredAt = time.GetUtcNow(),
        }, DeactivateOnIdle);
        begun = null;
    }

    /// <inheritdoc />
    public Task AbandonAsync(string requestHash)
    {
        if (begun?.RequestHash == requestHash) begun = null;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (answered.RecordExists && time.GetUtcNow() - answered.State.AnsweredAt < IIdempotencyGrain.Life) return;
        await answered.ClearStateAsync();
        if (await this.GetReminder(Expiry) is { } reminder) await this.UnregisterReminder(reminder);
        DeactivateOnIdle();
    }

    private StoredAnswer Answer() => new() { Status = answered.State.Status, Body = answered.State.Body, Headers = answered.State.Headers };
}
