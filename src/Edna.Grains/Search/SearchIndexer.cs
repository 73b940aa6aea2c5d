using System.Collections.Concurrent;
using System.Text.Json;
using Edna.Items;
using Edna.Keys;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Edna.Search;

/// <summary>
/// Brings written rows into the search index. The rows themselves are the queue: what is not marked as indexed is pushed again,
/// after a crash, an outage or a lost notice, and pushing twice changes nothing. One a silo; it serves the feeds that live there.
/// </summary>
public sealed partial class SearchIndexer(IItemTable table, ISearchIndex index, TimeProvider time, ILogger<SearchIndexer> log) : BackgroundService
{
    private const int Batch = 2_000;
    private static readonly TimeSpan LeastGather = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MostGather = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<ShardKey, byte> waiting = new();
    private readonly SemaphoreSlim signal = new(0, 1);
    private TimeSpan gather = LeastGather;

    /// <summary>Rows of a shard wait for the index.</summary>
    /// <param name="shard">The shard.</param>
    public void Enqueue(ShardKey shard)
    {
        if (waiting.TryAdd(shard, 0)) Wake();
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
                await RetryAsync(() => DrainAsync(stoppingToken), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
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
            var taken = new List<ShardKey>();
            var rows = new List<ItemRow>();
            try
            {
                foreach (var shard in waiting.Keys)
                {
                    if (rows.Count >= Batch) break;
                    if (!waiting.TryRemove(shard, out _)) continue;
                    taken.Add(shard);
                    var dirty = await table.ReadDirtyAsync(shard, Batch - rows.Count, ct);
                    rows.AddRange(dirty);
                    if (rows.Count >= Batch) waiting.TryAdd(shard, 0);
                }
                if (rows.Count > 0) await PushAsync(rows, ct);
                pushed += rows.Count;
            }
            catch
            {
                foreach (var shard in taken) waiting.TryAdd(shard, 0);
                throw;
            }
        }
        // The more there was, the longer the next push gathers: large pushes cost far less a row.
        gather = TimeSpan.FromMilliseconds(Math.Clamp(pushed, LeastGather.TotalMilliseconds, MostGather.TotalMilliseconds));
    }

    /// <summary>Pushes what can be read. A row that cannot is told and stays as it is: it must not keep the others from the index.</summary>
    private async Task PushAsync(List<ItemRow> rows, CancellationToken ct)
    {
        var documents = new List<SearchDocument>(rows.Count);
        foreach (var row in rows)
        {
            try
            {
                documents.Add(SearchDocuments.Of(row));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                LogUnreadable(log, row.Key, e);
            }
        }
        await index.PushAsync(documents, ct);
        await table.MarkIndexedAsync([.. documents.Select(d => (d.Key, d.Revision))], ct);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The search index could not be brought up to date; trying again in about {Pause}. Nothing is lost")]
    private static partial void LogWaits(ILogger log, TimeSpan pause, Exception e);
}
