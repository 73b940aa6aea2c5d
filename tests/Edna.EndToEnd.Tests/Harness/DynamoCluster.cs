using Edna.Compliance.Search.Elasticsearch;
using Xunit;

namespace Edna.Harness;

/// <summary>
/// What silos and gateways of one cluster share: tables of a test's own in DynamoDB, a bucket on Ceph RGW, and a search server, which is a fake.
/// </summary>
internal sealed class DynamoCluster : IAsyncDisposable
{
    private readonly CephBucket _bucket;
    private readonly TempFolder _folder = new();

    private DynamoCluster(CephBucket bucket, FakeElasticsearch search, Dictionary<string, string?> settings) => (_bucket, Search, Settings) = (bucket, search, settings);

    public FakeElasticsearch Search { get; }

    /// <summary>Environment variables for every process of the cluster.</summary>
    public Dictionary<string, string?> Settings { get; }

    /// <summary>The address of DynamoDB. Skips the test when there is none.</summary>
    public static Uri Server()
    {
        var endpoint = Environment.GetEnvironmentVariable("EDNA_TEST_DYNAMO_ENDPOINT");
        if (string.IsNullOrEmpty(endpoint)) Assert.Skip("EDNA_TEST_DYNAMO_ENDPOINT is not set: there is no DynamoDB to test against. ./test.sh starts one.");
        return new(endpoint);
    }

    /// <summary>Makes tables and bucket. Skips the test when a server is missing.</summary>
    /// <param name="dynamo">Where the cluster reaches DynamoDB; null for where it is.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<DynamoCluster> CreateAsync(Uri? dynamo, CancellationToken ct)
    {
        var endpoint = dynamo ?? Server();
        var bucket = await CephBucket.CreateAsync(ct);
        var search = await FakeElasticsearch.StartAsync();
        var own = $"t{Guid.NewGuid():n}";
        var cluster = new DynamoCluster(bucket, search, new(bucket.Settings())
        {
            ["Edna__State__Provider"] = "DynamoDb", ["Edna__Cluster__Provider"] = "DynamoDb", ["Edna__Cluster__AdvertisedIp"] = "127.0.0.1",
            ["Edna__DynamoDb__Endpoint"] = endpoint.AbsoluteUri, ["Edna__DynamoDb__AccessKeyId"] = "ednatest", ["Edna__DynamoDb__SecretAccessKey"] = "ednatestsecret",
            ["Edna__DynamoDb__ItemTable"] = $"{own}.items", ["Edna__DynamoDb__SiloTable"] = $"{own}.silos",
            ["Edna__DynamoDb__GrainStateTable"] = $"{own}.state", ["Edna__DynamoDb__ReminderTable"] = $"{own}.reminders",
            // DynamoDB Local of this age takes no more.
            ["Edna__DynamoDb__TransactionActions"] = "10",
            ["Edna__Search__Provider"] = "Elasticsearch", ["Edna__Search__Elasticsearch__Address"] = search.Address.AbsoluteUri,
            ["EDNA_ADMIN_KEY"] = "edna_0123456789abcdef0123456789", ["EDNA_CALLBACK_KEY"] = "edna_fedcba9876543210fedcba9876",
        });
        var (code, log) = await cluster.AdministerAsync("init-tables --no-recovery", ct);
        Assert.True(code == 0, log);
        return cluster;
    }

    /// <summary>Runs a command of the silo's program to its end; its exit code, and what it said.</summary>
    public Task<(int Code, string Output)> AdministerAsync(string command, CancellationToken ct) =>
        Shell.RunAsync($"dotnet '{Programs.Silo}' {command}", _folder.Path, new Dictionary<string, string?>(Settings) { ["EDNA_DATA"] = _folder.At("admin") }, ct);

    /// <summary>Starts a silo without a gateway, and waits until it has joined.</summary>
    public Task<SiloProcess> StartSiloAsync(CancellationToken ct) => SiloProcess.StartAsync(Settings, _folder.At($"silo-{Guid.NewGuid():n}"), ct);

    /// <summary>
    /// Starts a gateway without a silo, and waits until it is ready. When it is told to stop it goes on for two seconds, in which a balancer that asks for its health sends to others: what
    /// is sent over a connection that is being closed is lost.
    /// </summary>
    public Task<EdnaProcess> StartGatewayAsync(CancellationToken ct) =>
        EdnaProcess.StartAsync(new Dictionary<string, string?>(Settings) { ["Edna__Silo__CoHosted"] = "false", ["Edna__Shutdown__Drain"] = "00:00:02" }, _folder.At($"gateway-{Guid.NewGuid():n}"), ct: ct);

    public async ValueTask DisposeAsync()
    {
        await Search.DisposeAsync();
        await _bucket.DisposeAsync();
        _folder.Dispose();
    }
}
