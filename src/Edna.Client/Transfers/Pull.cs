namespace Edna.Client;

/// <summary>How a dataset is pulled.</summary>
public sealed record PullOptions
{
    /// <summary>Which items; only available ones are pulled.</summary>
    public ItemQuery Query { get; init; } = new();

    /// <summary>Downloads under way at a time, 1–256.</summary>
    public int Concurrency { get; init; } = 16;
}

/// <summary>How far a pull is.</summary>
/// <param name="Found">Items found so far.</param>
/// <param name="Settled">Items that are here now, or have failed.</param>
/// <param name="AllFound">Whether <paramref name="Found"/> is all of them.</param>
public readonly record struct PullProgress(int Found, int Settled, bool AllFound);

/// <summary>What a pull did.</summary>
public sealed record PullResult
{
    /// <summary>Files written, their checksums compared.</summary>
    public required int Downloaded { get; init; }

    /// <summary>Files that were here already, byte for byte.</summary>
    public required int Unchanged { get; init; }

    /// <summary>Of the files here now, those compared by size alone: they were uploaded without a checksum that can be computed here.</summary>
    public required int ComparedBySize { get; init; }

    /// <summary>Items that are not here, with the reason, by path.</summary>
    public required IReadOnlyList<TransferFailure> Failures { get; init; }
}
