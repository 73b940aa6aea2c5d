using Edna.Items;
using Edna.Keys;
using Edna.Results;
using Microsoft.Extensions.Logging;

namespace Edna.Changes;

/// <summary>
/// This part: the sweeper. While the shard has open uploads or a trash, a timer ticks beside the feed's other calls: what is overdue
/// is handed to its item, a bounded number a tick. What cannot be settled now is met again at the next.
/// </summary>
public sealed partial class ChangeFeedGrain
{
    private const int SweepPage = 250;
    private const int MostATick = 2_000;
    private const int MostPassedBy = 1_000;
    private const int Hands = 16;

    private IGrainTimer? sweeper;

    /// <summary>Starts the timer, unless it runs; the activation stays for it.</summary>
    private void StartSweeping(TimeSpan dueTime)
    {
        if (sweeper is not null) return;
        DelayDeactivation(pace.Interval + BackstopPeriod);
        sweeper = this.RegisterGrainTimer(TickAsync, new() { DueTime = dueTime, Period = pace.Interval, Interleave = true });
    }

    private void StopSweeping()
    {
        sweeper?.Dispose();
        sweeper = null;
    }

    private async Task TickAsync(CancellationToken ct)
    {
        DelayDeactivation(pace.Interval + BackstopPeriod);
        try
        {
            var known = await datasets.GetAsync(shard.Dataset);
            // A dataset that is being removed is its job's alone.
            if (known.Problem is { Status: not 404 }) return;
            var more = await SweepAsync(limit => table.ReadOverdueAsync(shard, time.GetUtcNow(), limit, ct), ct);
            if (known.TryGet(out var dataset, out _))
            {
                var before = time.GetUtcNow().AddDays(-dataset.TrashRetentionDays);
                more |= await SweepAsync(limit => table.ReadTrashedAsync(shard, before, limit, ct), ct);
            }
            if (more) sweeper?.Change(TimeSpan.Zero, pace.Interval);
        }
        catch (Exception e) when (Unavailable.Of(e) is not null && !ct.IsCancellationRequested)
        {
            LogPutOff(log, shard, e);
        }
    }

    /// <summary>Hands overdue rows to their items, a few at once; those that stay as they are, are passed by until the next tick.</summary>
    /// <returns>Whether there may be more to do at once.</returns>
    private async Task<bool> SweepAsync(Func<int, ValueTask<IReadOnlyList<ItemRow>>> read, CancellationToken ct)
    {
        var passedBy = new HashSet<ItemKey>();
        var swept = 0;
        while (passedBy.Count < MostPassedBy)
        {
            var rows = new Queue<ItemKey>((await read(SweepPage + passedBy.Count)).Select(r => r.Key).Where(k => !passedBy.Contains(k)));
            if (rows.Count == 0) return false;
            if (swept >= MostATick) return true;
            swept += rows.Count;
            await Task.WhenAll(Enumerable.Range(0, Hands).Select(async _ =>
            {
                while (!ct.IsCancellationRequested && rows.TryDequeue(out var item))
                    if (!await TrySweepAsync(item, ct)) passedBy.Add(item);
            }));
            ct.ThrowIfCancellationRequested();
        }
        return false;
    }

    /// <summary>Lets an item settle what is overdue of it. An outage ends the tick; another fault is this item's own, and keeps nobody else waiting.</summary>
    private async Task<bool> TrySweepAsync(ItemKey item, CancellationToken ct)
    {
        try
        {
            return await pace.InTurnAsync(() => GrainFactory.GetGrain<IItemGrain>(item.ToString()).SweepAsync(), ct);
        }
        catch (Exception e) when (e is TimeoutException or UnavailableException { Refusal: not null } || Unavailable.Of(e) is null)
        {
            if (!ct.IsCancellationRequested) LogPassedBy(log, item, e);
            return false;
        }
    }

    /// <summary>Whether a shard without dirty rows has something to watch all the same: a trash, or an upload that will be overdue.</summary>
    private async Task<bool> HasSomethingToSweepAsync() =>
        (await table.ReadTrashedAsync(shard, DateTimeOffset.MaxValue, 1, CancellationToken.None)).Count > 0
        || (await table.ReadOverdueAsync(shard, DateTimeOffset.MaxValue, 1, CancellationToken.None)).Count > 0;

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is overdue in {Shard} could not be settled; it is tried again at the next tick. Nothing is lost")]
    private static partial void LogPutOff(ILogger log, ShardKey shard, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is overdue of {Item} could not be settled; it is tried again at the next tick, and the others go on")]
    private static partial void LogPassedBy(ILogger log, ItemKey item, Exception e);
}
