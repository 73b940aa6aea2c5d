using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Edna.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Xunit;

namespace Edna.Silo.Tests.Hosting;

public sealed class ClusterShapeTests
{
    [Theory]
    [InlineData("Edna:Cluster:ClusterId", "a b")]
    [InlineData("Edna:Cluster:ServiceId", "a_b")]
    [InlineData("Edna:Cluster:Provider", "Dynamo")]
    [InlineData("Edna:Cluster:AdvertisedIp", "0.0.0.0")]
    [InlineData("Edna:Cluster:AdvertisedIp", "silo.example.com")]
    [InlineData("Edna:Cluster:SiloPort", "0")]
    public void Wrong_values_are_named_with_their_key(string key, string value)
    {
        var configuration = Of(("Edna:Cluster:Provider", "DynamoDb"), ("Edna:Cluster:AdvertisedIp", "10.0.0.1"), (key, value));
        var host = Host.CreateApplicationBuilder();
        var refused = Assert.Throws<OptionsValidationException>(() => host.UseOrleans(silo => silo.UseEdnaCluster(configuration)));
        Assert.StartsWith($"{key}: must be ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_is_not_set_for_a_cluster_on_one_machine() =>
        Assert.StartsWith("Edna:Cluster:AdvertisedIp: means nothing while",
            Assert.Throws<OptionsValidationException>(() => AdvertisedAddress.Read(Of(("Edna:Cluster:AdvertisedIp", "10.0.0.1")), onThisMachine: true)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_cluster_on_one_machine_is_reached_there_only_also_within_a_container() =>
        Assert.Equal(IPAddress.Loopback, AdvertisedAddress.Read(Of((EcsTask.Variable, "http://127.0.0.1:1/")), onThisMachine: true));

    [Fact]
    public void What_is_set_is_advertised_also_on_ECS() => Assert.Equal(IPAddress.Parse("10.1.2.3"),
        AdvertisedAddress.Read(Of(("Edna:Cluster:AdvertisedIp", "10.1.2.3"), (EcsTask.Variable, "http://127.0.0.1:1/")), onThisMachine: false));

    [Fact]
    public async Task On_ECS_the_address_of_the_task_is_advertised()
    {
        using var metadata = new OneAnswer(Container("awsvpc", "10.0.2.106"));
        var configuration = Of((EcsTask.Variable, $"{metadata.Address}v4/0123"));
        var address = await Task.Run(() => AdvertisedAddress.Read(configuration, onThisMachine: false), TestContext.Current.CancellationToken);
        Assert.Equal((IPAddress.Parse("10.0.2.106"), "GET /v4/0123 HTTP/1.1"), (address, await metadata.Asked));
    }

    [Fact]
    public async Task A_task_without_an_address_of_its_own_is_told_to_set_one()
    {
        using var metadata = new OneAnswer(Container("bridge", "172.17.0.2"));
        var configuration = Of((EcsTask.Variable, metadata.Address.ToString()));
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => Task.Run(() => AdvertisedAddress.Read(configuration, onThisMachine: false), TestContext.Current.CancellationToken));
        Assert.StartsWith("Edna:Cluster:AdvertisedIp: must be set: this task has no address of its own", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endpoint_that_does_not_answer_is_named() =>
        Assert.StartsWith($"{EcsTask.Variable}: http://127.0.0.1:1/ does not tell the task's address",
            Assert.Throws<OptionsValidationException>(() => EcsTask.Ask(new("http://127.0.0.1:1/"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"Networks": []}""")]
    [InlineData("""{"Networks": [{"NetworkMode": "awsvpc"}]}""")]
    [InlineData("""{"Networks": [{"NetworkMode": "awsvpc", "IPv4Addresses": []}]}""")]
    [InlineData("""{"Networks": [{"NetworkMode": "host", "IPv4Addresses": ["10.0.0.1"]}]}""")]
    public void Metadata_without_an_address_has_none(string container)
    {
        using var json = JsonDocument.Parse(container);
        Assert.Null(EcsTask.AddressOf(json.RootElement));
    }

    [Theory]
    [InlineData("10.0.0.5", "127.0.0.1", "169.254.3.4", "fe80::1", "10.0.0.5", "10.0.0.6")]
    [InlineData(null, "127.0.0.1", "::1")]
    public void Elsewhere_the_first_address_that_others_reach_is_advertised(string? expected, params string[] own) =>
        Assert.Equal(expected, AdvertisedAddress.First(own.Select(IPAddress.Parse))?.ToString());

    [Theory]
    [InlineData("10.0.0.1", 11111, 30000, "0.0.0.0")]
    [InlineData("127.0.0.1", null, null, "127.0.0.1")]
    public void A_silo_listens_to_others_only_when_others_reach_it(string advertised, int? siloPort, int? gatewayPort, string listening)
    {
        var options = Built<EndpointOptions>(Of(("Edna:Cluster:Provider", "DynamoDb"), ("Edna:Cluster:AdvertisedIp", advertised)));
        Assert.Equal(IPAddress.Parse(advertised), options.AdvertisedIPAddress);
        Assert.Equal((siloPort ?? options.SiloPort, gatewayPort ?? options.GatewayPort), (options.SiloPort, options.GatewayPort));
        IPEndPoint[] bound = [.. new[] { options.SiloListeningEndpoint, options.GatewayListeningEndpoint }.OfType<IPEndPoint>()];
        Assert.All(bound, endpoint => Assert.Equal(IPAddress.Parse(listening), endpoint.Address));
        Assert.Equal(listening == "0.0.0.0", bound.Length == 2);
    }

    [Fact]
    public void A_silo_that_was_killed_is_given_up_within_15_seconds()
    {
        var configuration = Of(("Edna:Cluster:Provider", "DynamoDb"), ("Edna:Cluster:AdvertisedIp", "10.0.0.1"), ("Edna:Cluster:ClusterId", "blue"), ("Edna:Cluster:ServiceId", "s-1"));
        var options = Built<ClusterMembershipOptions>(configuration);
        // The probe that is under way when it dies, those that fail, and the write of the vote.
        var noticed = options.ProbeTimeout + (options.MaxProbeTimeout * options.NumMissedProbesLimit) + TimeSpan.FromSeconds(2);
        Assert.InRange(noticed, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15));
        var cluster = Built<ClusterOptions>(configuration);
        Assert.Equal(("blue", "s-1"), (cluster.ClusterId, cluster.ServiceId));
    }

    [Theory]
    [InlineData("Edna:Shutdown:Timeout", "00:02:00", "must be 00:00:01 to 00:01:50")]
    [InlineData("Edna:Shutdown:Drain", "00:00:05", "must be 00:00:00 to half of")]
    public void Times_to_stop_in_are_checked(string key, string value, string reason)
    {
        var services = new ServiceCollection().AddEdnaShutdown(Of((key, value))).BuildServiceProvider();
        var refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<ShutdownOptions>>().Value);
        Assert.Contains($"{key}: {reason}", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("State", "DynamoDb", "state")]
    [InlineData("Objects", "S3", "objects")]
    [InlineData("Search", "Elasticsearch", "search index")]
    public void Silos_of_a_cluster_share_what_they_keep(string port, string provider, string what)
    {
        (string Key, string Value)[] all =
        [
            ("Edna:Cluster:Provider", "DynamoDb"), ("Edna:State:Provider", "DynamoDb"), ("Edna:Objects:Provider", "S3"), ("Edna:Search:Provider", "Elasticsearch"),
        ];
        new ServiceCollection().AddEdnaAdapters(Of(all));
        var refused = Assert.Throws<OptionsValidationException>(() => new ServiceCollection().AddEdnaAdapters(Of([.. all.Where(s => s.Key != $"Edna:{port}:Provider")])));
        Assert.Equal($"Edna:{port}:Provider: must be {provider} when Edna:Cluster:Provider is DynamoDb: silos of a cluster share their {what}.", refused.Message);
    }

    private static T Built<T>(IConfiguration configuration) where T : class
    {
        var host = Host.CreateApplicationBuilder();
        host.UseOrleans(silo => silo.UseEdnaCluster(configuration));
        using var services = host.Services.BuildServiceProvider();
        return services.GetRequiredService<IOptions<T>>().Value;
    }

    private static IConfiguration Of(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.GroupBy(s => s.Key).Select(s => KeyValuePair.Create(s.Key, (string?)s.Last().Value))).Build();

    private static string Container(string mode, string address) => $$"""
        {"DockerId": "0123", "Name": "edna", "Networks": [{"NetworkMode": "{{mode}}", "IPv4Addresses": ["{{address}}"], "MACAddress": "0e:9e:32:c7:48:85"}]}
        """;

    /// <summary>A server that answers once.</summary>
    private sealed class OneAnswer : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);

        public OneAnswer(string body)
        {
            listener.Start();
            Asked = AnswerAsync(body);
        }

        public Uri Address => new($"http://{listener.LocalEndpoint}/");

        public Task<string?> Asked { get; }

        public void Dispose() => listener.Dispose();

        private async Task<string?> AnswerAsync(string body)
        {
            using var connection = await listener.AcceptTcpClientAsync();
            using var reader = new StreamReader(connection.GetStream());
            var asked = await reader.ReadLineAsync();
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
            }
            await connection.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"));
            return asked;
        }
    }
}
