using System.Text.Json.Serialization;
using Edna.Problems;

namespace Edna.Items;

/// <summary>The body of <c>POST …/items:batch</c>, as it is described; it is read entry by entry.</summary>
public sealed record CreateItems
{
    /// <summary>The items, at most 1,000.</summary>
    public required IReadOnlyList<CreateItem> Items { get; init; }
}

/// <summary>Item ids, for work on many items.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ItemIds
{
    /// <summary>The ids, at most 1,000.</summary>
    public IReadOnlyList<string>? Items { get; init; }
}

/// <summary>The answer to <c>POST …/items:batch</c>: outcomes in the order asked for.</summary>
public sealed record ItemPlanResults
{
    /// <summary>The outcomes.</summary>
    public required IReadOnlyList<ItemPlanResult> Results { get; init; }
}

/// <summary>One outcome: item and upload, or the problem.</summary>
public sealed record ItemPlanResult
{
    /// <summary>The item as it is now.</summary>
    public Item? Item { get; init; }

    /// <summary>How to upload; null when the same content is available already.</summary>
    public Upload? Upload { get; init; }

    /// <summary>What is wrong.</summary>
    public ProblemDocument? Problem { get; init; }
}

/// <summary>The answer to <c>POST …/items:complete</c>: outcomes in the order asked for.</summary>
public sealed record ItemResults
{
    /// <summary>The outcomes.</summary>
    public required IReadOnlyList<ItemResult> Results { get; init; }
}

/// <summary>One outcome: the item, or the problem.</summary>
public sealed record ItemResult
{
    /// <summary>The item as it is now.</summary>
    public Item? Item { get; init; }

    /// <summary>What is wrong.</summary>
    public ProblemDocument? Problem { get; init; }
}

/// <summary>The answer to <c>POST …/items:downloads</c>: a <see cref="Download"/> or <c>{"problem"}</c> each, in the order asked for.</summary>
public sealed record DownloadResults
{
    /// <summary>The outcomes.</summary>
    public required IReadOnlyList<Download> Results { get; init; }
}

/// <summary>The answer to <c>POST …/items:delete</c>: outcomes in the order asked for.</summary>
public sealed record DeleteResults
{
    /// <summary>The outcomes.</summary>
    public required IReadOnlyList<DeleteResult> Results { get; init; }
}

/// <summary>One outcome: the id of the removed item, or the problem.</summary>
public sealed record DeleteResult
{
    /// <summary>The id of the item that was removed.</summary>
    public string? Id { get; init; }

    /// <summary>What is wrong.</summary>
    public ProblemDocument? Problem { get; init; }
}
