using System.Text.RegularExpressions;
using Edna.Harness;
using Xunit;

namespace Edna.Deploy.Tests.Workflows;

/// <summary>The workflows: whose code they run, what they may do, and that they keep no key.</summary>
public sealed partial class WorkflowTests
{
    [Fact]
    public void There_is_one_for_tests_one_for_the_image_and_one_for_deployment() => Assert.Equal(["deploy.yml", "image.yml", "test.yml"], Workflow.All.Select(workflow => workflow.Name));

    [Fact]
    public void Whatever_others_wrote_is_pinned_to_a_commit_and_says_its_version()
    {
        var lines = Workflow.All.SelectMany(workflow => workflow.Text.Split('\n')).Where(line => Uses().IsMatch(line) && !line.Contains("uses: ./", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Matches(@"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+$", line));
        // The same everywhere.
        Assert.All(lines.Select(line => line.Split("uses: ")[1]).Distinct().GroupBy(use => use.Split('@')[0]), action => Assert.Single(action));
    }

    [Fact]
    public void They_may_read_the_repository_and_only_a_release_shows_who_it_is()
    {
        foreach (var workflow in Workflow.All)
        {
            Assert.Equal(["contents: read"], Workflow.PermissionsOf(workflow.Root));
            foreach (var (name, job) in workflow.Jobs)
            {
                var shows = Workflow.StepsOf(job).Any(step => step.GetValueOrDefault("uses") is string uses && uses.StartsWith("aws-actions/configure-aws-credentials@", StringComparison.Ordinal));
                Assert.Equal(shows ? ["contents: read", "id-token: write"] : null, Workflow.PermissionsOf(job));
                Assert.Equal((workflow.Name, name, shows), (workflow.Name, name, job.GetValueOrDefault("environment") is "production"));
                // What is checked out carries no token that a later step could take.
                Assert.All(Workflow.StepsOf(job).Where(step => step.GetValueOrDefault("uses") is string uses && uses.StartsWith("actions/checkout@", StringComparison.Ordinal)),
                    step => Assert.Equal("false", Workflow.Map(step["with"])["persist-credentials"]));
            }
        }
    }

    [Fact]
    public void They_keep_no_key_and_run_no_text_of_others() => Assert.All(Workflow.All, workflow =>
    {
        Assert.DoesNotContain("secrets.", workflow.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("aws-access-key-id", workflow.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("pull_request_target", workflow.Text, StringComparison.Ordinal);
        // What stands in an expression becomes part of the command: it comes by the environment.
        Assert.All(workflow.Jobs.Values.SelectMany(Workflow.StepsOf).Where(step => step.ContainsKey("run")), step => Assert.DoesNotContain("${{", (string)step["run"], StringComparison.Ordinal));
    });

    [Fact]
    public void They_run_where_they_say_and_not_for_ever() => Assert.All(Workflow.All.SelectMany(workflow => workflow.Jobs.Values).Where(job => !job.ContainsKey("uses")), job =>
    {
        Assert.Equal("ubuntu-24.04", job["runs-on"]);
        Assert.InRange(int.Parse((string)job["timeout-minutes"], null), 1, 60);
        if (job.TryGetValue("container", out var container)) Assert.Matches(@":[0-9]+\.[0-9]+$", (string)container);
    });

    [Fact]
    public void What_is_released_is_what_the_stack_runs()
    {
        var release = Workflow.All.Single(workflow => workflow.Name == "deploy.yml").Jobs["release"];
        Assert.Equal("test", release["needs"]);
        var commands = string.Join('\n', Workflow.StepsOf(release).Select(step => step.GetValueOrDefault("run") as string));
        Assert.Contains("npx cdk deploy Edna --exclusively", commands, StringComparison.Ordinal);
        Assert.Contains("-c tag=\"$TAG\"", commands, StringComparison.Ordinal);
        Assert.Contains($"/{RepositoryOf()}:${{{{ github.sha }}}}", Workflow.All.Single(workflow => workflow.Name == "deploy.yml").Text, StringComparison.Ordinal);
        Assert.Equal("${{ github.sha }}", Workflow.Map(release["env"])["TAG"]);
        Assert.All(new[] { "Dockerfile", ".ci/run", "global.json" }, file => Assert.True(File.Exists(Path.Combine(Programs.Root, file)), file));
    }

    [Fact]
    public void Commands_are_sound_to_the_shell() => Assert.All(
        Workflow.All.SelectMany(workflow => workflow.Jobs.Values).SelectMany(Workflow.StepsOf).Select(step => step.GetValueOrDefault("run") as string).OfType<string>(),
        Shell.IsSound);

    private static string RepositoryOf() => RepositoryName().Match(File.ReadAllText(Path.Combine(Programs.Root, "deploy/ecs/lib/release.ts"))).Groups[1].Value;

    [GeneratedRegex(@"^\s*(- )?uses: ")]
    private static partial Regex Uses();

    [GeneratedRegex("repositoryName = '([^']+)'")]
    private static partial Regex RepositoryName();
}
