using Edna.Changes;
using Edna.Datasets;
using Edna.Items;
using Edna.Keys;
using Edna.Results;
using Orleans.Concurrency;

namespace Edna.Search;

/// <summary>Lists, past the item grains; searches are <see cref="ISearchGrain"/>'s. Key: the tenant; a stateless worker.</summary>
[Alias("edna.IQueryGrain")]
public interface IQueryGrain : IGrainWithStringKey
{
    /// <summary>A page of the tenant's datasets, by name. Errors: <c>request.invalid</c> (cursor).</summary>
    [Alias("ListDatasets"), ReadOnly] Task<Result<DatasetPage>> ListDatasetsAsync(string? cursor, int limit);

    /// <summary>A dataset with its stats. Errors: <c>dataset.not_found</c>.</summary>
    [Alias("GetDataset"), ReadOnly] Task<Result<Dataset>> GetDatasetAsync(DatasetKey dataset);

    /// <summary>A page of a dataset's items, by path. Errors: <c>dataset.not_found</c>, <c>request.invalid</c> (cursor).</summary>
    [Alias("ListItems"), ReadOnly] Task<Result<ItemPage>> ListItemsAsync(DatasetKey dataset, ItemListRequest request);

    /// <summary>A page of a dataset's changes. Errors: <c>dataset.not_found</c>, <c>request.invalid</c> (cursor), <c>changes.cursor_expired</c>.</summary>
    [Alias("GetChanges"), ReadOnly] Task<Result<ChangePage>> GetChangesAsync(DatasetKey dataset, string? since, int limit);

    /// <summary>A cursor after every change of a dataset that is durable now. Errors: <c>dataset.not_found</c>.</summary>
    [Alias("GetChangesEnd"), ReadOnly] Task<Result<string>> GetChangesEndAsync(DatasetKey dataset);
}

/// <summary>A page of datasets.</summary>
[GenerateSerializer, Immutable, Alias("edna.DatasetPage")]
public sealed record DatasetPage
{
    /// <summary>The datasets.</summary>
    [Id(0)] public required IReadOnlyList<Dataset> Items { get; init; }

    /// <summary>Where the next page starts; null at the end.</summary>
    [Id(1)] public string? NextCursor { get; init; }
}
