using System.Collections.Concurrent;
using Edna.Items;
using Edna.Keys;
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
    private readonly PostponedRows postponed;
    private readonly IndexingMeter meter;
    private readonly RowPush push;

    /// <summary>Shards with dirty rows, and since when.</summary>
    private readonly ConcurrentDictionary<ShardKey, DateTimeOffset> waiting = new();
    private readonly SemaphoreSlim signal = new(0, 1);
    private TimeSpan gather = LeastGather;

    /// <summary>When the oldest row that is being pushed was written, in UTC ticks; 0 when none is.</summary>
    private long inHand;
    private volatile TaskCompletionSource? paused;

    /// <summary>1 while it is not known whether the index is the one that is being filled.</summary>
    private int unsure;

    /// <summary>Makes an indexer; it begins when its host starts it.</summary>
    /// <param name="table">Where the rows are.</param>
    /// <param name="index">Where they go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where faults are told.</param>
    public SearchIndexer(IItemTable table, ISearchIndex index, TimeProvider time, ILogger<SearchIndexer> log)
    {
        (this.table, this.index, this.time, this.log) = (table, index, time, log);
        refused = new(time);
        postponed = new(time, Enqueue);
        meter = new(() => Lag, () => waiting.Count, () => refused.Count, () => postponed.Count);
        push = new(table, index, refused, postponed, meter, log);
    }

    /// <summary>
    /// How long the row that waits longest has waited, as far as this silo has been told of it; zero when none does. Rows that the index
    /// refuses or does not take yet do not count, nor do they keep others waiting.
    /// </summary>
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

    /// <summary>Has it see soon whether the index is still the one that is being filled; one that is not is filled anew.</summary>
    public void Look()
    {
        Volatile.Write(ref unsure, 1);
        Wake();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await RetryAsync(() => PrepareAsync(isStart: true, stoppingToken), stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await signal.WaitAsync(stoppingToken);
                await Task.Delay(gather, time, stoppingToken);
                if (paused is { } pause) await pause.Task.WaitAsync(stoppingToken);
                await RetryAsync(async () =>
                {
                    if (Interlocked.Exchange(ref unsure, 0) == 1) await PrepareAsync(isStart: false, stoppingToken);
                    await DrainAsync(stoppingToken);
                }, stoppingToken);
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
        postponed.Dispose();
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

    /// <summary>
    /// An index that is not one of those that are filled is filled anew: it was made on this start, or somebody removed the former one. On start
    /// what a crash left behind is queued too.
    /// </summary>
    private async Task PrepareAsync(bool isStart, CancellationToken ct)
    {
        // In this order: an index that takes the place of another one is noted before it does.
        var noted = await table.ReadIndexGenerationAsync(ct);
        var generation = await index.GetGenerationAsync(ct);
        var isFilled = noted is not null && IndexTargets.Read(noted).Cover(generation);
        if (isFilled && !isStart) return;
        if (!isFilled)
        {
            if (noted is not null) LogFillsAnew(log);
            await table.MarkAllDirtyAsync(generation, ct);
        }
        foreach (var shard in await table.ListDirtyShardsAsync(ct)) Enqueue(shard);
    }

    private async Task DrainAsync(CancellationToken ct)
    {
        if (waiting.IsEmpty) return;
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
                    // It is told of again when the first of its rows is due.
                    var held = postponed.CountOf(shard);
                    if (held >= PostponedRows.MostOfAShard) continue;
                    var wanted = Batch - rows.Count + refused.CountOf(shard) + held;
                    var dirty = await table.ReadDirtyAsync(shard, wanted, ct);
                    rows.AddRange(dirty.Where(r => !refused.Holds(r) && !postponed.Holds(r)));
                    if (dirty.Count == wanted) waiting.TryAdd(shard, since);
                }
                if (rows.Count == 0) continue;
                Volatile.Write(ref inHand, rows.Min(r => r.UpdatedAt).UtcTicks);
                // Where another index must have them by now, they are read and pushed again.
                if (!await push.PushAsync(rows, ct)) foreach (var (shard, since) in taken) waiting.TryAdd(shard, since);
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
                // It may be gone, and another one in its place.
                Volatile.Write(ref unsure, 1);
                LogWaits(log, pause, e);
            }
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), time, ct);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The search index is not the one that was filled last; it is filled anew")]
    private static partial void LogFillsAnew(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The search index could not be brought up to date; trying again in about {Pause}. Nothing is lost")]
    private static partial void LogWaits(ILogger log, TimeSpan pause, Exception e);
}
