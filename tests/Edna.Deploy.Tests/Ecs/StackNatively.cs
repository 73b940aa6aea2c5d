using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SQS;
using Edna.Compliance.Search.Elasticsearch;
using Edna.Deploy.Tests.Containers;
using Edna.Harness;
using Xunit;

namespace Edna.Deploy.Tests.Ecs;

/// <summary>
/// The services of deploy/ecs as processes of this machine, each with the environment that its task has, on tables made as the template has them. Put otherwise is only what AWS
/// gives: its servers' addresses, credentials, names that are known when it is deployed. So what a task is not told, its process does without.
/// </summary>
internal sealed class StackNatively : IAsyncDisposable
{
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(60);

    private readonly Template _template;
    private readonly FakeElasticsearch _search;
    private readonly AmazonS3Client _s3;
    private readonly AmazonDynamoDBClient _tables;
    private readonly TempFolder _folder = new();
    private readonly string _own = $"e{Guid.NewGuid():n}";
    private readonly Dictionary<string, int> _ports = [];
    private readonly Dictionary<string, ChildProcess> _running = [];

    private StackNatively(Template template, FakeElasticsearch search)
    {
        (_template, _search) = (template, search);
        _s3 = new(new BasicAWSCredentials(Server("EDNA_TEST_S3_KEY"), Server("EDNA_TEST_S3_SECRET")), new AmazonS3Config { ServiceURL = Server("EDNA_TEST_S3_ENDPOINT"), ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        _tables = new(new BasicAWSCredentials(Server("EDNA_TEST_S3_KEY"), Server("EDNA_TEST_S3_SECRET")), new AmazonDynamoDBConfig { ServiceURL = Server("EDNA_TEST_DYNAMO_ENDPOINT"), AuthenticationRegion = "us-east-1" });
        Sqs = new(new BasicAWSCredentials("local", "local"), new AmazonSQSConfig { ServiceURL = Server("EDNA_TEST_SQS_ENDPOINT"), AuthenticationRegion = "us-east-1" });
    }

    public const string AdminKey = "edna_0123456789abcdef0123456789";

    public string Bucket => _own;

    public string QueueUrl { get; private set; } = "";

    public AmazonSQSClient Sqs { get; }

    public Uri Gateway => new($"http://127.0.0.1:{PortOf("gateway", 8080)}/");

    /// <summary>Makes what the template makes. Skips the test where a server is missing.</summary>
    public static async Task<StackNatively> CreateAsync(Template template, CancellationToken ct)
    {
        Server("EDNA_TEST_OIDC_ISSUER");
        var stack = new StackNatively(template, await FakeElasticsearch.StartAsync("opensearch"));
        await stack._s3.PutBucketAsync(stack.Bucket, ct);
        stack.QueueUrl = (await stack.Sqs.CreateQueueAsync(stack._own, ct)).QueueUrl;
        foreach (var (name, table) in template.Of("AWS::DynamoDB::Table")) await stack._tables.CreateTableAsync(TableTests.CreationOf(table, stack.TableOf(name)), ct);
        return stack;
    }

    /// <summary>Starts a role, and waits as ECS would until it is healthy.</summary>
    public async Task StartAsync(string role, CancellationToken ct)
    {
        var process = _running[role] = await StartProcessAsync(role, [], ct);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_startPatience);
        // As the task's own health check: the command behind the image's entry point.
        var check = _template.RoleOf(role).Container.GetProperty("HealthCheck").GetProperty("Command").EnumerateArray().Skip(3).Select(word => word.GetString()!).ToList();
        while (true)
        {
            await using var asks = await StartProcessAsync(role, check, ct);
            if (await asks.WaitAsync(ct) == 0) return;
            Assert.False(process.HasExited, $"{role} ended:\n{process.Log}");
            Assert.False(patience.IsCancellationRequested, $"{role} was not healthy in time: {asks.Log}\n{process.Log}");
        }
    }

    /// <summary>SIGTERM; the exit code and what was written.</summary>
    public async Task<(int Code, string Log)> StopAsync(string role, CancellationToken ct)
    {
        await _running[role].SignalAsync("TERM", ct);
        return (await _running[role].WaitAsync(ct), _running[role].Log);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _running.Values) await process.DisposeAsync();
        foreach (var o in (await _s3.ListObjectsV2Async(new() { BucketName = Bucket })).S3Objects ?? []) await _s3.DeleteObjectAsync(Bucket, o.Key);
        await _s3.DeleteBucketAsync(Bucket);
        foreach (var name in _template.Of("AWS::DynamoDB::Table").Keys) await _tables.DeleteTableAsync(TableOf(name));
        if (QueueUrl.Length > 0) await Sqs.DeleteQueueAsync(QueueUrl);
        await _search.DisposeAsync();
        _tables.Dispose();
        _s3.Dispose();
        Sqs.Dispose();
        _folder.Dispose();
    }

    private static string Server(string variable) => ComposeNatively.Server(variable);

    private string TableOf(string name) => $"{_own}.{name}";

    private int PortOf(string role, int port) => _ports.TryGetValue($"{role}:{port}", out var free) ? free : _ports[$"{role}:{port}"] = Ports.Free();

    private Task<ChildProcess> StartProcessAsync(string role, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var folder = _folder.At(role);
        Directory.CreateDirectory(folder);
        var container = _template.RoleOf(role).Container;
        var environment = Template.EnvironmentOf(container).ToDictionary(one => one.Key, one => (string?)Here(role, one.Key, one.Value));
        foreach (var secret in Template.SecretsOf(container)) environment[secret] = secret == "EDNA_ADMIN_KEY" ? AdminKey : $"edna_{secret.ToLowerInvariant()}_of_the_tests";
        // What the image sets, and what a task has to itself.
        (environment["EDNA_DATA"], environment["TMPDIR"]) = (folder, folder);
        (environment["Edna__Cluster__AdvertisedIp"], environment["Edna__Cluster__SiloPort"], environment["Edna__Cluster__GatewayPort"]) = ("127.0.0.1", $"{PortOf(role, 11111)}", $"{PortOf(role, 30000)}");
        // AWS's credentials and servers, and what those here do otherwise; of each only to whom it is told at all.
        (environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]) = (Server("EDNA_TEST_S3_KEY"), Server("EDNA_TEST_S3_SECRET"));
        (environment["Edna__DynamoDb__Endpoint"], environment["Edna__DynamoDb__TransactionActions"]) = (Server("EDNA_TEST_DYNAMO_ENDPOINT"), "10");
        if (environment.ContainsKey("Edna__Objects__Provider"))
            (environment["Edna__Objects__S3__Endpoint"], environment["Edna__Objects__S3__PathStyle"], environment["Edna__Objects__S3__Compatibility"]) = (Server("EDNA_TEST_S3_ENDPOINT"), "true", "Ceph");
        if (environment.ContainsKey("Edna__Events__Sqs__QueueUrl")) environment["Edna__Events__Sqs__Endpoint"] = Server("EDNA_TEST_SQS_ENDPOINT");
        if (environment.ContainsKey("Edna__Auth__Jwt__Authority")) environment["Edna__Auth__Jwt__RequireHttpsMetadata"] = "false";
        // Nobody sends on here.
        environment.Remove("Edna__Shutdown__Drain");
        return ChildProcess.StartAsync(["dotnet", Programs.Gateway, .. arguments], environment, folder, ct);
    }

    /// <summary>A variable's value on this machine.</summary>
    private string Here(string role, string key, string value) => key switch
    {
        "AWS_REGION" or "Edna__Objects__S3__Region" or "Edna__Events__Sqs__Region" or "Edna__Search__Elasticsearch__AwsRegion" => "us-east-1",
        "Edna__Objects__S3__Bucket" => Bucket,
        "Edna__Objects__S3__CorsOrigins" => "*",
        "Edna__Objects__S3__NotificationTarget" => "arn:aws:sqs:us-east-1:000000000000:events",
        "Edna__Events__Sqs__QueueUrl" => QueueUrl,
        "Edna__Search__Elasticsearch__Address" => _search.Address.AbsoluteUri,
        "Edna__Auth__Jwt__Authority" => Server("EDNA_TEST_OIDC_ISSUER"),
        "Edna__Auth__Jwt__Audience" => "edna",
        "Edna__Gateway__TrustedProxies" => "127.0.0.0/8",
        "ASPNETCORE_URLS" or "Edna__Silo__StatusUrl" => $"http://127.0.0.1:{PortOf(role, new Uri(value).Port)}",
        _ when key.StartsWith("Edna__DynamoDb__", StringComparison.Ordinal) && key.EndsWith("Table", StringComparison.Ordinal) => TableOf(JsonElement.Parse(value).GetProperty("Ref").GetString()!),
        // What is known only when it is deployed must be known here too.
        _ => value.StartsWith('{') ? throw new InvalidOperationException($"{key}={value}") : value,
    };
}
