namespace Edna.Search.Elasticsearch;

/// <summary>Pauses that double from 0.1 s to 5 s and vary by half, so that those who were turned away together do not come back together.</summary>
internal sealed class Backoff(TimeProvider time)
{
    private const int Most = 9;
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    private int _pauses;

    /// <summary>Waits; false, at once, when it is time to give up: after nine pauses, 13 to 18 seconds.</summary>
    public async Task<bool> WaitAsync(CancellationToken ct)
    {
        if (_pauses == Most) return false;
        var pause = Math.Min(s_first.Ticks << _pauses++, s_longest.Ticks);
        await Task.Delay(TimeSpan.FromTicks((long)(pause * (0.75 + (0.25 * Random.Shared.NextDouble())))), time, ct);
        return true;
    }
}
