using System.Runtime.CompilerServices;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Edna.Rebuild;

namespace Edna.Scrub;

/// <summary>
/// Compares bucket and table: the ordered listing and the ordered rows are joined in one pass, and what differs is looked at
/// closer. Memory does not grow with the dataset. With the service beside it, only findings older than what is under way are to be trusted.
/// </summary>
/// <param name="store">The bucket.</param>
/// <param name="table">The table.</param>
/// <param name="datasets">Finds the datasets.</param>
/// <param name="items">Lists the bucket.</param>
/// <param name="item">Looks closer.</param>
/// <param name="patience">Waits for what does not answer.</param>
/// <param name="time">The clock.</param>
public sealed class BucketScrub(IObjectStore store, IItemTable table, DatasetsInBucket datasets, BucketItems items, ItemScrub item, Patience patience, TimeProvider time)
{
    private const int Batch = 1_000;
    private const int Together = 32;

    /// <summary>Scrubs the datasets that a checkpoint has not done yet.</summary>
    /// <param name="checkpoint">How far it is; it is moved on.</param>
    /// <param name="options">How to scrub.</param>
    /// <param name="only">One dataset; null for all.</param>
    /// <param name="save">Keeps the checkpoint.</param>
    /// <param name="ct">Stops it after what is under way.</param>
    public async Task RunAsync(ScrubCheckpoint checkpoint, ScrubOptions options, DatasetKey? only, Action<ScrubCheckpoint> save, CancellationToken ct)
    {
        await foreach (var one in FindAsync(only, ct))
        {
            var name = one.Key.ToString();
            if (checkpoint.Done.Contains(name)) continue;
            if (checkpoint.Dataset != name) (checkpoint.Dataset, checkpoint.AfterItem) = (name, null);
            if (one.State is not { } state) checkpoint.Note(name, new(FindingKinds.UnknownDataset, null, one.Fault!), false);
            // What is being removed is neither here nor there: its job ends it.
            else if (state.PurgeJob is null) await TakeAsync(checkpoint, one.Key, new(store.Prefix, one.Key, state.Storage), options, save, ct);
            checkpoint.Done.Add(name);
            checkpoint.Dataset = null;
            save(checkpoint);
        }
    }

    private async IAsyncEnumerable<FoundDataset> FindAsync(DatasetKey? only, [EnumeratorCancellation] CancellationToken ct)
    {
        if (only is { } one) yield return await datasets.FindAsync(one, ct);
        else await foreach (var found in datasets.ListAsync(ct)) yield return found;
    }

    private async Task TakeAsync(ScrubCheckpoint checkpoint, DatasetKey dataset, ObjectKeys keys, ScrubOptions options, Action<ScrubCheckpoint> save, CancellationToken ct)
    {
        // A table without rows is one that was lost: the objects that it does not know are all there is.
        if (options.RemoveUnknown && !await table.AnyAsync(dataset, ct)) options = options with { RemoveUnknown = false };
        var closer = new List<string>();
        var settledBefore = time.GetUtcNow() - options.OlderThan;
        void Stray(ListedObject found) => checkpoint.Note(dataset.ToString(), new(FindingKinds.Stray, found.Key, "is none of EDNA's own"), false);
        var seen = 0;
        await foreach (var (id, listed, state) in JoinAsync(dataset, keys, checkpoint.AfterItem, Stray, ct))
        {
            if (listed is not null || state is not { Status: ItemStatus.Purged }) checkpoint.Items++;
            var look = state is { HasDocument: true } or { ContentKey: not null } || (options.Deep && state is { HasContent: true });
            if (look || ScrubDecisions.OfListing(listed, state, settledBefore).Any()) closer.Add(id);
            if (++seen % Batch != 0) continue;
            await LookAsync(checkpoint, dataset, keys, closer, options, ct);
            checkpoint.AfterItem = id;
            save(checkpoint);
        }
        await LookAsync(checkpoint, dataset, keys, closer, options, ct);
        await MultipartsAsync(checkpoint, dataset, keys, options, settledBefore, ct);
    }

    private async Task LookAsync(ScrubCheckpoint checkpoint, DatasetKey dataset, ObjectKeys keys, List<string> ids, ScrubOptions options, CancellationToken ct)
    {
        var found = new IReadOnlyList<(Finding Finding, bool Repaired)>[ids.Count];
        await Parallel.ForAsync(0, ids.Count, new ParallelOptions { MaxDegreeOfParallelism = Together, CancellationToken = ct },
            async (i, stop) => found[i] = await item.RunAsync(new(dataset, ids[i]), keys, options, stop));
        for (var i = 0; i < found.Length; i++)
            foreach (var (finding, repaired) in found[i]) checkpoint.Note($"{dataset} {ids[i]}", finding, repaired);
        ids.Clear();
    }

    /// <summary>Bucket and table side by side, in id order.</summary>
    private async IAsyncEnumerable<(string Id, ListedItem? Listed, ItemState? State)> JoinAsync(
        DatasetKey dataset, ObjectKeys keys, string? after, Action<ListedObject> stray, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var bucket = items.ListAsync(keys, after, stray, ct).GetAsyncEnumerator(ct);
        await using var rows = RowsAsync(dataset, after, ct).GetAsyncEnumerator(ct);
        var (moreListed, moreRows) = (await bucket.MoveNextAsync(), await rows.MoveNextAsync());
        while (moreListed || moreRows)
        {
            var order = !moreListed ? 1 : !moreRows ? -1 : string.CompareOrdinal(bucket.Current.ItemId, rows.Current.Key.ItemId);
            var (listed, row) = (order <= 0 ? bucket.Current : null, order >= 0 ? rows.Current : null);
            yield return (listed?.ItemId ?? row!.Key.ItemId, listed, row is null ? null : ItemJson.Read(row.Body));
            if (order <= 0) moreListed = await bucket.MoveNextAsync();
            if (order >= 0) moreRows = await rows.MoveNextAsync();
        }
    }

    private async IAsyncEnumerable<ItemRow> RowsAsync(DatasetKey dataset, string? after, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            var page = await patience.DoAsync(() => table.ScanAsync(dataset, after, Batch, ct), ct);
            foreach (var row in page) yield return row;
            if (page.Count < Batch) yield break;
            after = page[^1].Key.ItemId;
        }
    }

    /// <summary>Multipart uploads that are not the open one of their item.</summary>
    private async Task MultipartsAsync(ScrubCheckpoint checkpoint, DatasetKey dataset, ObjectKeys keys, ScrubOptions options, DateTimeOffset settledBefore, CancellationToken ct)
    {
        await foreach (var open in store.ListMultipartsAsync(keys.Bucket, $"{keys.Root}items/", ct))
        {
            if (open.InitiatedAt >= settledBefore || ObjectKeyParts.Read(open.Key[keys.Root.Length..]) is not { ItemId: { } id }) continue;
            var row = await patience.DoAsync(() => table.ReadAsync(new(dataset, id), ct), ct);
            if (row is not null && ItemJson.Read(row.Body).Upload?.UploadId == open.UploadId) continue;
            if (options.Repair) await store.AbortMultipartAsync(new(keys.Bucket, open.Key), open.UploadId, ct);
            checkpoint.Note($"{dataset} {id}", new(FindingKinds.Multipart, open.Key, $"upload {open.UploadId} of {open.InitiatedAt:u} belongs to no item"), options.Repair);
        }
    }
}
