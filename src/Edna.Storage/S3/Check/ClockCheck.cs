namespace Edna.Storage.S3.Check;

/// <summary>Whether EDNA's clock and the store's show the same. What is signed fifteen minutes off is refused, and its URLs live shorter or longer than they say.</summary>
internal static class ClockCheck
{
    private const string What = "clock";
    private static readonly TimeSpan ToLookAt = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan TooFar = TimeSpan.FromMinutes(5);

    /// <summary>Judges two clocks.</summary>
    /// <param name="store">What the store's shows, in whole seconds; null when it does not say.</param>
    /// <param name="own">What EDNA's shows at the same moment.</param>
    public static BucketFinding Judge(DateTimeOffset? store, DateTimeOffset own)
    {
        if (store is null) return new(What, FindingState.Warning, "The store does not say what time it is (no Date header).", "Keep this machine's clock by NTP.");
        var off = own - store.Value;
        var state = off.Duration() > TooFar ? FindingState.Wrong : off.Duration() > ToLookAt ? FindingState.Warning : FindingState.Ok;
        var seconds = Math.Abs(Math.Round(off.TotalSeconds));
        return state == FindingState.Ok
            ? new(What, state, $"Within {ToLookAt.TotalSeconds:0} s of the store's.")
            : new(What, state, $"{seconds:0} s {(off > TimeSpan.Zero ? "ahead of" : "behind")} the store's.", "Set this machine's clock, and keep it by NTP.");
    }
}
