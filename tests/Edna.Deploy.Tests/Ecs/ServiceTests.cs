using Edna.Datasets;
using Edna.Deploy.Tests.Containers;
using Edna.Hosting;
using Edna.Requests;
using Xunit;

namespace Edna.Deploy.Tests.Ecs;

/// <summary>The services: what a container may do to itself, how it is told to stop, what it is told, and how there come to be more.</summary>
public sealed class ServiceTests(Synthesis synthesis)
{
    private static readonly string[] s_roles = ["silo", "gateway"];

    /// <summary>A list, which is filled and never set.</summary>
    private static readonly string s_buckets = $"Edna:Datasets:{nameof(DatasetOptions.AllowedBuckets)}";

    [Theory]
    [InlineData("silo", "Edna__Silo__StatusUrl")]
    [InlineData("gateway", "ASPNETCORE_URLS")]
    public async Task A_container_writes_nothing_to_its_image_runs_as_nobody_and_checks_itself(string role, string listens)
    {
        foreach (var template in await synthesis.BothAsync())
        {
            var container = template.RoleOf(role).Container;
            Assert.True(container.GetProperty("ReadonlyRootFilesystem").GetBoolean());
            Assert.False(container.TryGetProperty("Privileged", out _));
            Assert.Equal("1654", container.GetProperty("User").GetString());
            Assert.Equal(["CMD", "dotnet", "/app/Edna.Gateway.dll", "health"], container.GetProperty("HealthCheck").GetProperty("Command").EnumerateArray().Select(word => word.GetString()));
            Assert.Equal(new Uri(Template.EnvironmentOf(container)[listens]).Port, Assert.Single(container.GetProperty("PortMappings").EnumerateArray()).GetProperty("ContainerPort").GetInt32());
            var mount = Assert.Single(container.GetProperty("MountPoints").EnumerateArray());
            Assert.Equal((Template.EnvironmentOf(container)["TMPDIR"], "data"), (mount.GetProperty("ContainerPath").GetString(), mount.GetProperty("SourceVolume").GetString()));
        }
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    public async Task It_has_time_to_stop_before_it_is_killed(string role)
    {
        var container = (await synthesis.UsualAsync()).RoleOf(role).Container;
        var environment = Template.EnvironmentOf(container);
        var timeout = TimeSpan.Parse(environment["Edna__Shutdown__Timeout"], null);
        var drain = environment.TryGetValue("Edna__Shutdown__Drain", out var text) ? TimeSpan.Parse(text, null) : TimeSpan.Zero;
        // Fargate allows two minutes; what EDNA allows itself stands in ShutdownServices.
        Assert.InRange(container.GetProperty("StopTimeout").GetInt32(), timeout.TotalSeconds + 5, 120);
        Assert.InRange(timeout, new ShutdownOptions().Timeout, TimeSpan.FromSeconds(110));
        Assert.InRange(drain, role == "gateway" ? TimeSpan.FromSeconds(10) : TimeSpan.Zero, timeout / 2);
    }

    [Fact]
    public async Task A_gateway_answers_before_the_API_gives_up()
    {
        var environment = Template.EnvironmentOf((await synthesis.UsualAsync()).RoleOf("gateway").Container);
        Assert.InRange(TimeSpan.Parse(environment[$"{AnswerOptions.Section.Replace(":", "__", StringComparison.Ordinal)}__{nameof(AnswerOptions.LongestAnswer)}"], null), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(28));
    }

    [Fact]
    public async Task Every_variable_is_one_that_EDNA_reads_and_no_secret_is_one()
    {
        foreach (var template in await synthesis.BothAsync())
        {
            foreach (var container in s_roles.Select(role => template.RoleOf(role).Container))
            {
                Assert.All(Template.EnvironmentOf(container).Keys.Concat(Template.SecretsOf(container)), name =>
                {
                    if (name is not ("AWS_REGION" or "ASPNETCORE_URLS" or "TMPDIR") && SettingOf(name) != s_buckets) Assert.Contains(SettingOf(name), KnownSettings.All);
                });
                Assert.All(Template.EnvironmentOf(container).Keys, name => Assert.DoesNotMatch("(?i)(key|secret|password|token)$", name));
            }
        }
        Assert.Equal(["EDNA_ADMIN_KEY", "EDNA_CALLBACK_KEY"], Template.SecretsOf((await synthesis.UsualAsync()).RoleOf("gateway").Container));
        Assert.Empty(Template.SecretsOf((await synthesis.UsualAsync()).RoleOf("silo").Container));
        Assert.Equal(["Edna__Search__Elasticsearch__ApiKey"], Template.SecretsOf((await synthesis.OtherAsync()).RoleOf("silo").Container));
    }

    [Fact]
    public async Task A_deployment_that_fails_is_taken_back_and_silos_come_first()
    {
        var template = await synthesis.UsualAsync();
        Assert.Equal(2, template.Of("AWS::ECS::Service").Count);
        Assert.All(template.Of("AWS::ECS::Service").Values, service =>
        {
            var deployment = service.GetProperty("DeploymentConfiguration");
            Assert.True(deployment.GetProperty("DeploymentCircuitBreaker").GetProperty("Enable").GetBoolean());
            Assert.True(deployment.GetProperty("DeploymentCircuitBreaker").GetProperty("Rollback").GetBoolean());
            Assert.Equal(100, deployment.GetProperty("MinimumHealthyPercent").GetInt32());
            // Two tasks and half of that: one after the other.
            Assert.Equal(150, deployment.GetProperty("MaximumPercent").GetInt32());
        });
        Assert.Contains(template.RoleOf("silo").Service, template.WaitsFor(template.RoleOf("gateway").Service));
        // The image cannot be fetched before the role may.
        var policies = template.Of("AWS::IAM::Policy");
        Assert.All(s_roles, role => Assert.Contains(template.WaitsFor(template.RoleOf(role).Service), name =>
            policies.ContainsKey(name) && template.Statements().Any(one => one.Policy == name && Template.Pairs(one.Statement).Any(pair => pair.Action == "ecr:BatchGetImage"))));
    }

    [Fact]
    public async Task Services_grow_and_shrink_and_a_deployment_leaves_them_as_many_as_they_are()
    {
        foreach (var (template, most) in new[] { (await synthesis.UsualAsync(), 8), (await synthesis.OtherAsync(), 3) })
        {
            Assert.All(template.Of("AWS::ECS::Service").Values, service => Assert.False(service.TryGetProperty("DesiredCount", out _)));
            var targets = template.Of("AWS::ApplicationAutoScaling::ScalableTarget");
            Assert.Equal([(2, most), (2, most)], targets.Values.Select(target => (target.GetProperty("MinCapacity").GetInt32(), target.GetProperty("MaxCapacity").GetInt32())));
            Assert.All(targets.Keys, name => Assert.Equal(1, template.Of("AWS::ApplicationAutoScaling::ScalingPolicy").Values.Count(policy => policy.GetProperty("ScalingTargetId").GetProperty("Ref").GetString() == name)));
        }
    }

    [Fact]
    public async Task What_runs_is_the_image_of_the_repository_at_the_tag_that_was_asked_for()
    {
        var release = Assert.Single((await synthesis.ReleaseAsync("usual")).Of("AWS::ECR::Repository")).Value;
        Assert.Equal("IMMUTABLE", release.GetProperty("ImageTagMutability").GetString());
        Assert.True(release.GetProperty("ImageScanningConfiguration").GetProperty("ScanOnPush").GetBoolean());
        var template = await synthesis.OtherAsync();
        Assert.All(s_roles, role => Assert.Contains($"/{release.GetProperty("RepositoryName").GetString()}:1.2.3\"", template.RoleOf(role).Container.GetProperty("Image").GetRawText(), StringComparison.Ordinal));
    }

    /// <summary>The key of a variable; an entry of a list is known by its list.</summary>
    private static string SettingOf(string name) => System.Text.RegularExpressions.Regex.Replace(name, "__[0-9]+$", "").Replace("__", ":", StringComparison.Ordinal);
}
