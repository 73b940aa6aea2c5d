using System.Text.Json.Serialization;
using Edna.Labels;

namespace Edna.Datasets;

/// <summary>The request to make a dataset.</summary>
[GenerateSerializer, Immutable, Alias("edna.CreateDataset"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateDataset
{
    /// <summary>The name, <c>[a-z0-9][a-z0-9-]{1,62}</c>.</summary>
    [Id(0)] public string? Name { get; init; }

    /// <summary>Free text, at most 4,096 characters.</summary>
    [Id(1)] public string? Description { get; init; }

    /// <summary>What annotations may be made of.</summary>
    [Id(2)] public LabelSchema? LabelSchema { get; init; }

    /// <summary>The names that an item's <c>split</c> may have, at most 32.</summary>
    [Id(3)] public IReadOnlyList<string>? Splits { get; init; }

    /// <summary>A bucket and prefix of the dataset's own.</summary>
    [Id(4)] public DatasetStorage? Storage { get; init; }

    /// <summary>Days that the trash keeps items, 0 to <see cref="Dataset.MostTrashRetentionDays"/>; null for the service's own default.</summary>
    [Id(5)] public int? TrashRetentionDays { get; init; }
}
