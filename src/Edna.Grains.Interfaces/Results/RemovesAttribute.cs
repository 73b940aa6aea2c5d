namespace Edna.Results;

/// <summary>
/// Marks a call that removes something, and finds nothing when it is made again after it was carried out. Whoever repeats it because its answer
/// was lost takes that for what it is: what was to go is gone.
/// </summary>
/// <param name="notFound">The code that says that it is not there: of this thing, not of what it belongs to.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RemovesAttribute(string notFound) : Attribute
{
    /// <summary>The code that says that it is not there.</summary>
    public string NotFound { get; } = notFound;

    /// <summary>The call's argument that says that it removes; null when it always does.</summary>
    public string? When { get; init; }
}
