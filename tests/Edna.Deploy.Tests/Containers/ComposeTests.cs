using System.Text.RegularExpressions;
using Edna.Harness;
using Xunit;

namespace Edna.Deploy.Tests.Containers;

/// <summary>What can be held against docker-compose.yml without an engine that runs it.</summary>
public sealed partial class ComposeTests
{
    private static readonly IReadOnlyDictionary<string, ComposeService> s_services = ComposeFile.Here.Services;

    private static IEnumerable<ComposeService> Edna => s_services.Values.Where(service => service.IsBuilt);

    [Fact]
    public void It_has_what_it_is_for() => Assert.Equal(
        ["auth", "bucket", "elasticsearch", "gateway", "grafana", "localstack", "prometheus", "silo-1", "silo-2", "tables"], s_services.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_image_that_is_not_built_here_is_pinned_to_a_version() =>
        Assert.All(s_services.Values.Where(service => !service.IsBuilt), service => Assert.Matches(PinnedImage(), service.Image));

    [Fact]
    public void Every_variable_of_EDNAs_is_one_that_it_reads()
    {
        Assert.Equal(5, Edna.Count());
        Assert.All(Edna, service =>
        {
            Assert.All(service.Settings, key => Assert.Contains(key, KnownSettings.All));
            Assert.All(service.Environment.Keys.Where(key => key.StartsWith("EDNA_", StringComparison.Ordinal)), key => Assert.Contains(key, KnownSettings.All));
            Assert.All(service.Environment.Keys, key => Assert.Matches("^(Edna__|EDNA_|AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|REGION)$|ASPNETCORE_URLS$)", key));
        });
    }

    [Fact]
    public void A_misspelt_setting_is_found()
    {
        Assert.Contains("Edna:Objects:S3:Bucket", KnownSettings.All);
        Assert.Contains("Edna:Silo:StatusUrl", KnownSettings.All);
        Assert.DoesNotContain("Edna:Objects:S3:Buckett", KnownSettings.All);
        Assert.DoesNotContain("Edna:DynamoDb:Patience", KnownSettings.All);
    }

    /// <summary>A port is known to be listened on by what the service is told or asks itself.</summary>
    [Fact]
    public void Every_published_port_is_one_that_its_service_listens_on_and_is_published_on_loopback() => Assert.All(s_services.Values.SelectMany(service => service.Ports.Select(port => (service, port))), published =>
    {
        var parts = published.port.Split(':');
        Assert.Equal(3, parts.Length);
        Assert.Equal("127.0.0.1", parts[0]);
        var told = string.Join(' ', [.. published.service.Command, .. published.service.HealthCheck, .. published.service.Environment.Values]);
        Assert.Matches($@"(?<![0-9]){parts[2]}(?![0-9])", told);
    });

    [Fact]
    public void No_two_services_publish_one_port()
    {
        var ports = s_services.Values.SelectMany(service => service.Ports).Select(port => port.Split(':')[1]).ToList();
        Assert.NotEmpty(ports);
        Assert.Equal(ports.Count, ports.Distinct().Count());
    }

    [Fact]
    public void Nothing_waits_for_what_does_not_tell_when_it_is_there() => Assert.All(s_services.Values.SelectMany(service => service.DependsOn), wait =>
    {
        var awaited = s_services[wait.Key];
        if (wait.Value == "service_healthy") Assert.True(awaited.ChecksHealth, $"{wait.Key} has no health check.");
        else Assert.Equal(("service_completed_successfully", "no"), (wait.Value, awaited.Restart));
    });

    [Fact]
    public void Everything_that_goes_on_running_checks_its_health() =>
        Assert.All(s_services.Values.Where(service => service.Restart != "no"), service => Assert.True(service.ChecksHealth, service.Name));

    [Fact]
    public void Volumes_that_are_declared_are_used_and_files_that_are_mounted_are_there()
    {
        var mounts = s_services.Values.SelectMany(service => service.Volumes).Select(volume => volume.Split(':')[0]).ToList();
        Assert.Equal(ComposeFile.Here.Volumes.Order(), mounts.Where(from => !from.StartsWith('.')).Distinct().Order());
        Assert.All(mounts.Where(from => from.StartsWith('.')), from => Assert.True(File.Exists(Path.Combine(Programs.Root, from)), from));
        Assert.All(new[] { "localstack", "prometheus", "grafana" }, name => Assert.Contains(s_services[name].Volumes, volume => volume.StartsWith($"{name}:", StringComparison.Ordinal)));
    }

    [Fact]
    public void EDNAs_own_containers_write_nothing_to_their_images() => Assert.All(Edna, service => Assert.True(service.IsReadOnly, service.Name));

    [Fact]
    public void Keys_are_said_to_be_for_development_or_stand_nowhere()
    {
        var secrets = s_services.Values.SelectMany(service => service.Environment).Where(pair => SecretName().IsMatch(pair.Key)).ToList();
        Assert.NotEmpty(secrets);
        Assert.All(secrets, pair => Assert.Matches("^(local|edna_[a-z_]*only_for_development)$", pair.Value));
    }

    [Fact]
    public void Prometheus_asks_where_EDNAs_containers_answer()
    {
        var asked = Targets().ToList();
        Assert.Equal(["gateway:8080", "silo-1:9090", "silo-2:9090"], asked.Order(StringComparer.Ordinal));
        foreach (var (name, port) in asked.Select(target => (target.Split(':')[0], target.Split(':')[1])))
            Assert.Contains(s_services[name].Environment, pair => pair.Key is "ASPNETCORE_URLS" or "Edna__Silo__StatusUrl" && pair.Value.EndsWith($":{port}", StringComparison.Ordinal));
        var jobs = JobName().Matches(File.ReadAllText(Path.Combine(Programs.Root, "deploy/monitoring/prometheus.yml"))).Select(match => match.Groups[1].Value);
        // Alerts go by that beginning.
        Assert.All(jobs, job => Assert.StartsWith("edna", job, StringComparison.Ordinal));
    }

    /// <summary>Where Prometheus' configuration asks.</summary>
    internal static IEnumerable<string> Targets() => TargetList().Matches(File.ReadAllText(Path.Combine(Programs.Root, "deploy/monitoring/prometheus.yml")))
        .SelectMany(match => match.Groups[1].Value.Split(',')).Select(target => target.Trim().Trim('"'));

    [GeneratedRegex(@"^[a-z0-9./-]+:v?[0-9]+\.[0-9]+\.[0-9]+[a-z0-9.-]*$")]
    private static partial Regex PinnedImage();

    [GeneratedRegex("KEY|SECRET|PASSWORD|TOKEN")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"job_name: (\S+)")]
    private static partial Regex JobName();

    [GeneratedRegex(@"targets: \[([^\]]*)\]")]
    private static partial Regex TargetList();
}
