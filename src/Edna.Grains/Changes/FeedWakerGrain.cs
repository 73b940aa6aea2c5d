using Edna.Items;
using Edna.Results;
using Microsoft.Extensions.Logging;

namespace Edna.Changes;

/// <inheritdoc cref="IFeedWakerGrain"/>
/// <remarks>Nothing of its own is lost with it: where there is something to do, the table says. Its reminder is never taken back.</remarks>
public sealed partial class FeedWakerGrain(IItemTable table, ILogger<FeedWakerGrain> log) : Grain, IFeedWakerGrain, IRemindable
{
    private const string Look = "wake";
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private bool armed;
    private bool again;
    private IGrainTimer? looking;

    /// <inheritdoc />
    public async Task ArmAsync()
    {
        if (armed) return;
        await this.RegisterOrUpdateReminder(Look, Period, Period);
        armed = true;
    }

    /// <inheritdoc />
    public Task WakeAsync()
    {
        again = true;
        // Not within this call: there may be more shards than anybody waits for an answer.
        looking ??= this.RegisterGrainTimer(LookAsync, new() { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, Interleave = true, KeepAlive = true });
        looking.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task ReceiveReminder(string reminderName, TickStatus status) => WakeAsync();

    private async Task LookAsync(CancellationToken ct)
    {
        try
        {
            while (again)
            {
                again = false;
                // Whether the index has taken a shard's rows in says nothing of what is to be watched: the indexer may have been quicker.
                var shards = (await table.ListWatchedShardsAsync(ct)).Union(await table.ListDirtyShardsAsync(ct)).ToList();
                foreach (var shard in shards) await GrainFactory.GetGrain<IChangeFeedGrain>(shard.ToString()).NoticeAsync();
                LogWoken(log, shards.Count);
            }
        }
        catch (Exception e) when (Unavailable.Of(e) is not null && !ct.IsCancellationRequested)
        {
            LogPutOff(log, e);
            again = true;
            looking!.Change(Pause, Timeout.InfiniteTimeSpan);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The feeds of {Count} shards were told to look")]
    private static partial void LogWoken(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Feeds that may have missed a write could not be woken, for the table does not answer; they are in a minute")]
    private static partial void LogPutOff(ILogger log, Exception e);
}
