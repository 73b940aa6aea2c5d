using Edna.Events;
using Edna.Items;
using Edna.Objects;
using Edna.Results;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Edna.Datasets;

/// <inheritdoc cref="IBucketSweepGrain"/>
/// <remarks>Its reminder is never taken back: the operator names the buckets there can be, and one that nothing is bound to any more costs nothing.</remarks>
public sealed partial class BucketSweepGrain(
    IObjectStore store, IItemTable table, DatasetCache datasets, EventRouter router, IOptions<UploadOptions> options, TimeProvider time,
    ILogger<BucketSweepGrain> log) : Grain, IBucketSweepGrain, IRemindable
{
    private const string Look = "orphans";
    private const int MostALook = 1_000;

    private string bucket = "";
    private bool armed;
    private IGrainTimer? looking;

    private bool IsOwn => bucket == store.Bucket;

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        bucket = this.GetPrimaryKeyString();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task ArmAsync()
    {
        if (armed) return;
        await this.RegisterOrUpdateReminder(Look, options.Value.SweepInterval, options.Value.OrphanInterval);
        armed = true;
    }

    /// <inheritdoc />
    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        // Not within this call: a listing may be longer than anybody waits for an answer, and whoever binds a prefix arms this grain.
        looking ??= this.RegisterGrainTimer(LookAsync, new() { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, Interleave = true, KeepAlive = true });
        looking.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    /// <summary>Under what EDNA opens uploads here: never the whole of a bucket that others use too.</summary>
    private async Task<IReadOnlyList<string>> PrefixesAsync() => IsOwn
        ? [store.Prefix]
        : [.. (await GrainFactory.GetGrain<IBucketGrain>(bucket).ListAsync()).Select(b => $"{b.Prefix}items/")];

    private async Task LookAsync(CancellationToken ct)
    {
        var aborted = 0;
        try
        {
            foreach (var prefix in await PrefixesAsync())
            {
                await foreach (var open in store.ListMultipartsAsync(IsOwn ? null : bucket, prefix, ct))
                {
                    if (!await TryAbortAsync(open, ct) || ++aborted < MostALook) continue;
                    looking?.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
                    return;
                }
            }
        }
        catch (Exception e) when (Unavailable.Of(e) is not null && !ct.IsCancellationRequested)
        {
            LogPutOff(log, bucket, e);
        }
    }

    /// <summary>Aborts an upload if it is an orphan. What the store refuses is this upload's own fault, and keeps no other waiting.</summary>
    private async Task<bool> TryAbortAsync(OpenMultipart open, CancellationToken ct)
    {
        try
        {
            if (!await IsOrphanAsync(open, ct)) return false;
            await store.AbortMultipartAsync(new(IsOwn ? null : bucket, open.Key), open.UploadId, ct);
            LogAborted(log, open.UploadId, open.Key);
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is UnavailableException { Refusal: not null } or not (OperationCanceledException or UnavailableException or TimeoutException))
        {
            LogPassedBy(log, open.UploadId, open.Key, e);
            return false;
        }
    }

    /// <summary>Whether an upload is one that EDNA opened for an item of a dataset that is there, and that the item does not name.</summary>
    private async Task<bool> IsOrphanAsync(OpenMultipart open, CancellationToken ct)
    {
        if (!SweepDecisions.IsOld(open, options.Value.Limits, time.GetUtcNow())) return false;
        if (await router.FindAsync(bucket, open.Key) is not { } item) return false;
        // A dataset that is being removed is its job's alone.
        if (!(await datasets.GetAsync(item.Dataset)).TryGet(out var dataset, out _)) return false;
        var keys = new ObjectKeys(store.Prefix, item.Dataset, dataset.Storage);
        if ((keys.Bucket ?? store.Bucket) != bucket || !open.Key.StartsWith(keys.ItemPrefixes(item.ItemId).First(), StringComparison.Ordinal)) return false;
        var row = await table.ReadAsync(item, ct);
        return SweepDecisions.IsOrphan(open, row is null ? null : ItemJson.Read(row.Body), options.Value.Limits, time.GetUtcNow());
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The multipart upload {Upload} of '{Key}' belonged to no item; it is aborted")]
    private static partial void LogAborted(ILogger log, string upload, string key);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The multipart upload {Upload} of '{Key}' belongs to no item and could not be aborted; the others go on")]
    private static partial void LogPassedBy(ILogger log, string upload, string key, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Multipart uploads of bucket '{Bucket}' that belong to no item could not be looked for; they are the next time")]
    private static partial void LogPutOff(ILogger log, string bucket, Exception e);
}

/// <summary>On start, has the service's own bucket looked at: what a killed process left open there, nobody else knows of.</summary>
public sealed class BucketSweepOnStart(IGrainFactory grains, IObjectStore store) : IStartupTask
{
    /// <inheritdoc />
    public Task Execute(CancellationToken cancellationToken) => grains.GetGrain<IBucketSweepGrain>(store.Bucket).ArmAsync();
}
