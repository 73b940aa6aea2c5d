using System.Diagnostics;
using System.Globalization;
using Edna.Client;
using Edna.Harness;
using Edna.Objects;
using Edna.Storage.S3;

namespace Edna.Benchmarks;

/// <summary>
/// <c>import</c>: how many objects a second are registered in place from a Ceph RGW listing, without details, and the most that the
/// server holds in memory meanwhile; beside a plain listing of the same keys by EDNA's own adapter. The number of objects may be given.
/// </summary>
internal static class ImportBenchmark
{
    private const int Objects = 200_000;
    private const int Writers = 32;
    private const string Dataset = "lake";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static async Task<int> RunAsync(string[] args)
    {
        var objects = args is [var number, ..] ? int.Parse(number, CultureInfo.InvariantCulture) : Objects;
        using var folder = new TempFolder();
        await using var ceph = await CephServer.StartAsync();
        var (own, ownBucket) = await ceph.NewBucketAsync();
        own.Dispose();
        var (store, bucket) = await ceph.NewBucketAsync();
        using var lake = store;
        await FillAsync(lake, objects);

        var settings = ceph.Settings(ownBucket);
        settings["Edna__Datasets__AllowedBuckets__0"] = bucket;
        await using var edna = await Server.StartEdnaAsync(folder, settings);
        using var client = new EdnaClient(edna.Address, Server.Key);
        await client.CreateDatasetAsync(new CreateDataset { Name = Dataset, Storage = new DatasetStorage(bucket) });

        var before = await ListAsync(lake, objects);
        var cpu = edna.CpuTime;
        var (seconds, resident, result) = await ImportAsync(client, edna);
        var cpuMicroseconds = (edna.CpuTime - cpu).TotalMicroseconds / objects;
        if (result.Registered != objects) throw new InvalidOperationException($"{result.Registered} of {objects} objects were registered.");
        var (again, residentThen, second) = await ImportAsync(client, edna);
        if (second.Unchanged != objects) throw new InvalidOperationException($"{second.Unchanged} of {objects} objects were unchanged.");
        var listed = (before + await ListAsync(lake, objects)) / 2;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"import ops={objects / seconds:F0} listing={listed:F0} ratio={objects / seconds / listed:F2} rssmb={Math.Max(resident, residentThen) >> 20} cpuus={cpuMicroseconds:F0} again={objects / again:F0} objects={objects}"));
        return 0;
    }

    /// <summary>Writes the objects as fast as the server takes them: empty, for only their names are listed.</summary>
    private static async Task FillAsync(S3ObjectStore store, int objects)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Writers, ActivityHeadersPropagator = null });
        var started = Stopwatch.GetTimestamp();
        var expires = DateTimeOffset.UtcNow.AddHours(1);
        await Parallel.ForAsync(0, objects, new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (i, ct) =>
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"camera-{i / 10_000:d2}/{i:d6}.jpg");
            var signed = store.PresignPut(new ObjectLocation(null, key), new ObjectPut { Size = 0, ContentType = "image/jpeg" }, expires);
            using var put = new HttpRequestMessage(HttpMethod.Put, signed.Url) { Content = new ByteArrayContent([]) };
            foreach (var (name, value) in signed.Headers)
                if (!put.Headers.TryAddWithoutValidation(name, value)) put.Content.Headers.TryAddWithoutValidation(name, value);
            using var answer = await http.SendAsync(put, ct);
            answer.EnsureSuccessStatusCode();
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{objects} objects written in {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s"));
    }

    /// <summary>Objects listed a second, with nothing done about them.</summary>
    private static async Task<double> ListAsync(S3ObjectStore store, int objects)
    {
        var started = Stopwatch.GetTimestamp();
        var listed = await store.ListAsync(null, "camera-", null, CancellationToken.None).CountAsync();
        if (listed != objects) throw new InvalidOperationException($"{listed} of {objects} objects were listed.");
        return objects / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Imports everything; how long it took by the server's own word, and the most memory that was seen.</summary>
    private static async Task<(double Seconds, long Resident, ImportResult Result)> ImportAsync(EdnaClient client, Server edna)
    {
        var job = await client.ImportAsync(Dataset, new CreateImport());
        var resident = 0L;
        while (job.Status == JobStatuses.Running)
        {
            await Task.Delay(Look);
            resident = Math.Max(resident, edna.ResidentBytes);
            job = await client.GetJobAsync(job.Id);
        }
        if (job.Status != JobStatuses.Succeeded) throw new InvalidOperationException($"The import {job.Status}: {string.Join('\n', job.Errors)}");
        return ((job.EndedAt!.Value - job.CreatedAt).TotalSeconds, resident, job.ToImportResult());
    }
}
