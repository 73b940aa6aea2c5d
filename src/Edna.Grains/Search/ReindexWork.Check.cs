using Edna.Items;
using Edna.Jobs;
using Edna.Keys;

namespace Edna.Search;

/// <summary>This part: whether the new index is complete, by count and by sample, dataset by dataset. The job's cursor is the last one that is through.</summary>
internal sealed partial class ReindexWork
{
    private const int Starts = 5;
    private const int RowsPerStart = 20;

    /// <summary>Rows of a dataset that may wait for the index while it is counted. With more, the indexer is let catch up first.</summary>
    private const int MostWaiting = 5_000;

    private const int ChangesPerPage = 1_000;

    /// <summary>A difference is looked at so often, each time after a longer pause, before it counts.</summary>
    private const int Looks = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    private int looks;

    private async Task<JobStep> CountAsync(JobState job, string mine, CancellationToken ct)
    {
        if (await NextDatasetAsync(job, ct) is not { } dataset) return Go(job, ReindexPhase.Sample);
        var since = await table.EndOfChangesAsync(dataset, ct);
        var waiting = new HashSet<ItemKey>();
        for (var shard = 0; shard < ShardKey.Count && waiting.Count < MostWaiting; shard++)
            waiting.UnionWith((await table.ReadDirtyAsync(new(dataset, shard), MostWaiting - waiting.Count, ct)).Select(row => row.Key));
        if (waiting.Count >= MostWaiting) return JobStep.Wait;
        // One that was refused may wait as well, and is allowed for once.
        waiting.UnionWith((job.Refused ?? []).Select(ItemKey.Parse).Where(item => item.Dataset == dataset));
        var rows = await table.CountAsync(dataset, ct);
        var found = await indexes.CountAsync(mine, dataset, ct);
        var unsettled = waiting.Count + await CountChangesAsync(dataset, since, ct);
        if (!ReindexDecisions.Agrees(rows, found, unsettled))
            return ++looks < Looks ? JobStep.Wait : JobStep.Failed(SearchErrors.CountDiffers(dataset.ToString(), rows, found));
        return Through(job, dataset);
    }

    private async Task<long> CountChangesAsync(DatasetKey dataset, string since, CancellationToken ct)
    {
        for (var count = 0L; ;)
        {
            // No page: the dataset was removed meanwhile, and its changes with it.
            if (await table.ReadChangesAsync(dataset, since, ChangesPerPage, ct) is not { } page) return count;
            count += page.Changes.Count;
            if (page.Changes.Count < ChangesPerPage) return count;
            since = page.NextCursor;
        }
    }

    /// <summary>Compares items from here and there. Only what the table calls clean before and after can be held against the index.</summary>
    private async Task<JobStep> SampleAsync(JobState job, string mine, CancellationToken ct)
    {
        if (await NextDatasetAsync(job, ct) is not { } dataset) return Go(job, ReindexPhase.Switch);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var start = 0; start < Starts; start++)
            ids.UnionWith((await table.ScanAsync(dataset, start == 0 ? null : ItemId.FromPath(Guid.NewGuid().ToString("N")), RowsPerStart, ct)).Select(row => row.Key.ItemId));
        string[] asked = [.. ids];
        for (var look = 1; ; look++)
        {
            var rows = (await table.ReadManyAsync(dataset, asked, ct)).OfType<ItemRow>().Where(row => row.IndexedRevision == row.Revision).ToList();
            var documents = rows.Select(row => DocumentOf(row, job)).OfType<SearchDocument>().Where(d => job.Refused?.Contains(d.Key.ToString()) != true).ToList();
            var found = documents.Count == 0 ? [] : await indexes.CompareAsync(mine, documents, ct);
            var wrong = documents.Zip(found).Where(pair => !pair.Second.IsSame).Select(pair => pair.First).ToList();
            var still = (await ReadAgainAsync(wrong, ct)).Zip(wrong).Where(pair => pair.First?.Revision == pair.Second.Revision).Select(pair => pair.Second).ToList();
            if (still.Count == 0)
            {
                job.Count("sampled", documents.Count);
                return Through(job, dataset);
            }
            if (look == Looks) return JobStep.Failed(SearchErrors.SampleDiffers(still[0].Key.ToString(), still[0].Revision, found[documents.IndexOf(still[0])].Revision));
            await Task.Delay(FirstPause * (1 << look), time, ct);
        }
    }

    /// <summary>The rows of documents of one dataset, in their order.</summary>
    private async Task<IReadOnlyList<ItemRow?>> ReadAgainAsync(List<SearchDocument> documents, CancellationToken ct) =>
        documents.Count == 0 ? [] : await table.ReadManyAsync(documents[0].Key.Dataset, [.. documents.Select(document => document.Key.ItemId)], ct);

    private async Task<DatasetKey?> NextDatasetAsync(JobState job, CancellationToken ct)
    {
        foreach (var dataset in await table.ListDatasetsAsync(ct))
            if (job.Cursor is null || string.CompareOrdinal(dataset.ToString(), job.Cursor) > 0) return dataset;
        return null;
    }

    private JobStep Through(JobState job, DatasetKey dataset)
    {
        (looks, job.Cursor) = (0, dataset.ToString());
        return JobStep.More;
    }
}
