using Edna.Keys;
using Orleans.Concurrency;

namespace Edna.Datasets;

/// <summary>
/// Which prefixes of a bucket belong to which dataset, for datasets with a <see cref="DatasetStorage"/> of their own. No two
/// prefixes overlap, so every key belongs to one dataset at most. Key: the bucket's name.
/// </summary>
[Alias("edna.IBucketGrain")]
public interface IBucketGrain : IGrainWithStringKey
{
    /// <summary>Binds a prefix to a dataset. Repeating it changes nothing.</summary>
    /// <param name="prefix">Empty, or ending in <c>/</c>.</param>
    /// <param name="dataset">The dataset.</param>
    /// <returns>Null when it is bound; else the dataset that has this prefix, one above or one below it.</returns>
    [Alias("Bind")] Task<DatasetKey?> BindAsync(string prefix, DatasetKey dataset);

    /// <summary>Frees what a dataset has in this bucket.</summary>
    /// <param name="dataset">The dataset.</param>
    [Alias("Unbind")] Task UnbindAsync(DatasetKey dataset);

    /// <summary>The bound prefixes, in ordinal order.</summary>
    [Alias("List"), ReadOnly] Task<IReadOnlyList<StorageBinding>> ListAsync();
}

/// <summary>A prefix of a bucket that belongs to a dataset.</summary>
[GenerateSerializer, Immutable, Alias("edna.StorageBinding")]
public sealed record StorageBinding
{
    /// <summary>The prefix: empty, or ending in <c>/</c>.</summary>
    [Id(0)] public required string Prefix { get; init; }

    /// <summary>The dataset.</summary>
    [Id(1)] public required DatasetKey Dataset { get; init; }
}
