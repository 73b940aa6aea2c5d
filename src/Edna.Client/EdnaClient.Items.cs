using System.Runtime.CompilerServices;

namespace Edna.Client;

public sealed partial class EdnaClient
{
    /// <summary>Items that a batch call takes.</summary>
    public const int BatchLimit = 1_000;

    /// <summary>Announces an item and asks for an upload URL. Errors: <c>request.invalid</c>, <c>item.trashed</c>.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="request">The item.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ItemPlan> CreateItemAsync(string dataset, CreateItem request, CancellationToken ct = default) =>
        SendAsync(HttpMethod.Post, At(dataset, "/items"), request, EdnaJson.Default.CreateItem, EdnaJson.Default.ItemPlan, ct);

    /// <summary>Announces up to <see cref="BatchLimit"/> items; outcomes in order.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="requests">The items.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<ItemOutcome>> CreateItemsAsync(string dataset, IReadOnlyList<CreateItem> requests, CancellationToken ct = default) =>
        (await SendAsync(HttpMethod.Post, At(dataset, "/items:batch"), new ItemBatch(requests), EdnaJson.Default.ItemBatch, EdnaJson.Default.ItemOutcomes, ct)).Results;

    /// <summary>Has up to <see cref="BatchLimit"/> uploads confirmed; outcomes in order.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="items">Ids.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<ItemOutcome>> CompleteItemsAsync(string dataset, IReadOnlyList<string> items, CancellationToken ct = default) =>
        (await SendAsync(HttpMethod.Post, At(dataset, "/items:complete"), new ItemIds(items), EdnaJson.Default.ItemIds, EdnaJson.Default.ItemOutcomes, ct)).Results;

    /// <summary>Signed GETs for up to <see cref="BatchLimit"/> items; outcomes in order.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="items">Ids.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<DownloadOutcome>> GetDownloadsAsync(string dataset, IReadOnlyList<string> items, CancellationToken ct = default) =>
        (await SendAsync(HttpMethod.Post, At(dataset, "/items:downloads"), new ItemIds(items), EdnaJson.Default.ItemIds, EdnaJson.Default.DownloadOutcomes, ct)).Results;

    /// <summary>An item. Errors: <c>item.not_found</c>.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="item">Its id.</param>
    /// <param name="ct">Cancels.</param>
    public Task<Item> GetItemAsync(string dataset, string item, CancellationToken ct = default) =>
        GetAsync(AtItem(dataset, item), EdnaJson.Default.Item, ct);

    /// <summary>The item at a path; null when there is none.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="path">The path.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Item?> FindItemAsync(string dataset, string path, CancellationToken ct = default) =>
        (await ListItemsPageAsync(dataset, new ItemQuery { Path = path, Limit = 1 }, null, ct)).Items.SingleOrDefault();

    /// <summary>A page of a dataset's items, by path.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="query">Which.</param>
    /// <param name="cursor">Where the page before ended; null from the start.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ItemPage> ListItemsPageAsync(string dataset, ItemQuery query, string? cursor = null, CancellationToken ct = default) =>
        GetAsync(At(dataset, $"/items{query.ToQueryString(cursor)}"), EdnaJson.Default.ItemPage, ct);

    /// <summary>A dataset's items by path, page after page as they are read.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="query">Which; null for all.</param>
    /// <param name="ct">Cancels.</param>
    public async IAsyncEnumerable<Item> ListItemsAsync(string dataset, ItemQuery? query = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        query ??= new ItemQuery { Limit = BatchLimit };
        string? cursor = null;
        do
        {
            var page = await ListItemsPageAsync(dataset, query, cursor, ct);
            foreach (var item in page.Items) yield return item;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    /// <summary>Replaces an item's tags and answers them.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="item">Its id.</param>
    /// <param name="tags">The tags, by S3's rules.</param>
    /// <param name="ct">Cancels.</param>
    public Task<Dictionary<string, string>> PutTagsAsync(string dataset, string item, IReadOnlyDictionary<string, string> tags, CancellationToken ct = default) =>
        SendAsync(HttpMethod.Put, AtItem(dataset, item, "/tags"), new Dictionary<string, string>(tags),
            EdnaJson.Default.DictionaryStringString, EdnaJson.Default.DictionaryStringString, ct);

    /// <summary>An item's tags.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="item">Its id.</param>
    /// <param name="ct">Cancels.</param>
    public Task<Dictionary<string, string>> GetTagsAsync(string dataset, string item, CancellationToken ct = default) =>
        GetAsync(AtItem(dataset, item, "/tags"), EdnaJson.Default.DictionaryStringString, ct);

    /// <summary>Moves an item to the trash.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="item">Its id.</param>
    /// <param name="permanent">True removes bytes, labels and row for good.</param>
    /// <param name="ct">Cancels.</param>
    public Task DeleteItemAsync(string dataset, string item, bool permanent = false, CancellationToken ct = default) =>
        SendAsync(HttpMethod.Delete, AtItem(dataset, item, permanent ? "?permanent=true" : ""), ct);
}
