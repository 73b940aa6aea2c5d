using Edna.Datasets;
using Edna.Items;
using Edna.Keys;
using Edna.Results;
using Orleans.Concurrency;

namespace Edna.Search;

/// <inheritdoc cref="ISearchGrain"/>
// One worker a silo: it only waits for the index, which works elsewhere, so any number of searches go on in it.
[StatelessWorker(1), Reentrant]
public sealed class SearchGrain(IItemTable table, ISearchIndex index, DatasetCache datasets) : Grain, ISearchGrain
{
    /// <inheritdoc />
    public async Task<Result<SearchPage>> SearchAsync(SearchRequest request, CancellationToken ct)
    {
        var tenant = this.GetPrimaryKeyString();
        if (!ParsedSearch.Of(tenant, request).TryGet(out var search, out var invalid)) return invalid;
        foreach (var name in search.Datasets)
            if ((await datasets.GetAsync(new(tenant, name))).Problem is { } missing) return missing;
        try
        {
            var hits = await index.SearchAsync(search, ct);
            return new SearchPage { Items = await LoadAsync(hits.Items, ct), Total = hits.Total, Facets = hits.Facets, NextCursor = hits.NextCursor };
        }
        catch (SearchStoppedException stopped)
        {
            return stopped.Problem;
        }
        catch (FormatException)
        {
            return RequestErrors.Invalid("cursor", "is not a cursor that this list gave; start without one");
        }
    }

    /// <summary>The hits as the table has them now, in their order; what is gone since is left out.</summary>
    private async Task<IReadOnlyList<Item>> LoadAsync(IReadOnlyList<ItemKey> hits, CancellationToken ct)
    {
        var found = new Dictionary<ItemKey, Item>(hits.Count);
        foreach (var dataset in hits.GroupBy(h => h.Dataset))
        {
            var rows = await table.ReadManyAsync(dataset.Key, [.. dataset.Select(h => h.ItemId)], ct);
            foreach (var row in rows)
                if (row is { Status: not ItemStatus.Purged }) found[row.Key] = ItemView.Of(row);
        }
        return [.. hits.Select(h => found.GetValueOrDefault(h)).OfType<Item>()];
    }
}
