using CsCheck;
using Edna.Webhooks;
using Xunit;

namespace Edna.Grains.Tests.Webhooks;

public sealed class RetryScheduleTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly RetrySchedule Default = new WebhookOptions().Schedule;

    [Fact]
    public void A_delivery_is_tried_over_a_day_and_never_after() => Gen.Double[0, 0.999].Array[200].Sample(chances =>
    {
        var (now, pauses) = (Noon, new List<TimeSpan>());
        while (Default.Next(pauses.Count + 1, Noon, now, chances[pauses.Count], null) is { } next)
        {
            pauses.Add(next - now);
            now = next;
        }
        Assert.Equal(Noon.AddHours(24), now);
        Assert.InRange(pauses.Count, 20, 70);
        foreach (var (pause, i) in pauses.SkipLast(1).Select((p, i) => (p, i)))
        {
            var doubled = Math.Min(5 * Math.Pow(2, i), 3_600);
            Assert.InRange(pause.TotalSeconds, doubled * 0.5 - 1e-3, doubled * 1.5);
        }
    }, iter: 2_000);

    [Fact]
    public void What_failed_together_does_not_come_again_together()
    {
        var next = Enumerable.Range(0, 100).Select(i => Default.Next(5, Noon, Noon, i / 100.0, null)!.Value - Noon).ToArray();
        Assert.Equal(100, next.Distinct().Count());
        Assert.True(next.Max() - next.Min() > TimeSpan.FromSeconds(75), $"{next.Min()} to {next.Max()}");
    }

    [Fact]
    public void What_the_address_asks_for_is_kept_to_within_the_longest_pause() => Gen.Select(Gen.Int[1, 20], Gen.Int[0, 100_000], Gen.Double[0, 0.999]).Sample((attempts, asked, chance) =>
    {
        var own = Default.Next(attempts, Noon, Noon, chance, null)!.Value;
        var next = Default.Next(attempts, Noon, Noon, chance, TimeSpan.FromSeconds(asked))!.Value;
        Assert.Equal(Noon.AddSeconds(Math.Max((own - Noon).TotalSeconds, Math.Min(asked, 3_600))), next, TimeSpan.FromMilliseconds(1));
    }, iter: 5_000);

    [Fact]
    public void Any_number_of_attempts_has_a_pause() => Gen.Int[1, int.MaxValue].Sample(attempts =>
        Assert.InRange(Default.Next(attempts, Noon, Noon, 0.5, null)!.Value - Noon, TimeSpan.FromSeconds(5), TimeSpan.FromHours(1)), iter: 2_000);

    [Fact]
    public void Only_2xx_is_success_and_only_410_is_the_end() => Gen.Int[100, 999].Nullable().Sample(status =>
    {
        var expected = status is >= 200 and < 300 ? AnswerMeaning.Delivered : status == 410 ? AnswerMeaning.Gone : AnswerMeaning.TryAgain;
        Assert.Equal(expected, AnswerMeanings.Of(status));
    }, iter: 5_000);
}
