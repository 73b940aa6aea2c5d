using System.Security.Cryptography;
using Edna.Hosting;

namespace Edna.Idempotency;

/// <inheritdoc cref="IIdempotencyGrain" />
/// <remarks>
/// A request is stored before it is carried out, with the name of what it makes: an attempt that dies, or whose answer could not be stored, has
/// a next one that finds what the first has made. A reminder removes what is stored when its time is over.
/// </remarks>
public sealed class IdempotencyGrain([PersistentState("idempotency")] IPersistentState<IdempotencyState> request, TimeProvider time)
    : Grain, IIdempotencyGrain, IRemindable
{
    private const string Expiry = "expiry";
    private const string NameAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int NameLength = 16;

    /// <summary>The attempt that has ended without an answer. In memory only: without it the next one waits a while.</summary>
    private string? released;

    private IdempotencyState? Known => request.RecordExists ? request.State : null;

    /// <inheritdoc />
    public async Task<IdempotencyDecision> BeginAsync(string requestHash, string attempt)
    {
        var now = time.GetUtcNow();
        var outcome = IdempotencyRules.Decide(requestHash, attempt, Known, released, now);
        if (outcome == IdempotencyOutcome.Replay) return new() { Outcome = outcome, Answer = Answer() };
        if (outcome != IdempotencyOutcome.Proceed) return new() { Outcome = outcome };
        var begun = IdempotencyRules.Begin(requestHash, attempt, Known, RandomNumberGenerator.GetString(NameAlphabet, NameLength), now);
        if (!ReferenceEquals(begun, Known)) await WriteAsync(begun);
        return new() { Outcome = outcome, Name = begun.Name };
    }

    /// <inheritdoc />
    public async Task FinishAsync(string requestHash, StoredAnswer answer)
    {
        var now = time.GetUtcNow();
        await WriteAsync((Known ?? new() { RequestHash = requestHash, BegunAt = now }) with
        {
            Status = answer.Status, Body = answer.Body, Headers = answer.Headers.ToDictionary(), AnsweredAt = now,
        });
    }

    /// <inheritdoc />
    public async Task AbandonAsync(string requestHash, string attempt)
    {
        if (!IsAtWork(attempt)) return;
        if (request.State.Attempts > 1) released = attempt;
        else await ForgetAsync();
    }

    /// <inheritdoc />
    public Task ReleaseAsync(string requestHash, string attempt)
    {
        if (IsAtWork(attempt)) released = attempt;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (Known is { } known && !IdempotencyRules.IsOver(known, time.GetUtcNow())) return;
        await ForgetAsync();
    }

    private bool IsAtWork(string attempt) => Known is { Status: 0 } known && known.Attempt == attempt;

    /// <summary>First the reminder: what is stored without one would stay for ever.</summary>
    private async Task WriteAsync(IdempotencyState next)
    {
        if (!request.RecordExists || next.Attempts != request.State.Attempts) await this.RegisterOrUpdateReminder(Expiry, IIdempotencyGrain.Life + IdempotencyRules.Lost, IIdempotencyGrain.Life);
        await request.WriteAsync(next, DeactivateOnIdle);
    }

    private async Task ForgetAsync()
    {
        await request.ClearStateAsync();
        if (await this.GetReminder(Expiry) is { } reminder) await this.UnregisterReminder(reminder);
        DeactivateOnIdle();
    }

    private StoredAnswer Answer() => new() { Status = request.State.Status, Body = request.State.Body, Headers = request.State.Headers };
}
