using Edna.Items;
using Edna.Keys;
using Edna.Results;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Edna.Changes;

/// <inheritdoc cref="IChangeRetentionGrain"/>
/// <remarks>
/// One dataset after the other, in short writes with pauses: forgetting is never urgent, and a writer of items waits for one of them at most.
/// Nothing of its own is lost with it: what there is to forget, the table says. Its reminder is never taken back.
/// </remarks>
public sealed partial class ChangeRetentionGrain(
    IItemTable table, IOptions<ChangeRetentionOptions> options, TimeProvider time, ILogger<ChangeRetentionGrain> log) : Grain, IChangeRetentionGrain, IRemindable
{
    private const string Look = "trim";
    private const int Batch = 1_000;
    private static readonly TimeSpan FirstLook = TimeSpan.FromMinutes(1);

    private bool armed;
    private IGrainTimer? looking;

    /// <inheritdoc />
    public async Task ArmAsync()
    {
        if (armed) return;
        await this.RegisterOrUpdateReminder(Look, FirstLook, ChangeRetention.PauseOf(options.Value.Retention));
        armed = true;
    }

    /// <inheritdoc />
    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        // Not within this call: the first time there may be more to forget than anybody waits for an answer.
        looking ??= this.RegisterGrainTimer(LookAsync, new() { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, Interleave = true, KeepAlive = true });
        looking.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    private async Task LookAsync(CancellationToken ct)
    {
        var before = time.GetUtcNow() - options.Value.Retention;
        try
        {
            foreach (var dataset in await table.ListToTrimAsync(before, ct)) await TrimAsync(dataset, before, ct);
        }
        catch (Exception e) when (Unavailable.Of(e) is not null && !ct.IsCancellationRequested)
        {
            LogPutOff(log, e);
        }
    }

    private async Task TrimAsync(DatasetKey dataset, DateTimeOffset before, CancellationToken ct)
    {
        var (gone, last) = (0L, 0);
        do
        {
            var began = time.GetTimestamp();
            gone += last = await table.TrimChangesAsync(dataset, before, Batch, ct);
            // As long as this had the table, others have it now.
            if (last == Batch) await Task.Delay(time.GetElapsedTime(began), time, ct);
        }
        while (last == Batch);
        LogTrimmed(log, gone, dataset, before);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} changes of {Dataset} from before {Before} are kept no more")]
    private static partial void LogTrimmed(ILogger log, long count, DatasetKey dataset, DateTimeOffset before);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old changes could not be forgotten, for the table does not answer; they are the next time")]
    private static partial void LogPutOff(ILogger log, Exception e);
}

/// <summary>On start, has old changes looked for.</summary>
public sealed class ChangeRetentionOnStart(IGrainFactory grains) : IStartupTask
{
    /// <inheritdoc />
    public Task Execute(CancellationToken cancellationToken) => grains.GetGrain<IChangeRetentionGrain>(0).ArmAsync();
}
