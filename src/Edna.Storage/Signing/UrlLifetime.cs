namespace Edna.Storage.Signing;

/// <summary>How long a URL signed now works.</summary>
/// <param name="SignedAt">The time of signing, UTC.</param>
/// <param name="Seconds">Whole seconds from then on.</param>
/// <param name="ExpiresAt">When it stops working: not after it was asked to, nor after its credentials.</param>
internal readonly record struct UrlLifetime(DateTimeOffset SignedAt, int Seconds, DateTimeOffset ExpiresAt)
{
    /// <exception cref="ArgumentOutOfRangeException">The time is not at least a second ahead, or more than seven days.</exception>
    public static UrlLifetime Until(DateTimeOffset expiresAt, DateTimeOffset now, DateTimeOffset? credentialsEnd)
    {
        // The signature knows whole seconds only; counting from a fraction would let the URL outlive its time.
        var signedAt = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        var seconds = (long)(expiresAt - signedAt).TotalSeconds;
        if (seconds < 1 || seconds > SigV4Presigner.LongestLifetime.TotalSeconds)
            throw new ArgumentOutOfRangeException(nameof(expiresAt), expiresAt, "A signed URL works for 1 second to 7 days.");
        var end = signedAt.AddSeconds(seconds);
        return new(signedAt, (int)seconds, credentialsEnd < end ? credentialsEnd.Value : end);
    }
}
