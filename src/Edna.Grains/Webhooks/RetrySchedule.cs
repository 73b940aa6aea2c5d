namespace Edna.Webhooks;

/// <summary>When a delivery that failed is tried again. Pure.</summary>
/// <param name="FirstPause">The pause after the first failure.</param>
/// <param name="LongestPause">What doubled pauses grow to.</param>
/// <param name="GiveUpAfter">How long after the first attempt the last may be.</param>
internal readonly record struct RetrySchedule(TimeSpan FirstPause, TimeSpan LongestPause, TimeSpan GiveUpAfter)
{
    private const int MostDoublings = 30;

    /// <summary>
    /// The next attempt; null to give up. The pause is doubled with every attempt, varied by half of it either way so that what failed
    /// together does not come again together, and as long as the address asked for, within the longest. The last attempt is made when the time is over.
    /// </summary>
    /// <param name="attempts">Attempts made, from 1.</param>
    /// <param name="first">When the first was made.</param>
    /// <param name="now">When the last one failed.</param>
    /// <param name="chance">A random number, 0 to below 1.</param>
    /// <param name="asked">What the address asked for by <c>Retry-After</c>; null for nothing.</param>
    public DateTimeOffset? Next(int attempts, DateTimeOffset first, DateTimeOffset now, double chance, TimeSpan? asked)
    {
        var doubled = FirstPause.TotalSeconds * Math.Pow(2, Math.Min(attempts - 1, MostDoublings));
        var varied = Math.Min(doubled, LongestPause.TotalSeconds) * (0.5 + chance);
        var wanted = Math.Min(asked?.TotalSeconds ?? 0, LongestPause.TotalSeconds);
        var next = now + TimeSpan.FromSeconds(Math.Max(varied, wanted));
        var last = first + GiveUpAfter;
        return next <= last ? next : now < last ? last : null;
    }
}

/// <summary>What an answer means for the delivery and the webhook.</summary>
internal enum AnswerMeaning
{
    /// <summary>It has arrived.</summary>
    Delivered,

    /// <summary>It is tried again.</summary>
    TryAgain,

    /// <summary>The address wants nothing more, ever.</summary>
    Gone,
}

/// <summary>Reads answers, as the Standard Webhooks specification has it.</summary>
internal static class AnswerMeanings
{
    /// <summary>What a status means: 2xx success, 410 the end, everything else (redirects too) a failure.</summary>
    /// <param name="status">The HTTP status; null when there was no answer.</param>
    public static AnswerMeaning Of(int? status) => status switch
    {
        >= 200 and <= 299 => AnswerMeaning.Delivered,
        410 => AnswerMeaning.Gone,
        _ => AnswerMeaning.TryAgain,
    };
}
