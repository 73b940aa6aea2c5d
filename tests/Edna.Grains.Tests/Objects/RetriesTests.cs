using Edna.Imports;
using Edna.Objects;
using Edna.Results;
using Xunit;

namespace Edna.Grains.Tests.Objects;

public sealed class RetriesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pauses_double_up_to_the_longest_and_the_answer_ends_them()
    {
        var (time, tries) = (new InstantTime(), 0);
        var answer = await Retries.DoAsync(
            () => ++tries < 7 ? throw new UnavailableException("The store") : new ValueTask<string>("there"), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), (_, _, _) => true, time, Ct);
        Assert.Equal("there", answer);
        Assert.Equal([1, 2, 4, 8, 10, 10], time.Pauses.Select(p => p.TotalSeconds));
    }

    [Fact]
    public async Task The_fault_that_is_not_tried_again_is_thrown()
    {
        var (time, told) = (new InstantTime(), new List<(int, double)>());
        await Assert.ThrowsAsync<UnavailableException>(() => Retries.DoAsync<int>(() => throw new UnavailableException("The store"), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), (_, tries, pause) =>
        {
            told.Add((tries, pause.TotalSeconds));
            return tries < 3;
        }, time, Ct));
        Assert.Equal([(1, 1.0), (2, 2.0), (3, 3.0)], told);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Retries.DoAsync<int>(() => throw new InvalidOperationException(), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), (_, _, _) => true, time, Ct));
        Assert.Equal(2, time.Pauses.Count);
    }

    [Fact]
    public async Task An_import_asks_five_times_and_not_again_after_a_refusal()
    {
        var (time, tries) = (new InstantTime(), 0);
        Task<int> AskAsync(string? word)
        {
            tries++;
            throw new UnavailableException("The store") { Refusal = word };
        }
        await Assert.ThrowsAsync<UnavailableException>(() => StorePace.AskAsync(() => AskAsync(null), time, Ct));
        Assert.Equal((5, 4), (tries, time.Pauses.Count));
        await Assert.ThrowsAsync<UnavailableException>(() => StorePace.AskAsync(() => AskAsync("AccessDenied"), time, Ct));
        Assert.Equal(6, tries);
    }

    /// <summary>A clock whose pauses end at once, and are kept.</summary>
    private sealed class InstantTime : TimeProvider
    {
        public List<TimeSpan> Pauses { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pauses.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
