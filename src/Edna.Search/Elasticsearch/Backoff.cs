namespace Edna.Search.Elasticsearch;

/// <summary>Pauses that double from 0.1 s to 5 s and vary by half, so that those who were turned away together do not come back together.</summary>
internal sealed class Backoff(TimeProvider time)
{
    private const int Most = 9;
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    private int _pauses;

    /// <summary>All pauses together at their longest: 21.3 s.</summary>
    public static TimeSpan Longest { get; } = Enumerable.Range(0, Most).Aggregate(TimeSpan.Zero, (sum, n) => sum + LongestOf(n));

    /// <summary>Waits; false, at once, when it is time to give up: after nine pauses, 16 to 21 seconds.</summary>
    public async Task<bool> WaitAsync(CancellationToken ct)
    {
        if (_pauses == Most) return false;
        await Task.Delay(LongestOf(_pauses++) * (0.75 + (0.25 * Random.Shared.NextDouble())), time, ct);
        return true;
    }

    private static TimeSpan LongestOf(int pause) => s_first * (1 << pause) is var doubled && doubled < s_longest ? doubled : s_longest;
}
