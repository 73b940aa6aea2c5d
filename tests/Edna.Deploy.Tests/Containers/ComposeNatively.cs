using Amazon.Runtime;
using Amazon.S3;
using Amazon.SQS;
using Edna.Compliance.Search.Elasticsearch;
using Edna.Harness;
using Xunit;

namespace Edna.Deploy.Tests.Containers;

/// <summary>
/// EDNA's services of docker-compose.yml as processes of this machine: each with its command and its environment, in which only what a network of containers
/// gives is put otherwise: names of hosts, ports, credentials and names of a test's own. Beside them stand Ceph RGW for LocalStack's S3, fauxqs for its SQS, DynamoDB Local for
/// its DynamoDB, and for Elasticsearch a fake.
/// </summary>
internal sealed class ComposeNatively : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly IReadOnlyDictionary<string, ComposeService> _services = ComposeFile.Here.Services;
    private readonly Dictionary<string, ChildProcess> _running = [];
    private readonly Dictionary<string, int> _ports = [];
    private readonly TempFolder _folder = new();
    private readonly string _own = $"c{Guid.NewGuid():n}";
    private readonly FakeElasticsearch _search;
    private readonly AmazonS3Client _s3;

    private ComposeNatively(FakeElasticsearch search) => (_search, _s3) = (search, new(
        new BasicAWSCredentials(Server("EDNA_TEST_S3_KEY"), Server("EDNA_TEST_S3_SECRET")),
        new AmazonS3Config { ServiceURL = Server("EDNA_TEST_S3_ENDPOINT"), ForcePathStyle = true, AuthenticationRegion = "us-east-1" }));

    public string Bucket => _own;

    public Uri Gateway => new($"http://127.0.0.1:{PortOf("gateway", 8080)}/");

    public string AdminKey => _services["gateway"].Environment["EDNA_ADMIN_KEY"];

    /// <summary>The queue that the bucket's events would come by.</summary>
    public string QueueUrl { get; private set; } = "";

    public AmazonSQSClient Sqs { get; } = new(new BasicAWSCredentials("local", "local"), new AmazonSQSConfig { ServiceURL = Server("EDNA_TEST_SQS_ENDPOINT"), AuthenticationRegion = "us-east-1" });

    /// <summary>Does what LocalStack's script does. Skips the test where a server is missing.</summary>
    public static async Task<ComposeNatively> CreateAsync(CancellationToken ct)
    {
        var compose = new ComposeNatively(await FakeElasticsearch.StartAsync());
        await compose._s3.PutBucketAsync(compose.Bucket, ct);
        compose.QueueUrl = (await compose.Sqs.CreateQueueAsync(compose._own, ct)).QueueUrl;
        return compose;
    }

    public static string Server(string variable)
    {
        var value = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(value)) Assert.Skip($"{variable} is not set: a server to test against is missing. ./test.sh starts one.");
        return value;
    }

    /// <summary>Runs a service that ends by itself; its exit code and what it wrote.</summary>
    public async Task<(int Code, string Log)> RunAsync(string service, CancellationToken ct)
    {
        await using var process = await StartProcessAsync(service, _services[service].Command, ct);
        return (await process.WaitAsync(ct), process.Log);
    }

    /// <summary>Starts a service, and waits as the engine would until it is healthy.</summary>
    public async Task StartAsync(string service, CancellationToken ct)
    {
        _running[service] = await StartProcessAsync(service, _services[service].Command, ct);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(StartPatience);
        while (await IsHealthyAsync(service, patience.Token) is { Code: not 0 } unhealthy)
        {
            Assert.False(_running[service].HasExited, $"{service} ended:\n{_running[service].Log}");
            Assert.False(patience.IsCancellationRequested, $"{service} was not healthy in time: {unhealthy.Log}\n{_running[service].Log}");
        }
    }

    /// <summary>The health check of the image, in the service's environment.</summary>
    public async Task<(int Code, string Log)> IsHealthyAsync(string service, CancellationToken ct)
    {
        await using var check = await StartProcessAsync(service, ["health"], ct);
        return (await check.WaitAsync(ct), check.Log);
    }

    /// <summary>SIGTERM; the exit code and what was written.</summary>
    public async Task<(int Code, string Log)> StopAsync(string service, CancellationToken ct)
    {
        await _running[service].SignalAsync("TERM", ct);
        return (await _running[service].WaitAsync(ct), _running[service].Log);
    }

    /// <summary>The port of this machine that stands for a port of a service.</summary>
    public int PortOf(string service, int port)
    {
        if (!_ports.TryGetValue($"{service}:{port}", out var free)) _ports[$"{service}:{port}"] = free = Ports.Free();
        return free;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _running.Values) await process.DisposeAsync();
        foreach (var o in (await _s3.ListObjectsV2Async(new() { BucketName = Bucket })).S3Objects ?? []) await _s3.DeleteObjectAsync(Bucket, o.Key);
        await _s3.DeleteBucketAsync(Bucket);
        if (QueueUrl.Length > 0) await Sqs.DeleteQueueAsync(QueueUrl);
        await _search.DisposeAsync();
        _s3.Dispose();
        Sqs.Dispose();
        _folder.Dispose();
    }

    private Task<ChildProcess> StartProcessAsync(string service, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var folder = _folder.At(service);
        Directory.CreateDirectory(folder);
        return ChildProcess.StartAsync(["dotnet", Programs.Gateway, .. arguments], EnvironmentOf(_services[service], folder), folder, ct);
    }

    private Dictionary<string, string?> EnvironmentOf(ComposeService service, string folder)
    {
        var environment = service.Environment.ToDictionary(pair => pair.Key, pair => (string?)Here(service.Name, pair.Key, pair.Value));
        // What the image sets, and what a container has to itself.
        environment["EDNA_DATA"] = folder;
        environment["Edna__Cluster__AdvertisedIp"] = "127.0.0.1";
        environment["Edna__Cluster__SiloPort"] = $"{PortOf(service.Name, 11111)}";
        environment["Edna__Cluster__GatewayPort"] = $"{PortOf(service.Name, 30000)}";
        foreach (var table in new[] { "ItemTable", "SiloTable", "GrainStateTable", "ReminderTable" }) environment[$"Edna__DynamoDb__{table}"] = $"{_own}.{table}";
        // What the servers here do otherwise than those of the file.
        environment["Edna__DynamoDb__TransactionActions"] = "10";
        environment["Edna__Objects__S3__Compatibility"] = "Ceph";
        environment.Remove("Edna__Objects__S3__NotificationTarget");
        return environment;
    }

    /// <summary>A variable's value on this machine.</summary>
    private string Here(string service, string key, string value) => key switch
    {
        "AWS_ACCESS_KEY_ID" => Server("EDNA_TEST_S3_KEY"),
        "AWS_SECRET_ACCESS_KEY" => Server("EDNA_TEST_S3_SECRET"),
        "Edna__Objects__S3__Bucket" => Bucket,
        "Edna__Events__Sqs__QueueUrl" => QueueUrl,
        "Edna__Auth__Jwt__Issuer" => Server("EDNA_TEST_OIDC_ISSUER"),
        "Edna__Auth__Jwt__JwksUri" => value.Replace("http://auth:8085", Server("EDNA_TEST_OIDC_ISSUER"), StringComparison.Ordinal),
        "Edna__Objects__S3__PublicEndpoint" => value.Replace("localhost", "localstack", StringComparison.Ordinal).Replace("http://localstack:4566", Server("EDNA_TEST_S3_ENDPOINT"), StringComparison.Ordinal),
        "Edna__Objects__S3__Endpoint" => value.Replace("http://localstack:4566", Server("EDNA_TEST_S3_ENDPOINT"), StringComparison.Ordinal),
        "Edna__Events__Sqs__Endpoint" => value.Replace("http://localstack:4566", Server("EDNA_TEST_SQS_ENDPOINT"), StringComparison.Ordinal),
        "Edna__DynamoDb__Endpoint" => value.Replace("http://localstack:4566", Server("EDNA_TEST_DYNAMO_ENDPOINT"), StringComparison.Ordinal),
        "Edna__Search__Elasticsearch__Address" => value.Replace("http://elasticsearch:9200/", _search.Address.AbsoluteUri, StringComparison.Ordinal).Replace("http://elasticsearch:9200", _search.Address.AbsoluteUri, StringComparison.Ordinal),
        "ASPNETCORE_URLS" or "Edna__Silo__StatusUrl" => $"http://127.0.0.1:{PortOf(service, new Uri(value).Port)}",
        _ => value,
    };
}
