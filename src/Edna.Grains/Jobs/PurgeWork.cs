using Edna.Datasets;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Edna.Search;

namespace Edna.Jobs;

/// <summary>
/// Removes a dataset with everything in it: first the items page by page, each page's objects and rows together; once the index has
/// taken that in, whatever of EDNA's own is left under its prefixes; last the dataset. Objects that were registered in place stay, and
/// so does everything else in the bucket that is not EDNA's.
/// </summary>
internal sealed class PurgeWork(
    string id, DatasetKey dataset, IGrainFactory grains, IItemTable table, IObjectStore store, ISearchIndex index, TimeProvider time) : IJobWork
{
    private const int ItemsPhase = 0;
    private const int IndexPhase = 1;
    private const int FirstPrefixPhase = 2;
    private const int RowsPerStep = 500;
    private const int ObjectsPerStep = 1_000;
    private const int ListedPerStep = 10_000;
    private const int UploadsPerStep = 100;
    private const int Together = 32;

    private IDatasetGrain Grain => grains.GetGrain<IDatasetGrain>(dataset.ToString());

    /// <inheritdoc />
    public async Task<JobStep> StepAsync(JobState job, CancellationToken ct)
    {
        // Null: it was finished before a crash kept that from being noted. A dataset of the same name may be there again: hands off.
        if (await Grain.GetPurgeAsync(id) is not { } purge) return JobStep.Done;
        // Who has just been told that the dataset is there may still write to it.
        if (time.GetUtcNow() - job.CreatedAt < DatasetCache.Life) return JobStep.Wait;
        var keys = new ObjectKeys(store.Prefix, dataset, purge.Storage);
        var prefixes = keys.DatasetPrefixes.ToArray();
        return job.Phase switch
        {
            ItemsPhase => await RemoveItemsAsync(job, keys, ct),
            IndexPhase => await AwaitIndexAsync(job, ct),
            var phase when phase < FirstPrefixPhase + prefixes.Length => await RemoveObjectsAsync(job, keys, prefixes[phase - FirstPrefixPhase], ct),
            _ => await RemoveRestAsync(keys, ct),
        };
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<JobStep> RemoveItemsAsync(JobState job, ObjectKeys keys, CancellationToken ct)
    {
        if (job.Total is null)
        {
            // A step of its own: what it counted must be kept before the first row goes.
            job.Total = await table.CountAsync(dataset, ct);
            return JobStep.More;
        }
        var rows = await table.ScanAsync(dataset, job.Cursor, RowsPerStep, ct);
        var live = rows.Where(r => r.Status != ItemStatus.Purged).ToArray();
        await store.DeleteAsync(keys.Bucket, [.. rows.SelectMany(r => ObjectsOf(r, keys))], ct);
        foreach (var together in live.Chunk(Together))
            await Task.WhenAll(together.Select(row => grains.GetGrain<IItemGrain>(row.Key.ToString()).ForgetAsync(job.CreatedBy)));
        job.Done += live.Length;
        job.Count("items", live.Length);
        job.Count("kept", live.Count(r => ItemJson.Read(r.Body) is { ContentKey: not null } or { ReplacedKey: not null }));
        if (rows.Count == RowsPerStep)
        {
            job.Cursor = rows[^1].Key.ItemId;
            return JobStep.More;
        }
        // A step that was cut off half-way had removed rows that it could not count any more.
        job.Done = Math.Max(job.Done, job.Total.Value);
        job.Counts["items"] = job.Done;
        return Next(job);
    }

    /// <summary>Where the objects of an item lie when nothing went wrong; what else there is, the prefixes' listings find.</summary>
    private static IEnumerable<string> ObjectsOf(ItemRow row, ObjectKeys keys)
    {
        var (item, state) = (row.Key.ItemId, ItemJson.Read(row.Body));
        // Not every attempt: after a rebuild their numbers begin far up.
        if (state is { HasContent: true, ContentKey: null }) yield return keys.Content(item, state.ContentRevision).Key;
        if (state.Upload is { } upload) yield return keys.Content(item, upload.Attempt).Key;
        for (var revision = 1L; revision <= state.LabelRevision; revision++) yield return keys.Labels(item, revision).Key;
        if (state.HasDocument) yield return keys.Item(item).Key;
    }

    /// <summary>While the index has not taken in that the items are gone, an older document of one may still be on its way there.</summary>
    private async Task<JobStep> AwaitIndexAsync(JobState job, CancellationToken ct)
    {
        for (var shard = 0; shard < ShardKey.Count; shard++)
            if ((await table.ReadDirtyAsync(new(dataset, shard), 1, ct)).Count > 0) return JobStep.Wait;
        return Next(job);
    }

    private async Task<JobStep> RemoveObjectsAsync(JobState job, ObjectKeys keys, string prefix, CancellationToken ct)
    {
        var own = new List<string>(ObjectsPerStep);
        var listed = 0;
        await foreach (var found in store.ListAsync(keys.Bucket, prefix, job.Cursor, ct))
        {
            job.Cursor = found.Key;
            if (ObjectKeyParts.Read(found.Key[keys.Root.Length..]) is not null) own.Add(found.Key);
            if (own.Count == ObjectsPerStep || ++listed == ListedPerStep) break;
        }
        if (own.Count > 0) await store.DeleteAsync(keys.Bucket, own, ct);
        return own.Count == ObjectsPerStep || listed == ListedPerStep ? JobStep.More : Next(job);
    }

    /// <summary>Open multipart uploads, then documents of the index, rows and the dataset, with no grain left that would write.</summary>
    private async Task<JobStep> RemoveRestAsync(ObjectKeys keys, CancellationToken ct)
    {
        var aborted = 0;
        await foreach (var open in store.ListMultipartsAsync(keys.Bucket, keys.Root, ct))
        {
            if (ObjectKeyParts.Read(open.Key[keys.Root.Length..]) is not { Role: ObjectRole.Content }) continue;
            await store.AbortMultipartAsync(new(keys.Bucket, open.Key), open.UploadId, ct);
            if (++aborted == UploadsPerStep) return JobStep.More;
        }
        await index.RemoveDatasetAsync(dataset, ct);
        await table.RemoveDatasetAsync(dataset, time.GetUtcNow(), ct);
        await Grain.PurgedAsync(id);
        return JobStep.Done;
    }

    private static JobStep Next(JobState job)
    {
        job.Phase++;
        job.Cursor = null;
        return JobStep.More;
    }
}
