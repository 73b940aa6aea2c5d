using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Edna.Access;
using Edna.Datasets;
using Edna.Events;
using Edna.Items;
using Edna.Jobs;
using Edna.Keys;
using Edna.Search;
using Edna.Webhooks;

namespace Edna.Requests;

/// <summary>From what a request names to the grain that answers for it.</summary>
internal static class GrainsByAddress
{
    private const int MostWorkers = 10_000;
    private static readonly ConcurrentDictionary<(IGrainFactory, DatasetKey), IItemBatchGrain> workers = new();
    private static readonly ConditionalWeakTable<IGrainFactory, IEventIntakeGrain> intakes = [];

    /// <summary>The dataset's grain.</summary>
    public static IDatasetGrain Dataset(this IGrainFactory grains, DatasetKey key) => grains.GetGrain<IDatasetGrain>(key.ToString());

    /// <summary>The webhooks of a dataset.</summary>
    public static IWebhookDirectoryGrain Webhooks(this IGrainFactory grains, DatasetKey key) => grains.GetGrain<IWebhookDirectoryGrain>(key.ToString());

    /// <summary>The item's grain.</summary>
    public static IItemGrain Item(this IGrainFactory grains, ItemKey key) => grains.GetGrain<IItemGrain>(key.ToString());

    /// <summary>The worker for many items of a dataset.</summary>
    public static IItemBatchGrain Items(this IGrainFactory grains, DatasetKey key)
    {
        // The busiest of all: making a reference anew looks attributes up by reflection each time.
        if (workers.TryGetValue((grains, key), out var known)) return known;
        if (workers.Count >= MostWorkers) workers.Clear();
        return workers[(grains, key)] = grains.GetGrain<IItemBatchGrain>(key.ToString());
    }

    /// <summary>The worker that takes object events in.</summary>
    public static IEventIntakeGrain Events(this IGrainFactory grains) => intakes.GetValue(grains, g => g.GetGrain<IEventIntakeGrain>(0));

    /// <summary>The worker that lists for a tenant.</summary>
    public static IQueryGrain Query(this IGrainFactory grains, Caller caller) => grains.GetGrain<IQueryGrain>(caller.Tenant);

    /// <summary>The worker that searches for a tenant.</summary>
    public static ISearchGrain Search(this IGrainFactory grains, Caller caller) => grains.GetGrain<ISearchGrain>(caller.Tenant);

    /// <summary>A job of the caller's tenant.</summary>
    public static IJobGrain Job(this IGrainFactory grains, Caller caller, string job) => grains.GetGrain<IJobGrain>($"{caller.Tenant}/{job}");
}
