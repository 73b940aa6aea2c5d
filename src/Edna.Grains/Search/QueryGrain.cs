using Edna.Changes;
using Edna.Datasets;
using Edna.Items;
using Edna.Keys;
using Edna.Results;
using Orleans.Concurrency;

namespace Edna.Search;

/// <inheritdoc cref="IQueryGrain"/>
[StatelessWorker, Reentrant]
public sealed class QueryGrain(IItemTable table, ISearchIndex index, DatasetCache datasets, TimeProvider time) : Grain, IQueryGrain
{
    private static readonly ItemStatus[] Shown = [ItemStatus.Pending, ItemStatus.Available, ItemStatus.Failed, ItemStatus.Trashed];

    private string Tenant => this.GetPrimaryKeyString();

    /// <inheritdoc />
    public async Task<Result<DatasetPage>> ListDatasetsAsync(string? cursor, int limit)
    {
        var names = await GrainFactory.GetGrain<IDatasetDirectoryGrain>(Tenant).ListAsync(cursor, limit);
        var found = await Task.WhenAll(names.Select(name => datasets.GetAsync(new(Tenant, name)).AsTask()));
        var shown = await Task.WhenAll(found.Select(f => f.Value).OfType<Dataset>().Select(WithStatsAsync));
        return new DatasetPage { Items = shown, NextCursor = names.Count < limit ? null : names[^1] };
    }

    /// <inheritdoc />
    public async Task<Result<Dataset>> GetDatasetAsync(DatasetKey dataset)
    {
        var found = await GrainFactory.GetGrain<IDatasetGrain>(dataset.ToString()).GetAsync();
        if (!found.TryGet(out var value, out var problem)) return problem;
        return await WithStatsAsync(value);
    }

    /// <summary>The dataset with its stats. The time comes first: what the index has by then, it has when it counts.</summary>
    private async Task<Dataset> WithStatsAsync(Dataset dataset)
    {
        var (key, now) = (new DatasetKey(Tenant, dataset.Name), time.GetUtcNow());
        var asOf = await table.OldestDirtyAsync(key, CancellationToken.None) ?? now;
        var (items, bytes) = await index.CountAsync(key, CancellationToken.None);
        return dataset with
        {
            Stats = new()
            {
                Items = Shown.ToDictionary(s => s.ToString().ToLowerInvariant(), s => items.GetValueOrDefault(s)), Bytes = bytes, AsOf = asOf,
            },
        };
    }

    /// <inheritdoc />
    public async Task<Result<ItemPage>> ListItemsAsync(DatasetKey dataset, ItemListRequest request)
    {
        if ((await datasets.GetAsync(dataset)).Problem is { } missing) return missing;
        try
        {
            var page = await table.ListAsync(dataset, request, CancellationToken.None);
            return new ItemPage { Items = [.. page.Rows.Select(ItemView.Of)], NextCursor = page.NextCursor };
        }
        catch (FormatException)
        {
            return BadCursor("cursor");
        }
    }

    /// <inheritdoc />
    public async Task<Result<ChangePage>> GetChangesAsync(DatasetKey dataset, string? since, int limit)
    {
        if ((await datasets.GetAsync(dataset)).Problem is { } missing) return missing;
        try
        {
            if (await table.ReadChangesAsync(dataset, since, limit, CancellationToken.None) is { } page) return page;
            return ChangeErrors.CursorExpired(await table.EndOfChangesAsync(dataset, CancellationToken.None));
        }
        catch (FormatException)
        {
            return BadCursor("since");
        }
    }

    /// <inheritdoc />
    public async Task<Result<string>> GetChangesEndAsync(DatasetKey dataset)
    {
        if ((await datasets.GetAsync(dataset)).Problem is { } missing) return missing;
        return await table.EndOfChangesAsync(dataset, CancellationToken.None);
    }

    private static Problem BadCursor(string field) => RequestErrors.Invalid(field, "is not a cursor that this list gave; start without one");
}
