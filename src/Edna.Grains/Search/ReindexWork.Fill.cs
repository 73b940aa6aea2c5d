using System.Text.Json;
using Edna.Items;
using Edna.Jobs;
using Edna.Keys;

namespace Edna.Search;

/// <summary>This part: what was there before the new index is pushed, page by page. The job's cursor is the last item that is through.</summary>
internal sealed partial class ReindexWork
{
    private const int RowsPerStep = 1_000;

    /// <summary>So often an item may go and come back while it is being pushed; more often means that something else is wrong.</summary>
    private const int MostRounds = 20;

    private async Task<JobStep> FillAsync(JobState job, string mine, CancellationToken ct)
    {
        var after = job.Cursor is null ? default(ItemKey?) : ItemKey.Parse(job.Cursor);
        foreach (var dataset in await table.ListDatasetsAsync(ct))
        {
            if (after is { } last && string.CompareOrdinal(dataset.ToString(), last.Dataset.ToString()) < 0) continue;
            var rows = await table.ScanAsync(dataset, after is { } item && item.Dataset == dataset ? item.ItemId : null, RowsPerStep, ct);
            if (rows.Count == 0) continue;
            var documents = rows.Where(row => row.Status != ItemStatus.Purged).Select(row => DocumentOf(row, job)).OfType<SearchDocument>().ToList();
            await PushAsync(documents, mine, job, ct);
            if (job.Refused?.Count > RefusedDocuments.Most) return JobStep.Failed(SearchErrors.TooManyRefused(RefusedDocuments.Most));
            job.Done += rows.Count(row => row.Status != ItemStatus.Purged);
            job.Cursor = rows[^1].Key.ToString();
            return JobStep.More;
        }
        job.Counts["items"] = job.Done;
        return Go(job, ReindexPhase.Count);
    }

    /// <summary>
    /// Pushes until the rows, read after the push, are what was pushed or newer. A server remembers removed documents for seconds only, so without
    /// that a document that was on its way for longer would bring back an item that was purged meanwhile.
    /// </summary>
    private async Task PushAsync(List<SearchDocument> documents, string mine, JobState job, CancellationToken ct)
    {
        IReadOnlyList<SearchDocument> left = documents;
        for (var round = 0; left.Count > 0; round++)
        {
            if (round == MostRounds) throw new InvalidOperationException($"{left[0].Key} and {left.Count - 1} others changed with every push.");
            var refused = (await indexes.PushAsync(mine, left, isSeen: false, ct)).ToDictionary(r => r.Item);
            foreach (var (item, why) in refused) Refuse(job, item, why.Reason);
            var pushed = left.Where(document => !refused.ContainsKey(document.Key)).ToList();
            left = ReindexDecisions.Left(pushed, [.. (await ReadAgainAsync(pushed, ct)).Select(row => row is null ? null : DocumentOf(row, job))]);
        }
    }

    /// <summary>The rows of documents of one dataset, in their order.</summary>
    private async Task<IReadOnlyList<ItemRow?>> ReadAgainAsync(List<SearchDocument> documents, CancellationToken ct) =>
        documents.Count == 0 ? [] : await table.ReadManyAsync(documents[0].Key.Dataset, [.. documents.Select(document => document.Key.ItemId)], ct);

    private static SearchDocument? DocumentOf(ItemRow row, JobState job)
    {
        try
        {
            return SearchDocuments.Of(row);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            Refuse(job, row.Key, "The row cannot be read.");
            return null;
        }
    }

    /// <summary>Notes an item that the new index does not take in. It need not be in the old one either, so the others go on.</summary>
    private static void Refuse(JobState job, ItemKey item, string reason)
    {
        job.Refused ??= [];
        if (job.Refused.Contains(item.ToString())) return;
        job.Refused.Add(item.ToString());
        job.Counts["refused"] = job.Refused.Count;
        job.Note(item.ToString(), SearchErrors.DocumentRefused(reason));
    }
}
