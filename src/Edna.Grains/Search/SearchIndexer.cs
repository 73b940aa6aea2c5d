using System.Collections.Concurrent;
using System.Text.Json;
using Edna.Items;
using Edna.Keys;
using Edna.Results;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Edna.Search;

/// <summary>
/// Brings written rows into the search index. The rows themselves are the queue: what is not marked as indexed is pushed again,
/// after a crash, an outage or a lost notice, and pushing twice changes nothing. One a silo; it serves the feeds that live there.
/// While it is paused, everything waits where it is; then it goes on with the dirty rows and looks at no others.
/// </summary>
public sealed partial class SearchIndexer : BackgroundService
{
    private const int Batch = 2_000;
    private static readonly TimeSpan LeastGather = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MostGather = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly IItemTable table;
    private readonly ISearchIndex index;
    private readonly TimeProvider time;
    private readonly ILogger<SearchIndexer> log;
    private readonly RefusedDocuments refused;
    private readonly IndexingMeter meter;

    /// <summary>Shards with dirty rows, and since when.</summary>
    private readonly ConcurrentDictionary<ShardKey, DateTimeOffset> waiting = new();
    private readonly SemaphoreSlim signal = new(0, 1);
    private TimeSpan gather = LeastGather;

    /// <summary>When the oldest row that is being pushed was written, in UTC ticks; 0 when none is.</summary>
    private long inHand;
    private volatile TaskCompletionSource? paused;

    /// <summary>Makes an indexer; it begins when its host starts it.</summary>
    /// <param name="table">Where the rows are.</param>
    /// <param name="index">Where they go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where faults are told.</param>
    public SearchIndexer(IItemTable table, ISearchIndex index, TimeProvider time, ILogger<SearchIndexer> log)
    {
        (this.table, this.index, this.time, this.log) = (table, index, time, log);
        refused = new(time);
        meter = new(() => Lag, () => refused.Count);
    }

    /// <summary>How long the row that waits longest has waited, as far as this silo has been told of it; zero when none does.</summary>
    public TimeSpan Lag
    {
        get
        {
            var oldest = new DateTimeOffset(Volatile.Read(ref inHand), TimeSpan.Zero);
            foreach (var since in waiting.Values)
                if (oldest.Ticks == 0 || since < oldest) oldest = since;
            return oldest.Ticks == 0 || time.GetUtcNow() is var now && now < oldest ? TimeSpan.Zero : now - oldest;
        }
    }

    /// <summary>The rows that the index did not take in while it took others. They stay dirty.</summary>
    public IReadOnlyCollection<RefusedDocument> Refused => refused.All;

    /// <summary>Whether it is paused.</summary>
    public bool IsPaused => paused is not null;

    /// <summary>Stops pushing, after the push that is under way; rows wait. Pausing twice is pausing once.</summary>
    public void Pause() => Interlocked.CompareExchange(ref paused, new(TaskCreationOptions.RunContinuationsAsynchronously), null);

    /// <summary>Goes on.</summary>
    public void Resume() => Interlocked.Exchange(ref paused, null)?.SetResult();

    /// <summary>Rows of a shard wait for the index.</summary>
    /// <param name="shard">The shard.</param>
    public void Enqueue(ShardKey shard)
    {
        if (waiting.TryAdd(shard, time.GetUtcNow())) Wake();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await RetryAsync(() => PrepareAsync(stoppingToken), stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await signal.WaitAsync(stoppingToken);
                await Task.Delay(gather, time, stoppingToken);
                if (paused is { } pause) await pause.Task.WaitAsync(stoppingToken);
                await RetryAsync(() => DrainAsync(stoppingToken), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        meter.Dispose();
        signal.Dispose();
        base.Dispose();
    }

    private void Wake()
    {
        try
        {
            signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already, and looks at everything that waits.
        }
    }

    /// <summary>On start: an index that is not the one filled last is filled anew, and what a crash left behind is queued.</summary>
    private async Task PrepareAsync(CancellationToken ct)
    {
        var generation = await index.GetGenerationAsync(ct);
        var before = await table.ReadIndexGenerationAsync(ct);
        if (before != generation)
        {
            if (before is not null) LogFillsAnew(log);
            await table.MarkAllDirtyAsync(generation, ct);
        }
        foreach (var shard in await table.ListDirtyShardsAsync(ct)) Enqueue(shard);
    }

    private async Task DrainAsync(CancellationToken ct)
    {
        var pushed = 0;
        while (!waiting.IsEmpty)
        {
            if (paused is { } pause) await pause.Task.WaitAsync(ct);
            var taken = new Dictionary<ShardKey, DateTimeOffset>();
            var rows = new List<ItemRow>();
            try
            {
                foreach (var shard in waiting.Keys)
                {
                    if (rows.Count >= Batch) break;
                    if (!waiting.TryRemove(shard, out var since)) continue;
                    taken.Add(shard, since);
                    var wanted = Batch - rows.Count + refused.CountOf(shard);
                    var dirty = await table.ReadDirtyAsync(shard, wanted, ct);
                    rows.AddRange(dirty.Where(r => !refused.Holds(r)));
                    if (dirty.Count == wanted) waiting.TryAdd(shard, since);
                }
                if (rows.Count > 0) await PushAsync(rows, ct);
                pushed += rows.Count;
            }
            catch
            {
                // They have waited for as long as the oldest of the rows that were read.
                var oldest = rows.Count > 0 ? rows.Min(r => r.UpdatedAt) : DateTimeOffset.MaxValue;
                foreach (var (shard, told) in taken)
                {
                    var since = told < oldest ? told : oldest;
                    waiting.AddOrUpdate(shard, since, (_, other) => other < since ? other : since);
                }
                throw;
            }
            finally
            {
                Volatile.Write(ref inHand, 0);
            }
        }
        // The more there was, the longer the next push gathers: large pushes cost far less a row.
        gather = TimeSpan.FromMilliseconds(Math.Clamp(pushed, LeastGather.TotalMilliseconds, MostGather.TotalMilliseconds));
    }

    /// <summary>Pushes what can be read. A row that cannot is told and stays as it is: it must not keep the others from the index.</summary>
    private async Task PushAsync(List<ItemRow> rows, CancellationToken ct)
    {
        Volatile.Write(ref inHand, rows.Min(r => r.UpdatedAt).UtcTicks);
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
        if (documents.Count > 0) await PushAsync(documents, ct);
    }

    /// <summary>
    /// Pushes documents and marks their rows. Where the index fails by more than an outage, halves are tried, down to the document that
    /// it does not take: that one is put aside, and the others go on.
    /// </summary>
    private async Task PushAsync(List<SearchDocument> documents, CancellationToken ct)
    {
        try
        {
            await index.PushAsync(documents, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException && Unavailable.Of(e) is null && refused.Count < RefusedDocuments.Most)
        {
            if (documents.Count == 1)
            {
                refused.Add(documents[0].Key, documents[0].Revision, e.Message);
                LogRefused(log, documents[0].Key, documents[0].Revision, e);
                return;
            }
            await PushAsync(documents[..(documents.Count / 2)], ct);
            await PushAsync(documents[(documents.Count / 2)..], ct);
            return;
        }
        await table.MarkIndexedAsync([.. documents.Select(d => (d.Key, d.Revision))], ct);
        meter.Count(documents.Count);
    }

    /// <summary>Does something until it works, with pauses that double and vary. A fault is told; what waits goes on waiting.</summary>
    private async Task RetryAsync(Func<Task> work, CancellationToken ct)
    {
        for (var pause = TimeSpan.FromMilliseconds(200); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await work();
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                LogWaits(log, pause, e);
            }
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), time, ct);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The search index is not the one that was filled last; it is filled anew")]
    private static partial void LogFillsAnew(ILogger log);

    [LoggerMessage(Level = LogLevel.Error, Message = "The row of {Item} cannot be read, so the search index does not take it in; the others go on")]
    private static partial void LogUnreadable(ILogger log, ItemKey item, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "The search index does not take in {Item} of revision {Revision}; it is passed by until it is written again or ten minutes have passed, and the others go on")]
    private static partial void LogRefused(ILogger log, ItemKey item, long revision, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The search index could not be brought up to date; trying again in about {Pause}. Nothing is lost")]
    private static partial void LogWaits(ILogger log, TimeSpan pause, Exception e);
}
