using System.Text.RegularExpressions;
using System.Xml.Linq;
using Edna.Harness;
using Xunit;

namespace Edna.Deploy.Tests.Containers;

/// <summary>What can be held against the Dockerfile without an engine that builds it.</summary>
public sealed partial class DockerfileTests
{
    private static readonly string[] s_lines = [.. Joined().Replace(File.ReadAllText(Path.Combine(Programs.Root, "Dockerfile")), " ").Split('\n')];

    [Fact]
    public void Every_base_is_pinned_to_a_version()
    {
        var bases = s_lines.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)).Select(line => line.Split(' ').Skip(1).First(word => !word.StartsWith("--", StringComparison.Ordinal))).ToList();
        Assert.Equal(2, bases.Count);
        Assert.All(bases, image => Assert.Matches(@":[0-9]+\.[0-9]+\.[0-9]+-", image));
        // Without ICU paths are not normalised; the images that have it say so.
        Assert.EndsWith("-chiseled-extra", bases[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void It_runs_as_nobody_in_particular_and_checks_itself()
    {
        var last = s_lines.SkipWhile(line => !line.Contains("-chiseled", StringComparison.Ordinal)).ToList();
        Assert.Contains(last, line => NonRoot().IsMatch(line));
        Assert.Contains(last, line => line.StartsWith("HEALTHCHECK ", StringComparison.Ordinal) && line.Contains("\"health\"", StringComparison.Ordinal));
        Assert.Contains("STOPSIGNAL SIGTERM", last);
        Assert.DoesNotContain(last, line => line.StartsWith("RUN ", StringComparison.Ordinal));
    }

    /// <summary>One that is missing would fail the build of the image, which nobody runs here.</summary>
    [Fact]
    public void Every_project_that_the_gateway_is_made_of_is_copied_before_it_is_restored()
    {
        var projects = ProjectsOf(Path.Combine(Programs.Root, "src/Edna.Gateway/Edna.Gateway.csproj")).Select(path => Path.GetRelativePath(Programs.Root, path)).Order(StringComparer.Ordinal);
        var copied = s_lines.TakeWhile(line => !line.StartsWith("RUN dotnet restore", StringComparison.Ordinal)).Where(line => line.StartsWith("COPY ", StringComparison.Ordinal)).ToList();
        Assert.Equal(projects, copied.SelectMany(line => line.Split(' ')).Where(word => word.EndsWith(".csproj", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.All(copied.Where(line => line.Contains(".csproj", StringComparison.Ordinal)), line => Assert.Contains("packages.lock.json", line, StringComparison.Ordinal));
        Assert.All(copied.SelectMany(line => line.Split(' ')[1..^1]), file => Assert.True(File.Exists(Path.Combine(Programs.Root, file)), file));
    }

    [Fact]
    public void What_it_copies_is_not_ignored()
    {
        var ignored = File.ReadAllLines(Path.Combine(Programs.Root, ".dockerignore"));
        Assert.Equal("*", ignored[0]);
        var taken = s_lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from", StringComparison.Ordinal)).SelectMany(line => line.Split(' ')[1..^1]);
        Assert.All(taken, file => Assert.Contains($"!{file.Split('/')[0]}", ignored));
    }

    [Fact]
    public void What_it_starts_is_what_is_published()
    {
        Assert.Contains(s_lines, line => line.StartsWith("RUN dotnet publish src/Edna.Gateway/Edna.Gateway.csproj -c Release", StringComparison.Ordinal) && line.Contains("-o /app", StringComparison.Ordinal));
        Assert.Contains("ENTRYPOINT [\"dotnet\", \"/app/Edna.Gateway.dll\"]", s_lines);
    }

    private static HashSet<string> ProjectsOf(string project)
    {
        var all = new HashSet<string> { Path.GetFullPath(project) };
        foreach (var reference in XDocument.Load(project).Descendants("ProjectReference"))
            all.UnionWith(ProjectsOf(Path.Combine(Path.GetDirectoryName(project)!, reference.Attribute("Include")!.Value)));
        return all;
    }

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Joined();

    [GeneratedRegex(@"^USER [1-9][0-9]*$")]
    private static partial Regex NonRoot();
}
