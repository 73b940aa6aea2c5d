using Edna.Datasets;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Microsoft.Extensions.Options;

namespace Edna.Rebuild;

/// <summary>Makes item table, index and the settings of datasets anew from the bucket alone. Nobody else writes meanwhile.</summary>
/// <param name="grains">Datasets are restored by their grains.</param>
/// <param name="store">The bucket.</param>
/// <param name="found">Finds the datasets.</param>
/// <param name="dataset">Rebuilds one.</param>
/// <param name="options">How long upload URLs work.</param>
public sealed class BucketRebuild(
    IGrainFactory grains, IObjectStore store, DatasetsInBucket found, DatasetRebuild dataset, IOptions<UploadOptions> options)
{
    /// <summary>Rebuilds what a checkpoint has still to do.</summary>
    /// <param name="checkpoint">How far it is; it is moved on.</param>
    /// <param name="save">Keeps the checkpoint.</param>
    /// <param name="written">Is told of shards whose rows wait for the index.</param>
    /// <param name="dryRun">Whether nothing is written.</param>
    /// <param name="ct">Stops it after what is under way.</param>
    public async Task RunAsync(RebuildCheckpoint checkpoint, Action<RebuildCheckpoint> save, Action<ShardKey> written, bool dryRun, CancellationToken ct)
    {
        var lifetime = options.Value.UrlLifetime + options.Value.Grace;
        var any = false;
        await foreach (var one in FindAsync(checkpoint.Only, ct))
        {
            any = true;
            var name = one.Key.ToString();
            if (checkpoint.Done.Contains(name)) continue;
            if (checkpoint.Dataset != name) checkpoint.Begin(name);
            if (one.Fault is { } fault) checkpoint.Report.Note(fault);
            else await TakeAsync(new(checkpoint, save, written, checkpoint.StartedAt + lifetime, dryRun), one, ct);
            checkpoint.Done.Add(name);
            checkpoint.Dataset = null;
            save(checkpoint);
        }
        if (!any) checkpoint.Report.Note("there is no dataset in the bucket");
    }

    private async Task TakeAsync(RebuildRun run, FoundDataset one, CancellationToken ct)
    {
        if (!run.DryRun && (await grains.GetGrain<IDatasetGrain>(one.Key.ToString()).RestoreAsync()).Problem is { } refusal)
        {
            run.Note($"{one.Key}: {refusal.Detail}");
            return;
        }
        run.Checkpoint.Report.Datasets++;
        // What is being removed is not brought back: the job that removes it goes on.
        if (one.State!.PurgeJob is { } job) run.Note($"{one.Key}: is being removed; its job {job} goes on");
        else await dataset.RunAsync(run, one.Key, new ObjectKeys(store.Prefix, one.Key, one.State.Storage), ct);
    }

    private async IAsyncEnumerable<FoundDataset> FindAsync(string? only, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        if (only is not null) yield return await found.FindAsync(DatasetKey.Parse(only), ct);
        else await foreach (var one in found.ListAsync(ct)) yield return one;
    }
}
