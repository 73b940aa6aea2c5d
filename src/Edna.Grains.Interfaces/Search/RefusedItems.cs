namespace Edna.Search;

/// <summary>Items that the search index does not take in, and that are passed by until they are written again or ten minutes have passed.</summary>
[GenerateSerializer, Immutable, Alias("edna.RefusedItems")]
public sealed record RefusedItems
{
    /// <summary>How many are listed at most.</summary>
    public const int Most = 100;

    /// <summary>UTF-16 units of a reason at most; the rest is cut off.</summary>
    public const int LongestReason = 1_000;

    /// <summary>The newest, newest first, at most 100.</summary>
    [Id(0)] public required IReadOnlyList<RefusedItem> Items { get; init; }

    /// <summary>How many there are, listed or not.</summary>
    [Id(1)] public required int Count { get; init; }
}

/// <summary>An item that the search index does not take in.</summary>
[GenerateSerializer, Immutable, Alias("edna.RefusedItem")]
public sealed record RefusedItem
{
    /// <summary>Which item: <c>tenant/dataset/id</c>.</summary>
    [Id(0)] public required string Item { get; init; }

    /// <summary>The item's revision.</summary>
    [Id(1)] public required long Revision { get; init; }

    /// <summary>What was in the way, in the index's words; at most 1,000 UTF-16 units.</summary>
    [Id(2)] public required string Reason { get; init; }

    /// <summary>When it was tried last, UTC.</summary>
    [Id(3)] public required DateTimeOffset At { get; init; }
}
