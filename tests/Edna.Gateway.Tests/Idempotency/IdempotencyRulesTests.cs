using CsCheck;
using Edna.Idempotency;
using Xunit;

namespace Edna.Gateway.Tests.Idempotency;

public sealed class IdempotencyRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_new_key_goes_ahead() => Assert.Equal(IdempotencyOutcome.Proceed, IdempotencyRules.Decide("a", "2", null, null, Now));

    [Theory]
    [InlineData("a", 23.9, IdempotencyOutcome.Replay)]
    [InlineData("b", 23.9, IdempotencyOutcome.Mismatch)]
    [InlineData("a", 24, IdempotencyOutcome.Proceed)]
    [InlineData("b", 24, IdempotencyOutcome.Proceed)]
    public void An_answer_counts_for_a_day(string request, double hours, IdempotencyOutcome outcome) =>
        Assert.Equal(outcome, IdempotencyRules.Decide(request, "2", new() { RequestHash = "a", Status = 201, AnsweredAt = Now.AddHours(-hours) }, null, Now));

    [Theory]
    [InlineData("a", "2", 14, null, IdempotencyOutcome.InProgress)]
    [InlineData("a", "2", 15, null, IdempotencyOutcome.Proceed)]
    [InlineData("a", "2", 14, "1", IdempotencyOutcome.Proceed)]
    [InlineData("a", "2", 14, "0", IdempotencyOutcome.InProgress)]
    [InlineData("a", "1", 14, null, IdempotencyOutcome.Proceed)]
    [InlineData("b", "2", 14, null, IdempotencyOutcome.Mismatch)]
    [InlineData("b", "2", 80_000, "1", IdempotencyOutcome.Mismatch)]
    [InlineData("b", "2", 86_400, null, IdempotencyOutcome.Proceed)]
    public void An_attempt_is_waited_for_until_it_has_ended_or_counts_as_lost_and_no_other_request_takes_its_place(
        string request, string attempt, int seconds, string? released, IdempotencyOutcome outcome) =>
        Assert.Equal(outcome, IdempotencyRules.Decide(request, attempt, new() { RequestHash = "a", Attempt = "1", Attempts = 1, BegunAt = Now.AddSeconds(-seconds) }, released, Now));

    [Fact]
    public void All_attempts_at_a_request_make_one_thing_for_as_long_as_it_is_remembered() =>
        Gen.Int[0, 100_000].Array[1, 8].Sample(pauses =>
        {
            var (now, known, names) = (Now, (IdempotencyState?)null, 0);
            foreach (var (pause, index) in pauses.Select((pause, index) => (pause, index)))
            {
                now = now.AddSeconds(pause);
                var (attempt, isNew) = ($"{index}", known is null || now - known.BegunAt >= IIdempotencyGrain.Life);
                if (IdempotencyRules.Decide("a", attempt, known, null, now) != IdempotencyOutcome.Proceed) continue;
                var next = IdempotencyRules.Begin("a", attempt, known, $"name-{++names}", now);
                Assert.Equal(isNew ? $"name-{names}" : known!.Name, next.Name);
                Assert.Equal((attempt, isNew ? 1 : known!.Attempts + 1, now), (next.Attempt, next.Attempts, next.BegunAt));
                // The attempt that asks twice is the same one.
                Assert.Same(next, IdempotencyRules.Begin("a", attempt, next, "other", now));
                known = next;
            }
        }, iter: 2_000);
}
