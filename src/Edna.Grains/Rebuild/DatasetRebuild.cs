using System.Text.Json;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Edna.Search;

namespace Edna.Rebuild;

/// <summary>
/// Makes the rows of one dataset anew from its bucket: first the items with objects of their own, in id order, then those that
/// imports registered in place, in the order of the imports. Every step can be done twice. Nobody else writes meanwhile.
/// </summary>
/// <param name="table">The table that is filled.</param>
/// <param name="index">The index, which is emptied; rows are dirty until it has them.</param>
/// <param name="items">Lists the bucket.</param>
/// <param name="evidence">Reads the bucket.</param>
/// <param name="imports">Fills in what lies in place.</param>
/// <param name="patience">Waits for what does not answer.</param>
/// <param name="time">The clock.</param>
public sealed class DatasetRebuild(
    IItemTable table, ISearchIndex index, BucketItems items, BucketEvidence evidence, InPlaceRebuild imports, Patience patience, TimeProvider time)
{
    private const int Batch = 500;

    /// <summary>Requests to the store that are under way at a time.</summary>
    internal const int Together = 32;

    /// <summary>Rebuilds a dataset, from where its checkpoint stands.</summary>
    /// <param name="run">The run it is part of.</param>
    /// <param name="dataset">The dataset.</param>
    /// <param name="keys">Where it lies.</param>
    /// <param name="ct">Stops it after the batch under way.</param>
    public async Task RunAsync(RebuildRun run, DatasetKey dataset, ObjectKeys keys, CancellationToken ct)
    {
        var at = run.Checkpoint;
        if (!at.Emptied)
        {
            if (!run.DryRun)
            {
                await DoAsync(() => table.RemoveDatasetAsync(dataset, time.GetUtcNow(), ct), ct);
                await DoAsync(() => index.RemoveDatasetAsync(dataset, ct), ct);
            }
            at.Emptied = true;
            run.Save();
        }
        var pages = await imports.ListPagesAsync(keys, ct);
        if (!at.OwnDone) await OwnAsync(run, dataset, keys, pages.Count > 0, ct);
        else run.Waiting = WaitingItems.Unknown;
        await imports.RunAsync(run, dataset, keys, pages, ct);
        foreach (var id in run.Waiting.Left) run.Unusable(dataset, id, "documents of an item whose content is neither here nor in place; they are kept for when it is uploaded again");
    }

    private async Task OwnAsync(RebuildRun run, DatasetKey dataset, ObjectKeys keys, bool imported, CancellationToken ct)
    {
        var batch = new List<ListedItem>(Batch);
        void Stray(ListedObject found) => run.Note($"{dataset}: '{found.Key}' is none of EDNA's own; it is left alone");
        await foreach (var item in items.ListAsync(keys, run.Checkpoint.AfterItem, Stray, ct))
        {
            batch.Add(item);
            if (batch.Count < Batch) continue;
            await TakeAsync(run, dataset, keys, batch, imported, ct);
            batch.Clear();
        }
        if (batch.Count > 0) await TakeAsync(run, dataset, keys, batch, imported, ct);
        run.Checkpoint.OwnDone = true;
        run.Save();
    }

    private async Task TakeAsync(RebuildRun run, DatasetKey dataset, ObjectKeys keys, List<ListedItem> batch, bool imported, CancellationToken ct)
    {
        var rebuilt = new RebuiltItem?[batch.Count];
        await Parallel.ForAsync(0, batch.Count, new ParallelOptions { MaxDegreeOfParallelism = Together, CancellationToken = ct }, async (i, stop) =>
        {
            rebuilt[i] = await ReadAsync(run, keys, batch[i], stop);
            // It may be an item that lies in place: its import page tells.
            if (imported && batch[i].Contents.Count == 0 && rebuilt[i]!.State is null) rebuilt[i] = null;
        });
        var rows = new List<(ItemRow Row, NewChange Change)>(batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            if (rebuilt[i] is not { } item) run.Waiting.Add(batch[i].ItemId);
            else if (item.State is not { } state) run.Unusable(dataset, batch[i].ItemId, item.Fault!);
            else
            {
                if (item.Fault is { } fault) run.Note($"{dataset} {state.Path}: {fault}");
                rows.Add(RebuildRun.RowOf(new(dataset, batch[i].ItemId), state, time.GetUtcNow()));
                run.Count(state);
            }
        }
        if (!run.DryRun && rows.Count > 0)
        {
            await patience.DoAsync(async () => await table.InsertManyAsync(rows, ct), ct);
            foreach (var shard in rows.Select(r => r.Row.Key.Shard).Distinct()) run.Written(shard);
        }
        run.Checkpoint.AfterItem = batch[^1].ItemId;
        run.Save();
    }

    private async Task<RebuiltItem> ReadAsync(RebuildRun run, ObjectKeys keys, ListedItem item, CancellationToken ct)
    {
        try
        {
            return Rebuilt.From(await evidence.FindAsync(keys, item, [], ct), run.Checkpoint.StartedAt, run.SignedUntil);
        }
        catch (JsonException e)
        {
            return RebuiltItem.None($"a document of it cannot be read: {e.Message}");
        }
    }

    private async Task DoAsync(Func<Task> work, CancellationToken ct) => await patience.DoAsync(async () =>
    {
        await work();
        return true;
    }, ct);
}
