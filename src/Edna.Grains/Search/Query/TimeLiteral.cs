using System.Globalization;

namespace Edna.Search;

/// <summary>
/// A year, month or day, or a time of RFC 3339 that may leave out seconds and zone (UTC then). It covers all that it names: a
/// month its days, a minute its seconds. Counted in .NET ticks, UTC.
/// </summary>
internal static class TimeLiteral
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    /// <summary>The first tick, and the one after the last.</summary>
    public static (long Start, long End)? Read(string text, out string fault)
    {
        fault = $"a time is 2026, 2026-03, 2026-03-01 or 2026-03-01T12:30:00Z, with Z or a zone such as +01:00, up to the year {QueryLimits.Year}";
        return Parse(text) is { } time && time.Start.Year <= QueryLimits.Year ? (time.Start.Ticks, time.End.Ticks) : null;
    }

    private static (DateTime Start, DateTime End)? Parse(string text)
    {
        // The last year of all has no end that could be counted.
        if (text.StartsWith("9999", StringComparison.Ordinal)) return null;
        if (Reads(text, "yyyy", out var start)) return (start, start.AddYears(1));
        if (Reads(text, "yyyy-MM", out start)) return (start, start.AddMonths(1));
        if (Reads(text, "yyyy-MM-dd", out start)) return (start, start.AddDays(1));
        if (Reads(text, "yyyy-MM-dd'T'HH:mmK", out start)) return (start, start.AddMinutes(1));
        if (Reads(text, "yyyy-MM-dd'T'HH:mm:ssK", out start)) return (start, start.AddSeconds(1));
        for (var (digits, unit) = (1, TimeSpan.TicksPerSecond / 10); digits <= 7; digits++, unit /= 10)
            if (Reads(text, $"yyyy-MM-dd'T'HH:mm:ss.{new string('f', digits)}K", out start)) return (start, start.AddTicks(unit));
        return null;
    }

    private static bool Reads(string text, string format, out DateTime time)
    {
        var reads = DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, Utc, out var parsed);
        time = parsed.UtcDateTime;
        return reads;
    }
}
