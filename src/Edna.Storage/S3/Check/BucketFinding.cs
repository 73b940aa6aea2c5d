namespace Edna.Storage.S3.Check;

/// <summary>How a thing was found that a bucket needs.</summary>
public enum FindingState
{
    /// <summary>As it must be.</summary>
    Ok = 0,

    /// <summary>It works, and should be looked at.</summary>
    Warning = 1,

    /// <summary>Not tried, because something else that it stands on is not in order.</summary>
    NotTried = 2,

    /// <summary>Not there.</summary>
    Missing = 3,

    /// <summary>There, and not as it must be.</summary>
    Wrong = 4,
}

/// <summary>What was found of one thing that a bucket needs.</summary>
/// <param name="What">The thing, a few words.</param>
/// <param name="State">How it was found.</param>
/// <param name="Detail">What was found, in a sentence.</param>
/// <param name="Mend">What to do about it, in a sentence; null when there is nothing to do.</param>
public sealed record BucketFinding(string What, FindingState State, string Detail, string? Mend = null)
{
    /// <summary>Whether EDNA does without: nothing is missing or wrong.</summary>
    public bool IsInOrder => State is FindingState.Ok or FindingState.Warning;
}
