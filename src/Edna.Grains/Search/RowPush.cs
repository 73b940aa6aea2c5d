using System.Text.Json;
using Edna.Items;
using Edna.Keys;
using Edna.Results;
using Microsoft.Extensions.Logging;

namespace Edna.Search;

/// <summary>Brings rows into all indexes that must have them, and marks them. What an index does not take in, or not yet, is put aside.</summary>
internal sealed partial class RowPush(IItemTable table, ISearchIndex index, RefusedDocuments refused, PostponedRows postponed, IndexingMeter meter, ILogger log)
{
    /// <summary>Pushes what can be read. A row that cannot is told and stays as it is: it must not keep the others from the index.</summary>
    /// <returns>Whether they are through; false: other indexes than before must have them by now, so they are still dirty.</returns>
    public async Task<bool> PushAsync(IReadOnlyList<ItemRow> rows, CancellationToken ct)
    {
        var noted = await table.ReadIndexGenerationAsync(ct)
            ?? throw new InvalidOperationException("All rows are being made dirty, for the search index is to be filled anew; until that is done, none is pushed.");
        var documents = new List<SearchDocument>(rows.Count);
        foreach (var row in rows)
        {
            try
            {
                documents.Add(SearchDocuments.Of(row));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                refused.Add(row.Key, row.Revision, "The row cannot be read.");
                LogUnreadable(log, row.Key, e);
            }
        }
        return documents.Count == 0 || await PushAsync(documents, noted, ct);
    }

    /// <summary>
    /// Pushes documents and marks their rows. Where the index fails by more than an outage, halves are tried, down to the document that
    /// it does not take: that one is put aside, and the others go on.
    /// </summary>
    private async Task<bool> PushAsync(List<SearchDocument> documents, string noted, CancellationToken ct)
    {
        IReadOnlyList<RefusedPush>? turnedAway;
        try
        {
            turnedAway = await PushToAllAsync(documents, noted, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException && Unavailable.Of(e) is null && refused.Count < RefusedDocuments.Most)
        {
            if (documents.Count == 1)
            {
                refused.Add(documents[0].Key, documents[0].Revision, e.Message);
                LogRefused(log, documents[0].Key, documents[0].Revision, e.Message, e);
                return true;
            }
            var first = await PushAsync(documents[..(documents.Count / 2)], noted, ct);
            return await PushAsync(documents[(documents.Count / 2)..], noted, ct) && first;
        }
        if (turnedAway is null) return false;
        var left = turnedAway.Select(r => r.Item).ToHashSet();
        var taken = documents.Where(d => !left.Contains(d.Key)).Select(d => (d.Key, d.Revision)).ToList();
        if (taken.Count > 0 && !await table.MarkIndexedAsync(taken, noted, ct)) return false;
        meter.Count(taken.Count);
        postponed.Remove(taken.Select(t => t.Key));
        var later = turnedAway.Where(r => r.Kind == RefusalKind.NotYet).ToList();
        if (later.Count > 0)
        {
            postponed.Add(later);
            LogPostponed(log, later[0].Item, later.Count - 1, later[0].Reason);
        }
        foreach (var one in turnedAway.Where(r => r.Kind == RefusalKind.ForGood))
        {
            // When that many are refused, it is the index that is at fault, and the rest waits until somebody has looked at it.
            if (refused.Count >= RefusedDocuments.Most) throw new InvalidOperationException($"The search index refuses more than {RefusedDocuments.Most} documents, the last one for: {one.Reason}");
            refused.Add(one.Item, one.Revision, one.Reason);
            LogRefused(log, one.Item, one.Revision, one.Reason, null);
        }
        return true;
    }

    /// <summary>Pushes to the index in use, and to the one that is to take its place; null when that one is not to by now.</summary>
    private async Task<IReadOnlyList<RefusedPush>?> PushToAllAsync(IReadOnlyList<SearchDocument> documents, string noted, CancellationToken ct)
    {
        if (IndexTargets.Read(noted).Next is not { } next) return await index.PushAsync(documents, ct);
        var beside = index.Next ?? throw new InvalidOperationException($"Rows are to be pushed to the index '{next}' too, which this adapter has no way to.");
        var (serving, second) = (index.PushAsync(documents, ct), beside.PushAsync(next, documents, isSeen: true, ct));
        try
        {
            await Task.WhenAll(serving, second);
        }
        catch (UnavailableException) when (serving.IsCompletedSuccessfully)
        {
            if (await table.ReadIndexGenerationAsync(ct) == noted) throw;
            return null;
        }
        return [.. (await serving).Concat(await second).OrderBy(r => r.Kind).DistinctBy(r => r.Item)];
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The row of {Item} cannot be read, so the search index does not take it in; the others go on")]
    private static partial void LogUnreadable(ILogger log, ItemKey item, Exception e);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The search index does not take in {Item} and {Others} others yet: {Reason}. They are tried again, and the others go on")]
    private static partial void LogPostponed(ILogger log, ItemKey item, int others, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The search index does not take in {Item} of revision {Revision}: {Reason}. It is passed by until it is written again or ten minutes have passed, and the others go on")]
    private static partial void LogRefused(ILogger log, ItemKey item, long revision, string reason, Exception? e);
}
