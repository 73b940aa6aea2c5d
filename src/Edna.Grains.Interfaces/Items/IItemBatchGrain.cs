using Edna.Results;
using Orleans.Concurrency;

namespace Edna.Items;

/// <summary>
/// Many items of one dataset in one call, each with its own outcome, in the order asked for. Key: <see cref="Keys.DatasetKey"/>;
/// a stateless worker. At most <see cref="Limit"/> items a call. Each method answers <c>dataset.not_found</c> as a whole.
/// </summary>
[Alias("edna.IItemBatchGrain")]
public interface IItemBatchGrain : IGrainWithStringKey
{
    /// <summary>Items in a call.</summary>
    const int Limit = 1_000;

    /// <summary>As <see cref="IItemGrain.PlanAsync"/>, for each.</summary>
    [Alias("Plan")] Task<Result<IReadOnlyList<Result<ItemPlan>>>> PlanAsync(IReadOnlyList<CreateItem> requests, string by);

    /// <summary>As <see cref="IItemGrain.CompleteAsync"/>, for each.</summary>
    [Alias("Complete")] Task<Result<IReadOnlyList<Result<Item>>>> CompleteAsync(IReadOnlyList<string> itemIds, string by);

    /// <summary>As <see cref="IItemGrain.TrashAsync"/> or, when permanent, <see cref="IItemGrain.PurgeAsync"/>, for each.</summary>
    [Alias("Delete"), Removes("item.not_found", When = "permanent")]
    Task<Result<IReadOnlyList<Result<Done>>>> DeleteAsync(IReadOnlyList<string> itemIds, bool permanent, string by);

    /// <summary>As <see cref="IItemGrain.GetDownloadAsync"/>, for each.</summary>
    [Alias("Downloads"), ReadOnly] Task<Result<IReadOnlyList<Result<Download>>>> GetDownloadsAsync(IReadOnlyList<string> itemIds);
}
