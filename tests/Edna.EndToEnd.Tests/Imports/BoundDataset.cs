using Edna.Client;
using Edna.Harness;

namespace Edna.Imports;

/// <summary>A gateway on Ceph, and a dataset bound to a prefix of a bucket that was there before it.</summary>
internal sealed class BoundDataset : IAsyncDisposable
{
    public const string Name = "lake";
    public const string Root = "raw/2026/";

    private BoundDataset(CephBucket own, CephBucket lake, EdnaProcess edna, IReadOnlyDictionary<string, string?> settings) =>
        (Own, Lake, Edna, Client, Settings) = (own, lake, edna, edna.NewClient(), settings);

    /// <summary>The service's own bucket.</summary>
    public CephBucket Own { get; }

    /// <summary>The bucket that was there before.</summary>
    public CephBucket Lake { get; }

    public EdnaProcess Edna { get; }

    public EdnaClient Client { get; }

    /// <summary>The settings that have a command use the same buckets.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; }

    public static async Task<BoundDataset> StartAsync(CancellationToken ct)
    {
        var (own, lake) = (await CephBucket.CreateAsync(ct), await CephBucket.CreateAsync(ct));
        var settings = own.Settings();
        settings["Edna__Datasets__AllowedBuckets__0"] = lake.Name;
        var bound = new BoundDataset(own, lake, await EdnaProcess.StartAsync(settings, ct: ct), settings);
        await bound.Client.CreateDatasetAsync(new CreateDataset { Name = Name, Storage = new DatasetStorage(lake.Name, Root) }, ct);
        return bound;
    }

    /// <summary>Imports and waits for the end, which must be a good one.</summary>
    public async Task<ImportResult> ImportAsync(string? prefix, bool details, CancellationToken ct)
    {
        var job = await Client.ImportAsync(Name, new CreateImport { Prefix = prefix, Details = details }, ct);
        job = await Client.WaitForJobAsync(job.Id, ct: ct);
        Xunit.Assert.True(job.Status == JobStatuses.Succeeded, string.Join('\n', job.Errors) + Edna.Log);
        return job.ToImportResult();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Edna.DisposeAsync();
        await Lake.DisposeAsync();
        await Own.DisposeAsync();
    }
}
