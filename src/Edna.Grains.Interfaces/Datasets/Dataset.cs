using System.Text.Json.Serialization;
using Edna.Labels;

namespace Edna.Datasets;

/// <summary>A dataset as clients see it.</summary>
[GenerateSerializer, Immutable, Alias("edna.Dataset")]
public sealed record Dataset
{
    /// <summary>The longest that a trash may be told to keep items, in days: a hundred years.</summary>
    public const int MostTrashRetentionDays = 36_500;

    /// <summary>The name, <c>[a-z0-9][a-z0-9-]{1,62}</c>, unique in its tenant.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>Free text, at most 4,096 characters.</summary>
    [Id(1)] public string? Description { get; init; }

    /// <summary>What annotations may be made of; null allows any class.</summary>
    [Id(2)] public LabelSchema? LabelSchema { get; init; }

    /// <summary>The names that an item's <c>split</c> may have; null allows any.</summary>
    [Id(3)] public IReadOnlyList<string>? Splits { get; init; }

    /// <summary>The bucket and prefix of the dataset's own; null when it lies in the service's bucket.</summary>
    [Id(4)] public DatasetStorage? Storage { get; init; }

    /// <summary>
    /// Days that the trash keeps items before they are removed for good, as it is now: the dataset's own setting, or the service's
    /// default. 0 removes them within minutes; <see cref="MostTrashRetentionDays"/>, a hundred years, is how to say never.
    /// </summary>
    [Id(9)] public int TrashRetentionDays { get; init; }

    /// <summary>When it was made, UTC.</summary>
    [Id(5)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    [Id(6)] public required string CreatedBy { get; init; }

    /// <summary>Counts the writes to the dataset's settings, from 1; the <c>ETag</c>.</summary>
    [Id(7)] public required long Revision { get; init; }

    /// <summary>Counts over its items; absent where it was not asked for.</summary>
    [Id(8), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public DatasetStats? Stats { get; init; }
}

/// <summary>A bucket and prefix that a dataset is bound to.</summary>
[GenerateSerializer, Immutable, Alias("edna.DatasetStorage"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DatasetStorage
{
    /// <summary>The bucket's name, by S3's rules.</summary>
    [Id(0)] public required string Bucket { get; init; }

    /// <summary>The prefix under which everything of the dataset lies; empty or ending in <c>/</c>.</summary>
    [Id(1)] public string Prefix { get; init; } = "";
}

/// <summary>Counts over a dataset's items, taken from the search index.</summary>
[GenerateSerializer, Immutable, Alias("edna.DatasetStats")]
public sealed record DatasetStats
{
    /// <summary>Items by status: <c>pending</c>, <c>available</c>, <c>failed</c>, <c>trashed</c>.</summary>
    [Id(0)] public required IReadOnlyDictionary<string, long> Items { get; init; }

    /// <summary>The sum of the sizes of the available items, in bytes.</summary>
    [Id(1)] public required long Bytes { get; init; }

    /// <summary>The time up to which the index had taken in every change, UTC.</summary>
    [Id(2)] public required DateTimeOffset AsOf { get; init; }
}
