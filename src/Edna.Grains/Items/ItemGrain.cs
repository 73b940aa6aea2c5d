using Edna.Changes;
using Edna.Datasets;
using Edna.Keys;
using Edna.Objects;
using Edna.Results;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Edna.Items;

/// <inheritdoc cref="IItemGrain"/>
public sealed partial class ItemGrain(
    [PersistentState("item", ItemGrainStorage.Name)] IPersistentState<ItemRecord> record,
    IObjectStore store, DatasetCache datasets, ItemUploads uploads, IOptions<UploadOptions> options, TimeProvider time, ILogger<ItemGrain> log)
    : Grain, IItemGrain
{
    private ItemKey key;
    private bool current;

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        key = ItemKey.Parse(this.GetPrimaryKeyString());
        current = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task<Result<Item>> GetAsync(bool includeDownloadUrl)
    {
        if (!(await OpenAsync()).TryGet(out var at, out var problem)) return problem;
        var url = includeDownloadUrl && at.State is { HasContent: true, Status: ItemStatus.Available }
            ? uploads.SignDownload(key, at.State, at.Keys, asAttachment: false).Url
            : null;
        return ItemView.Of(key, at.State, url);
    }

    /// <inheritdoc />
    public async Task<Result<Download>> GetDownloadAsync(bool asAttachment)
    {
        if (!(await OpenAsync()).TryGet(out var at, out var problem)) return problem;
        return ItemView.WhyUnreadable(at.State) is { } refusal ? refusal : uploads.SignDownload(key, at.State, at.Keys, asAttachment);
    }

    /// <summary>The item, its dataset and its place in the bucket; or why there is none.</summary>
    private async ValueTask<Result<Opened>> OpenAsync(long? ifMatch = null)
    {
        if (!(await datasets.GetAsync(key.Dataset)).TryGet(out var dataset, out var problem)) return problem;
        await RefreshAsync();
        if (record.State.Item is not { } state || state.Status == ItemStatus.Purged)
        {
            DeactivateOnIdle();
            return ItemErrors.NotFound(key.ItemId);
        }
        if (ifMatch is { } revision && revision != state.Revision) return RequestErrors.Stale(state.Revision);
        return new Opened(state, dataset, KeysOf(dataset));
    }

    private ObjectKeys KeysOf(Dataset dataset) => new(store.Prefix, key.Dataset, dataset.Storage);

    /// <summary>
    /// Whether a batch may write the row past this grain: it inserts new rows, and writes them the second time (ADRs 0004 and 0017).
    /// </summary>
    private bool MayBePassed => record.State.Item is not { } item || BatchDecisions.IsNew(item);

    /// <summary>
    /// Reads the row again where what is held may be old: after a failed write, and while a batch may write it. The first call after
    /// activation has just read it.
    /// </summary>
    private async ValueTask RefreshAsync()
    {
        if (!current) await record.ReadStateAsync();
        current = !MayBePassed;
    }

    /// <summary>Writes a new state. When that fails, its outcome is unknown: the row is read again before the next answer.</summary>
    private Task WriteAsync(ItemState next, ChangeKind kind, string by) => WriteAsync(next, new NewChange(kind, next.UpdatedAt, by));

    /// <param name="next">The state.</param>
    /// <param name="change">What it means; null for one of the same revision that nobody sees, see <see cref="IItemTable.EndWatchAsync"/>.</param>
    private async Task WriteAsync(ItemState next, NewChange? change)
    {
        current = false;
        record.State.Item = next;
        record.State.Change = change;
        try
        {
            await record.WriteStateAsync();
            current = !MayBePassed;
        }
        finally
        {
            // After a failure too: those who wait would keep a dropped activation from going.
            Wake();
        }
    }

    /// <param name="State">What is known of the item.</param>
    /// <param name="Dataset">Its dataset.</param>
    /// <param name="Keys">Its place in the bucket.</param>
    private sealed record Opened(ItemState State, Dataset Dataset, ObjectKeys Keys)
    {
        /// <summary>The tags that the content has in the store; null where the state tells.</summary>
        public IReadOnlyDictionary<string, string>? TagsThere { get; init; }
    }
}
