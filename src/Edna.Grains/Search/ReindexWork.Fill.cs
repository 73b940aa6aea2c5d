using System.Text.Json;
using Edna.Items;
using Edna.Jobs;
using Edna.Keys;

namespace Edna.Search;

/// <summary>
/// This part: what was there before the new index is pushed, page by page. Each step pushes the page that the step before has noted and notes the
/// next one, so that no document is ever on its way of which a restart would not know. The job's cursor is the last item that is noted.
/// </summary>
internal sealed partial class ReindexWork
{
    private const int RowsPerStep = 1_000;

    /// <summary>So often items of a page may go and come back while they are being pushed; more often means that something else is wrong.</summary>
    private const int MostRounds = 20;

    /// <summary>The documents of the page in hand as they were noted; null where they are to be read again, as after a restart.</summary>
    private Dictionary<ItemKey, SearchDocument>? known;

    private async Task<JobStep> FillAsync(JobState job, string mine, CancellationToken ct)
    {
        if (job.InHand is { } page)
        {
            var (left, isWaitedFor) = await PushAsync(page, mine, job, ct);
            if (job.Refused?.Count > RefusedDocuments.Most) return JobStep.Failed(SearchErrors.TooManyRefused(RefusedDocuments.Most));
            // The page stays noted as it is, and is looked at again as after a restart.
            if (isWaitedFor) return JobStep.Wait;
            if (left.Count > 0)
            {
                job.InHand = page with { Round = page.Round + 1, Items = [.. left.Select(item => item.ToString())] };
                return JobStep.More;
            }
            (job.InHand, job.Done) = (null, job.Done + page.Rows);
        }
        return await NoteNextAsync(job, ct);
    }

    private async Task<JobStep> NoteNextAsync(JobState job, CancellationToken ct)
    {
        var after = job.Cursor is null ? default(ItemKey?) : ItemKey.Parse(job.Cursor);
        foreach (var dataset in await table.ListDatasetsAsync(ct))
        {
            if (after is { } last && string.CompareOrdinal(dataset.ToString(), last.Dataset.ToString()) < 0) continue;
            var rows = await table.ScanAsync(dataset, after is { } item && item.Dataset == dataset ? item.ItemId : null, RowsPerStep, ct);
            if (rows.Count == 0) continue;
            var items = rows.Where(row => row.Status != ItemStatus.Purged).ToList();
            var documents = items.Select(row => DocumentOf(row, job)).OfType<SearchDocument>().ToList();
            job.InHand = new() { Dataset = dataset.ToString(), Rows = items.Count, Items = [.. documents.Select(document => ItemInHand.Of(document).ToString())] };
            job.Cursor = rows[^1].Key.ToString();
            known = documents.ToDictionary(document => document.Key);
            return JobStep.More;
        }
        job.Counts["items"] = job.Done;
        return Go(job, ReindexPhase.Count);
    }

    /// <summary>
    /// Pushes a page and reads the rows after it: what is not as it was pushed or newer is left to be noted and pushed in its turn. A server
    /// remembers removed documents for seconds only, so without that a document that was on its way for longer would bring back an item
    /// that was purged meanwhile.
    /// </summary>
    /// <returns>What is left, and whether that can only be waited for.</returns>
    private async Task<(IReadOnlyList<ItemInHand> Left, bool IsWaitedFor)> PushAsync(PageInHand page, string mine, JobState job, CancellationToken ct)
    {
        var dataset = DatasetKey.Parse(page.Dataset);
        List<ItemInHand> items = [.. page.Items.Select(text => ItemInHand.Read(dataset, text))];
        if (page.Round == MostRounds) throw new InvalidOperationException($"{items[0].Key} and {items.Count - 1} others changed with every push.");
        IReadOnlyList<SearchDocument?> rows = known is null ? await DocumentsAsync(dataset, items, job, ct) : [.. items.Select(item => known.GetValueOrDefault(item.Key))];
        known = null;
        var due = ReindexDecisions.Due(items, rows);
        var notYet = new HashSet<ItemKey>();
        if (due.Count > 0)
        {
            var refused = (await indexes.PushAsync(mine, due, isSeen: false, ct)).ToLookup(r => r.Kind == RefusalKind.NotYet);
            notYet.UnionWith(refused[true].Select(r => r.Item));
            foreach (var one in refused[false]) Refuse(job, one.Item, one.Reason);
            var forGood = refused[false].Select(r => r.Item).ToHashSet();
            items.RemoveAll(item => forGood.Contains(item.Key));
        }
        var left = ReindexDecisions.Left(items, await DocumentsAsync(dataset, items, job, ct), notYet);
        return (left, left.Count > 0 && ReindexDecisions.IsWaitedFor(items, left, notYet));
    }

    /// <summary>The rows of items as documents, in their order.</summary>
    private async Task<IReadOnlyList<SearchDocument?>> DocumentsAsync(DatasetKey dataset, List<ItemInHand> items, JobState job, CancellationToken ct) => items.Count == 0
        ? []
        : [.. (await table.ReadManyAsync(dataset, [.. items.Select(item => item.Key.ItemId)], ct)).Select(row => row is null ? null : DocumentOf(row, job))];

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
