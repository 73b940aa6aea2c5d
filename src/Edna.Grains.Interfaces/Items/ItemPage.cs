namespace Edna.Items;

/// <summary>Which items of a dataset to list. All conditions must hold.</summary>
[GenerateSerializer, Immutable, Alias("edna.ItemListRequest")]
public sealed record ItemListRequest
{
    /// <summary>The item at exactly this path.</summary>
    [Id(0)] public string? Path { get; init; }

    /// <summary>Items whose path starts so.</summary>
    [Id(1)] public string? PathPrefix { get; init; }

    /// <summary>Items of this status.</summary>
    [Id(2)] public ItemStatus? Status { get; init; }

    /// <summary>Items that have each of these tags.</summary>
    [Id(3)] public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Items with an annotation of this class.</summary>
    [Id(4)] public string? Label { get; init; }

    /// <summary>Items of this split.</summary>
    [Id(5)] public string? Split { get; init; }

    /// <summary>Items written at or after this time.</summary>
    [Id(6)] public DateTimeOffset? UpdatedSince { get; init; }

    /// <summary>1–1000.</summary>
    [Id(7)] public int Limit { get; init; } = 100;

    /// <summary>Where the page before ended.</summary>
    [Id(8)] public string? Cursor { get; init; }
}

/// <summary>A page of items. It may hold fewer than asked for, or none, while there are more: only a null cursor is the end.</summary>
[GenerateSerializer, Immutable, Alias("edna.ItemPage")]
public sealed record ItemPage
{
    /// <summary>The items.</summary>
    [Id(0)] public required IReadOnlyList<Item> Items { get; init; }

    /// <summary>Where the next page starts; null at the end.</summary>
    [Id(1)] public string? NextCursor { get; init; }
}
