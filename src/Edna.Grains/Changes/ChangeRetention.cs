namespace Edna.Changes;

/// <summary>What of a feed may be forgotten, and when to look. Pure.</summary>
public static class ChangeRetention
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>
    /// How many of a feed's oldest changes may go: those before the first that was made at or after a time. Clocks differ, so a change may lie
    /// behind one that says it is younger; it stays as long as that one.
    /// </summary>
    /// <param name="oldestFirst">When the oldest were made, in the feed's order.</param>
    /// <param name="before">Changes made before then may go.</param>
    public static int CountExpired(IReadOnlyList<DateTimeOffset> oldestFirst, DateTimeOffset before)
    {
        var count = 0;
        while (count < oldestFirst.Count && oldestFirst[count] < before) count++;
        return count;
    }

    /// <summary>How often feeds are looked at: 24 times within the retention, but every hour at least.</summary>
    /// <param name="retention">How long changes are kept.</param>
    public static TimeSpan PauseOf(TimeSpan retention) => retention / 24 < LongestPause ? retention / 24 : LongestPause;
}
