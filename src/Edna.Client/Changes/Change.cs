namespace Edna.Client;

/// <summary>One change of one item.</summary>
public sealed record Change
{
    /// <summary>Its place in the dataset's feed.</summary>
    public required string Cursor { get; init; }

    /// <summary>The item's id.</summary>
    public required string Item { get; init; }

    /// <summary>The item's path.</summary>
    public required string Path { get; init; }

    /// <summary>What happened: <c>created</c>, <c>available</c>, <c>labeled</c>, ….</summary>
    public required string Kind { get; init; }

    /// <summary>The item's revision after it.</summary>
    public long Revision { get; init; }

    /// <summary>When, UTC.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    public string? By { get; init; }
}

/// <summary>A page of changes.</summary>
public sealed record ChangePage
{
    /// <summary>The changes, in the feed's order.</summary>
    public required IReadOnlyList<Change> Changes { get; init; }

    /// <summary>Where to go on.</summary>
    public string? NextCursor { get; init; }
}
