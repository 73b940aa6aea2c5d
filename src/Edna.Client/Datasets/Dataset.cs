namespace Edna.Client;

/// <summary>A dataset.</summary>
public sealed record Dataset
{
    /// <summary>The name, <c>[a-z0-9][a-z0-9-]{1,62}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>What annotations may be made of; null allows any class.</summary>
    public LabelSchema? LabelSchema { get; init; }

    /// <summary>The names that an item's split may have; null allows any.</summary>
    public IReadOnlyList<string>? Splits { get; init; }

    /// <summary>The bucket and prefix of the dataset's own; null when it lies in the service's bucket.</summary>
    public DatasetStorage? Storage { get; init; }

    /// <summary>Days that the trash keeps items before they are removed for good.</summary>
    public int TrashRetentionDays { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Counts the writes to its settings, from 1.</summary>
    public long Revision { get; init; }

    /// <summary>Counts over its items; null where the answer does not carry them.</summary>
    public DatasetStats? Stats { get; init; }
}

/// <summary>The request to make a dataset.</summary>
public sealed record CreateDataset
{
    /// <summary>The name, <c>[a-z0-9][a-z0-9-]{1,62}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Free text, at most 4,096 characters.</summary>
    public string? Description { get; init; }

    /// <summary>What annotations may be made of.</summary>
    public LabelSchema? LabelSchema { get; init; }

    /// <summary>The names that an item's split may have.</summary>
    public IReadOnlyList<string>? Splits { get; init; }

    /// <summary>A bucket and prefix of the dataset's own.</summary>
    public DatasetStorage? Storage { get; init; }

    /// <summary>Days that the trash keeps items, 0 to 36,500; null for the service's default.</summary>
    public int? TrashRetentionDays { get; init; }
}

/// <summary>A bucket and prefix that a dataset is bound to.</summary>
/// <param name="Bucket">The bucket's name.</param>
/// <param name="Prefix">Empty, or ending in <c>/</c>.</param>
public sealed record DatasetStorage(string Bucket, string Prefix = "");

/// <summary>Counts over a dataset's items.</summary>
public sealed record DatasetStats
{
    /// <summary>Items by status.</summary>
    public IReadOnlyDictionary<string, long> Items { get; init; } = new Dictionary<string, long>();

    /// <summary>The sum of the sizes of the available items, in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>The time up to which every change has been counted, UTC.</summary>
    public DateTimeOffset AsOf { get; init; }
}

/// <summary>A page of datasets.</summary>
public sealed record DatasetPage
{
    /// <summary>The datasets.</summary>
    public required IReadOnlyList<Dataset> Items { get; init; }

    /// <summary>Where the next page starts; null at the end.</summary>
    public string? NextCursor { get; init; }
}
