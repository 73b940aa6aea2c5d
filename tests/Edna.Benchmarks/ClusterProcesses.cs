using Edna.Compliance.Search.Elasticsearch;
using Edna.Harness;

namespace Edna.Benchmarks;

/// <summary>Silos and gateways in processes of their own, with tables of their own in DynamoDB Local and a search server that is a fake.</summary>
internal sealed class ClusterProcesses : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string?> _settings;
    private readonly FakeElasticsearch _search;
    private readonly List<ChildProcess> _silos = [];

    private ClusterProcesses(Dictionary<string, string?> settings, FakeElasticsearch search) => (_settings, _search) = (settings, search);

    /// <summary>The one that requests go to.</summary>
    public Server Gateway { get; private set; } = null!;

    public IReadOnlyList<ChildProcess> Silos => _silos;

    /// <summary>CPU of all processes so far.</summary>
    public TimeSpan CpuTime => _silos.Where(silo => !silo.HasExited).Aggregate(Gateway.CpuTime, (sum, silo) => sum + Server.CpuTimeOf(silo));

    /// <summary>Starts a cluster.</summary>
    /// <param name="dynamo">Where tables are made.</param>
    /// <param name="ceph">Where the bucket is.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="silos">Silos in processes of their own, with a gateway as their client; 0 for a gateway with a silo in its process.</param>
    public static async Task<ClusterProcesses> StartAsync(DynamoServer dynamo, CephServer ceph, string bucket, int silos)
    {
        var search = await FakeElasticsearch.StartAsync();
        var own = $"b{Guid.NewGuid():n}";
        var cluster = new ClusterProcesses(new(ceph.Settings(bucket))
        {
            ["Edna__State__Provider"] = "DynamoDb", ["Edna__Cluster__Provider"] = "DynamoDb", ["Edna__Cluster__AdvertisedIp"] = "127.0.0.1",
            ["Edna__DynamoDb__Endpoint"] = dynamo.Endpoint.AbsoluteUri, ["Edna__DynamoDb__AccessKeyId"] = "bench", ["Edna__DynamoDb__SecretAccessKey"] = "benchsecret",
            ["Edna__DynamoDb__ItemTable"] = $"{own}.items", ["Edna__DynamoDb__SiloTable"] = $"{own}.silos",
            ["Edna__DynamoDb__GrainStateTable"] = $"{own}.state", ["Edna__DynamoDb__ReminderTable"] = $"{own}.reminders",
            // DynamoDB Local of this age takes no more.
            ["Edna__DynamoDb__TransactionActions"] = "10",
            ["Edna__Search__Provider"] = "Elasticsearch", ["Edna__Search__Elasticsearch__Address"] = search.Address.AbsoluteUri,
            ["EDNA_CALLBACK_KEY"] = "edna_fedcba9876543210fedcba9876",
        }, search);
        try
        {
            await using (var init = await ChildProcess.StartAsync(["dotnet", Programs.Silo, "init-tables", "--no-recovery"], cluster._settings, cluster._folder.Path, default))
                if (await init.WaitAsync(default) != 0) throw new InvalidOperationException(init.Log);
            for (var i = 0; i < silos; i++)
            {
                var settings = new Dictionary<string, string?>(cluster._settings) { ["EDNA_DATA"] = cluster._folder.At($"silo-{i}") };
                cluster._silos.Add(await ChildProcess.StartAsync(["dotnet", Programs.Silo], settings, cluster._folder.Path, default));
            }
            cluster.Gateway = await Server.StartEdnaAsync(cluster._folder, new Dictionary<string, string?>(cluster._settings) { ["Edna__Silo__CoHosted"] = silos == 0 ? "true" : "false" });
            foreach (var silo in cluster._silos)
                while (!silo.Log.Contains("Application started.", StringComparison.Ordinal))
                {
                    if (silo.HasExited) throw new InvalidOperationException($"A silo ended instead of starting:\n{silo.Log}");
                    await Task.Delay(50);
                }
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null) await Gateway.DisposeAsync();
        foreach (var silo in _silos) await silo.DisposeAsync();
        await _search.DisposeAsync();
        _folder.Dispose();
    }
}
