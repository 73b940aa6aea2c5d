using Xunit;

namespace Edna.Storage.S3.Check;

public sealed class ClockCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(0, FindingState.Ok, "Within")]
    [InlineData(60, FindingState.Ok, "Within")]
    [InlineData(-60, FindingState.Ok, "Within")]
    [InlineData(61, FindingState.Warning, "61 s ahead")]
    [InlineData(-61, FindingState.Warning, "61 s behind")]
    [InlineData(300, FindingState.Warning, "300 s ahead")]
    [InlineData(301, FindingState.Wrong, "301 s ahead")]
    [InlineData(-301, FindingState.Wrong, "301 s behind")]
    public void A_minute_off_is_told_and_five_are_too_many(int seconds, FindingState state, string words)
    {
        var found = ClockCheck.Judge(Now, Now.AddSeconds(seconds));
        Assert.Equal(state, found.State);
        Assert.Contains(words, found.Detail, StringComparison.Ordinal);
        Assert.Equal(state == FindingState.Wrong, !found.IsInOrder);
    }

    [Fact]
    public void A_store_that_does_not_say_the_time_is_told() => Assert.Equal(FindingState.Warning, ClockCheck.Judge(null, Now).State);
}
