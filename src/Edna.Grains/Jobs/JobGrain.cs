using Edna.Datasets;
using Edna.Hosting;
using Edna.Imports;
using Edna.Keys;
using Edna.Objects;
using Edna.Results;
using Microsoft.Extensions.Logging;

namespace Edna.Jobs;

/// <inheritdoc cref="IJobGrain"/>
/// <remarks>A timer drives the steps of its <see cref="IJobWork"/>; a reminder takes the job up again after a crash. See <c>JobGrain.Steps.cs</c>.</remarks>
public sealed partial class JobGrain(
    [PersistentState("job")] IPersistentState<JobState> state, JobWorks works, DatasetCache datasets, IObjectStore store,
    ILogger<JobGrain> log, TimeProvider time) : Grain, IJobGrain, IRemindable
{
    private Task? starting;
    private JobState kept = new();
    private string tenant = "";
    private string id = "";

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (tenant, id) = DatasetKey.Parse(this.GetPrimaryKeyString()) is var key ? (key.Tenant, key.Dataset) : default;
        kept = state.State;
        if (IsRunning) GoOn(TimeSpan.Zero);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        cancelling?.TrySetException(new UnavailableException("The job"));
        await CloseAsync();
    }

    private bool IsRunning => state.RecordExists && state.State.Status == JobStatus.Running;

    /// <inheritdoc />
    public async Task<Job> StartPurgeAsync(string dataset, string by)
    {
        if (!state.RecordExists || state.State.Status == JobStatus.Failed)
        {
            if (starting is null or { IsCompleted: true })
                starting = BeginAsync(new() { Kind = JobWorks.Purge, Dataset = dataset, CreatedBy = by, Counts = new() { ["items"] = 0, ["kept"] = 0 } });
            await starting;
        }
        return kept.ToJob(id);
    }

    /// <inheritdoc />
    public async Task<Job> StartReindexAsync(string by)
    {
        if (!state.RecordExists)
        {
            if (starting is null or { IsCompleted: true }) starting = BeginAsync(new() { Kind = JobWorks.Reindex, CreatedBy = by, Counts = new() { ["items"] = 0, ["refused"] = 0, ["sampled"] = 0 } });
            await starting;
        }
        return kept.ToJob(id);
    }

    /// <inheritdoc />
    public async Task<Result<Job>> StartImportAsync(string dataset, CreateImport request, string by)
    {
        if (state.RecordExists) return kept.ToJob(id);
        var key = new DatasetKey(tenant, dataset);
        if (!(await datasets.GetAsync(key)).TryGet(out var found, out var problem)) return problem;
        if (ImportRules.FaultsOf(request) is { } invalid) return invalid;
        var root = new ObjectKeys(store.Prefix, key, found.Storage).Root;
        await BeginAsync(new()
        {
            Kind = JobWorks.Import, Dataset = dataset, CreatedBy = by, Prefix = ImportRules.KeyPrefix(root, request.Prefix),
            Details = request.Details ?? false, Counts = new() { ["registered"] = 0, ["unchanged"] = 0, ["updated"] = 0 }, Skipped = [],
        });
        return kept.ToJob(id);
    }

    /// <inheritdoc />
    public Task<Result<Job>> GetAsync() =>
        Task.FromResult<Result<Job>>(state.RecordExists ? kept.ToJob(id) : JobErrors.NotFound(id));

    /// <inheritdoc />
    public async Task<Result<Job>> CancelAsync()
    {
        if (!state.RecordExists) return JobErrors.NotFound(id);
        if (!IsRunning || !JobWorks.CanStop(state.State)) return JobErrors.NotCancellable(id);
        cancelling ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        GoOn(TimeSpan.Zero);
        await cancelling.Task;
        return kept.ToJob(id);
    }

    /// <inheritdoc />
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (IsRunning) GoOn(TimeSpan.Zero);
        else if (await this.GetReminder(Reminder) is { } reminder) await this.UnregisterReminder(reminder);
    }

    /// <summary>The reminder comes first: a crash in between leaves one that finds nothing to do, never a job that nobody takes up.</summary>
    private async Task BeginAsync(JobState first)
    {
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        first.CreatedAt = time.GetUtcNow();
        await KeepAsync(first);
        GoOn(TimeSpan.Zero);
    }

    /// <summary>Writes the state; what is durable is what is shown.</summary>
    private async Task KeepAsync(JobState next)
    {
        await state.WriteAsync(next, DeactivateOnIdle);
        kept = next;
    }
}
