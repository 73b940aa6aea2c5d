using Edna.Datasets;
using Edna.Hosting;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Edna.Results;
using Edna.Search;
using Microsoft.Extensions.Logging;

namespace Edna.Jobs;

/// <inheritdoc cref="IJobGrain"/>
/// <remarks>
/// A step removes one page and then notes how far the job is; a reminder takes it up again after a crash. Every step can be done
/// twice without harm.
/// </remarks>
public sealed partial class JobGrain(
    [PersistentState("job")] IPersistentState<JobState> state, IItemTable table, IObjectStore store, ISearchIndex index,
    ILogger<JobGrain> log, TimeProvider time) : Grain, IJobGrain, IRemindable
{
    private const string Reminder = "go-on";
    private const int Page = 500;
    private const int Together = 32;
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StepPause = TimeSpan.FromMilliseconds(20);
    private IGrainTimer? timer;
    private Task? starting;
    private string tenant = "";
    private string id = "";

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (tenant, id) = DatasetKey.Parse(this.GetPrimaryKeyString()) is var key ? (key.Tenant, key.Dataset) : default;
        if (state.RecordExists && state.State.Status == JobStatus.Running) GoOn();
        return Task.CompletedTask;
    }

    private DatasetKey Dataset => new(tenant, state.State.Dataset);

    /// <inheritdoc />
    public async Task<Job> StartPurgeAsync(string dataset, string by)
    {
        if (!state.RecordExists) await (starting = starting is null or { IsFaulted: true } ? BeginPurgeAsync(dataset, by) : starting);
        return state.State.ToJob(id);
    }

    private async Task BeginPurgeAsync(string dataset, string by)
    {
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        await state.WriteAsync(new() { Kind = "purge", Dataset = dataset, CreatedAt = time.GetUtcNow(), CreatedBy = by }, DeactivateOnIdle);
        GoOn();
    }

    /// <inheritdoc />
    public Task<Result<Job>> GetAsync() =>
        Task.FromResult<Result<Job>>(state.RecordExists ? state.State.ToJob(id) : JobErrors.NotFound(id));

    /// <inheritdoc />
    public Task<Result<Job>> CancelAsync() =>
        Task.FromResult<Result<Job>>(state.RecordExists ? JobErrors.NotCancellable(id) : JobErrors.NotFound(id));

    /// <inheritdoc />
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (state.RecordExists && state.State.Status == JobStatus.Running) GoOn();
        else if (await this.GetReminder(Reminder) is { } reminder) await this.UnregisterReminder(reminder);
    }

    private void GoOn() => timer ??= this.RegisterGrainTimer(StepAsync, new() { DueTime = TimeSpan.Zero, Period = StepPause, KeepAlive = true });

    private async Task StepAsync(CancellationToken ct)
    {
        try
        {
            if (!await PurgePageAsync(ct)) return;
            timer?.Dispose();
            timer = null;
        }
        catch (Exception e)
        {
            // The step is done again when the reminder rings: what it needs may be back by then.
            LogStepFailed(log, id, e);
            timer?.Dispose();
            timer = null;
            DeactivateOnIdle();
        }
    }

    /// <summary>Removes the next page; true when nothing is left.</summary>
    private async Task<bool> PurgePageAsync(CancellationToken ct)
    {
        var job = state.State;
        if (await GrainFactory.GetGrain<IDatasetGrain>(Dataset.ToString()).GetPurgeAsync(id) is not { } purge)
        {
            // It was finished before a crash kept that from being noted. A dataset of the same name may be there again: hands off.
            await EndAsync(ct);
            return true;
        }
        var rows = await table.ScanAsync(Dataset, job.Cursor, Page, ct);
        foreach (var together in rows.Where(r => r.Status != ItemStatus.Purged).Chunk(Together))
            await Task.WhenAll(together.Select(row => GrainFactory.GetGrain<IItemGrain>(row.Key.ToString()).ForgetAsync(job.CreatedBy)));
        job.Done += rows.Count(r => r.Status != ItemStatus.Purged);
        if (rows.Count > 0) job.Cursor = rows[^1].Key.ItemId;
        if (rows.Count == Page)
        {
            await state.WriteStateAsync(ct);
            return false;
        }
        if (await IsAwaitedByIndexAsync(ct)) return false;
        await RemoveAllAsync(purge, ct);
        await EndAsync(ct);
        return true;
    }

    /// <summary>While the index has not taken in that the items are gone, an older document of one may still be on its way there.</summary>
    private async Task<bool> IsAwaitedByIndexAsync(CancellationToken ct)
    {
        for (var shard = 0; shard < ShardKey.Count; shard++)
            if ((await table.ReadDirtyAsync(new(Dataset, shard), 1, ct)).Count > 0) return true;
        return false;
    }

    /// <summary>With no grain left that would write, removes bytes, rows, documents of the index, and the dataset itself.</summary>
    private async Task RemoveAllAsync(DatasetPurge purge, CancellationToken ct)
    {
        var keys = new ObjectKeys(store.Prefix, Dataset, purge.Storage);
        foreach (var prefix in keys.DatasetPrefixes)
        {
            var page = new List<string>(1_000);
            await foreach (var found in store.ListAsync(keys.Bucket, prefix, null, ct))
            {
                page.Add(found.Key);
                if (page.Count < 1_000) continue;
                await store.DeleteAsync(keys.Bucket, page, ct);
                page.Clear();
            }
            if (page.Count > 0) await store.DeleteAsync(keys.Bucket, page, ct);
        }
        await index.RemoveDatasetAsync(Dataset, ct);
        await table.RemoveDatasetAsync(Dataset, time.GetUtcNow(), ct);
        await GrainFactory.GetGrain<IDatasetGrain>(Dataset.ToString()).PurgedAsync(id);
    }

    private async Task EndAsync(CancellationToken ct)
    {
        (state.State.Status, state.State.EndedAt, state.State.Total) = (JobStatus.Succeeded, time.GetUtcNow(), state.State.Done);
        await state.WriteStateAsync(ct);
        if (await this.GetReminder(Reminder, ct) is { } reminder) await this.UnregisterReminder(reminder, ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A step of job {Job} failed; it is tried again within a minute")]
    private static partial void LogStepFailed(ILogger log, string job, Exception e);
}
