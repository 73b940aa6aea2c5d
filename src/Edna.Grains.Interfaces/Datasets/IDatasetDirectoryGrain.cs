using Edna.Results;
using Orleans.Concurrency;

namespace Edna.Datasets;

/// <summary>The names of a tenant's datasets, in order. Key: the tenant. At most <see cref="Limit"/> of them.</summary>
[Alias("edna.IDatasetDirectoryGrain")]
public interface IDatasetDirectoryGrain : IGrainWithStringKey
{
    /// <summary>Datasets that a tenant may have.</summary>
    const int Limit = 5_000;

    /// <summary>Notes a name before its dataset is made. Repeating it changes nothing. Errors: <c>dataset.limit_reached</c>.</summary>
    /// <param name="name">The dataset's name.</param>
    [Alias("Add")] Task<Result<Done>> AddAsync(string name);

    /// <summary>Forgets a name after its dataset is gone.</summary>
    /// <param name="name">The dataset's name.</param>
    [Alias("Remove")] Task RemoveAsync(string name);

    /// <summary>Names in ordinal order.</summary>
    /// <param name="after">Only names after this one; null from the start.</param>
    /// <param name="limit">At most so many.</param>
    [Alias("List"), ReadOnly] Task<IReadOnlyList<string>> ListAsync(string? after, int limit);
}
