using Edna.Idempotency;
using Xunit;

namespace Edna.Gateway.Tests.Idempotency;

public sealed class IdempotencyRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_new_key_goes_ahead() => Assert.Equal(IdempotencyOutcome.Proceed, IdempotencyRules.Decide("a", null, null, Now));

    [Theory]
    [InlineData("a", 23.9, IdempotencyOutcome.Replay)]
    [InlineData("b", 23.9, IdempotencyOutcome.Mismatch)]
    [InlineData("a", 24, IdempotencyOutcome.Proceed)]
    [InlineData("b", 24, IdempotencyOutcome.Proceed)]
    public void An_answer_counts_for_a_day(string request, double hours, IdempotencyOutcome outcome) =>
        Assert.Equal(outcome, IdempotencyRules.Decide(request, new() { RequestHash = "a", AnsweredAt = Now.AddHours(-hours) }, null, Now));

    [Theory]
    [InlineData("a", 1, IdempotencyOutcome.InProgress)]
    [InlineData("b", 1, IdempotencyOutcome.Mismatch)]
    [InlineData("a", 2, IdempotencyOutcome.Proceed)]
    public void A_request_at_work_is_waited_for_until_it_counts_as_lost(string request, double minutes, IdempotencyOutcome outcome) =>
        Assert.Equal(outcome, IdempotencyRules.Decide(request, null, new("a", Now.AddMinutes(-minutes)), Now));
}
