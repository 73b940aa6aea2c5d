using Edna.Hosting;
using Edna.Idempotency;
using Edna.Items;
using Edna.Jobs;
using Edna.Json;
using Edna.Keys;
using Edna.Objects;
using Edna.Results;
using Edna.Webhooks;
using Microsoft.Extensions.Options;

namespace Edna.Datasets;

/// <inheritdoc cref="IDatasetGrain"/>
public sealed class DatasetGrain(
    [PersistentState("dataset")] IPersistentState<DatasetState> state,
    IObjectStore store, IItemTable table, DatasetCache cache, IOptions<DatasetOptions> options, TimeProvider time)
    : Grain, IDatasetGrain
{
    private DatasetKey key;

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        key = DatasetKey.Parse(this.GetPrimaryKeyString());
        // A crash may have come between the decision to purge and the job's start. Not waited for: the job may be asking this grain.
        if (state.RecordExists && state.State.PurgeJob is not null) ResumePurgeAsync().Ignore();
        // Made before prefixes were bound, or anew from the bucket.
        if (state.RecordExists && state.State.Storage is { } storage) Bucket(storage).BindAsync(storage.Prefix, key).Ignore();
        return Task.CompletedTask;
    }

    private IBucketGrain Bucket(DatasetStorage storage) => GrainFactory.GetGrain<IBucketGrain>(storage.Bucket);

    private IDatasetDirectoryGrain Directory => GrainFactory.GetGrain<IDatasetDirectoryGrain>(key.Tenant);

    /// <inheritdoc />
    public async Task<Result<Dataset>> CreateAsync(CreateDataset request, string by, string? idempotencyKey)
    {
        if (state.RecordExists && state.State.PurgeJob is { } job) return DatasetErrors.BeingPurged(key.Dataset, job);
        if (state.RecordExists)
            return idempotencyKey is not null && state.State.CreationKey == idempotencyKey && time.GetUtcNow() - state.State.CreatedAt < IIdempotencyGrain.Life
                ? View()
                : DatasetErrors.Exists(key.Dataset);
        if (DatasetRules.Check(request, options.Value, store.Bucket).ToProblem() is { } invalid) return invalid;

        if (request.Storage is { } storage && !await BindAsync(storage)) return DatasetErrors.StorageTaken(storage.Bucket, storage.Prefix);
        // The name is noted first: a crash in between leaves a name without a dataset, which listings skip, never the reverse.
        if ((await Directory.AddAsync(key.Dataset)).Problem is { } full) return full;
        await WriteAsync(new DatasetState
        {
            Description = request.Description, LabelSchema = request.LabelSchema, Splits = request.Splits, Storage = request.Storage,
            TrashRetentionDays = request.TrashRetentionDays, CreatedAt = time.GetUtcNow(), CreatedBy = by, CreationKey = idempotencyKey, Revision = 1,
        });
        return View();
    }

    /// <inheritdoc />
    public Task<Result<Dataset>> GetAsync() => Task.FromResult<Result<Dataset>>(
        !state.RecordExists ? DatasetErrors.NotFound(key.Dataset)
        : state.State.PurgeJob is { } job ? DatasetErrors.BeingPurged(key.Dataset, job)
        : View());

    /// <inheritdoc />
    public async Task<Result<Dataset>> PatchAsync(JsonText mergePatch, long? ifMatch, string by)
    {
        if (Refusal(ifMatch) is { } refusal) return refusal;
        var errors = new FieldErrors();
        var next = DatasetPatch.Apply(state.State, mergePatch, errors);
        if (errors.ToProblem() is { } invalid) return invalid;
        next.Revision++;
        await WriteAsync(next);
        return View();
    }

    /// <inheritdoc />
    public async Task<Result<Done>> DeleteAsync(long? ifMatch)
    {
        if (Refusal(ifMatch) is { } refusal) return refusal;
        if (await table.AnyAsync(key, CancellationToken.None)) return DatasetErrors.NotEmpty(key.Dataset);

        // Who has just been told that the dataset is there may still add to it, and nobody is told anew while this call is under way:
        // look again when no cache believes in it any more.
        cache.Forget(key);
        await Task.Delay(DatasetCache.Life, time);
        if (await table.AnyAsync(key, CancellationToken.None)) return DatasetErrors.NotEmpty(key.Dataset);
        await table.RemoveDatasetAsync(key, time.GetUtcNow(), CancellationToken.None);
        await RemoveAsync();
        return Done.Instance;
    }

    /// <inheritdoc />
    public async Task<Result<string>> PurgeAsync(long? ifMatch, string by)
    {
        if (state.RecordExists && state.State.PurgeJob is not null) return (await StartPurgeAsync(by)).Id;
        if (Refusal(ifMatch) is { } refusal) return refusal;
        var next = state.State.Clone();
        next.PurgeJob = $"purge-{key.Dataset}-{Guid.NewGuid():n}";
        next.Revision++;
        await WriteAsync(next);
        return (await StartPurgeAsync(by)).Id;
    }

    /// <inheritdoc />
    public Task<DatasetPurge?> GetPurgeAsync(string job) =>
        Task.FromResult(IsPurgedBy(job) ? new DatasetPurge { Storage = state.State.Storage } : null);

    /// <inheritdoc />
    public Task PurgedAsync(string job) => IsPurgedBy(job) ? RemoveAsync() : Task.CompletedTask;

    /// <inheritdoc />
    public async Task<Result<Done>> RestoreAsync()
    {
        if (await DatasetDocument.ReadAsync(store, key, CancellationToken.None) is not { } found) return DatasetErrors.NotFound(key.Dataset);
        if ((await Directory.AddAsync(key.Dataset)).Problem is { } full) return full;
        if (state.RecordExists && state.State.Revision >= found.Revision) return Done.Instance;
        if (found.Storage is { } storage) await Bucket(storage).BindAsync(storage.Prefix, key);
        await state.WriteAsync(found, DeactivateOnIdle);
        cache.Forget(key);
        if (found.PurgeJob is not null) await StartPurgeAsync("edna");
        return Done.Instance;
    }

    private Dataset View() => state.State.ToDataset(key.Dataset, options.Value);

    private bool IsPurgedBy(string job) => state.RecordExists && state.State.PurgeJob == job;

    private IJobGrain PurgeJob => GrainFactory.GetGrain<IJobGrain>($"{key.Tenant}/{state.State.PurgeJob}");

    private Task<Job> StartPurgeAsync(string by) => PurgeJob.StartPurgeAsync(key.Dataset, by);

    /// <summary>Starts a job that never was. One that has failed is left so until somebody asks for the purge again.</summary>
    private async Task ResumePurgeAsync()
    {
        if ((await PurgeJob.GetAsync()).Problem is not null) await StartPurgeAsync("edna");
    }

    private Problem? Refusal(long? ifMatch)
    {
        if (!state.RecordExists) return DatasetErrors.NotFound(key.Dataset);
        if (state.State.PurgeJob is { } job) return DatasetErrors.BeingPurged(key.Dataset, job);
        return ifMatch is { } revision && revision != state.State.Revision ? RequestErrors.Stale(state.State.Revision) : null;
    }

    /// <summary>Bucket first: it is the truth, the grain's own state a copy. A failed write leaves the grain to be loaded anew.</summary>
    private async Task WriteAsync(DatasetState next)
    {
        await DatasetDocument.WriteAsync(store, key, next, CancellationToken.None);
        try
        {
            await state.WriteAsync(next, DeactivateOnIdle);
        }
        finally
        {
            cache.Forget(key);
        }
    }

    /// <summary>
    /// Binds the prefix before there is a dataset; false when another dataset has it. A crash in between leaves a prefix bound to no
    /// dataset: whoever wants it then frees it. The other is not named, it may be of another tenant.
    /// </summary>
    private async Task<bool> BindAsync(DatasetStorage storage)
    {
        while (await Bucket(storage).BindAsync(storage.Prefix, key) is { } other)
        {
            if ((await GrainFactory.GetGrain<IDatasetGrain>(other.ToString()).GetAsync()).Problem?.Code != DatasetErrors.NotFound("").Code) return false;
            await Bucket(storage).UnbindAsync(other);
        }
        return true;
    }

    private async Task RemoveAsync()
    {
        await GrainFactory.GetGrain<IWebhookDirectoryGrain>(key.ToString()).RemoveAllAsync();
        if (state.State.Storage is { } storage) await Bucket(storage).UnbindAsync(key);
        await DatasetDocument.RemoveAsync(store, key, state.State.Storage, CancellationToken.None);
        await state.ClearStateAsync();
        cache.Forget(key);
        await Directory.RemoveAsync(key.Dataset);
        DeactivateOnIdle();
    }
}
