using Edna.Harness;
using YamlDotNet.Serialization;

namespace Edna.Deploy.Tests.Workflows;

/// <summary>A workflow of GitHub's, as it stands in the repository.</summary>
internal sealed record Workflow(string Name, string Text, IReadOnlyDictionary<string, object> Root)
{
    public static IReadOnlyList<Workflow> All { get; } = [.. Directory.GetFiles(Path.Combine(Programs.Root, ".github/workflows")).Order(StringComparer.Ordinal).Select(Read)];

    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, object>> Jobs => Map(Root["jobs"]).ToDictionary(job => job.Key, job => Map(job.Value));

    /// <summary>Steps of a job; none where it is another workflow.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, object>> StepsOf(IReadOnlyDictionary<string, object> job) => job.TryGetValue("steps", out var steps) ? ((List<object>)steps).Select(Map) : [];

    /// <summary>What the token of a workflow, or of a job, may do, as <c>what: how</c>; null where nothing is said.</summary>
    public static IEnumerable<string>? PermissionsOf(IReadOnlyDictionary<string, object> of) =>
        of.TryGetValue("permissions", out var permissions) ? Map(permissions).Select(one => $"{one.Key}: {one.Value}").Order(StringComparer.Ordinal) : null;

    public static IReadOnlyDictionary<string, object> Map(object value) => ((Dictionary<object, object>)value).ToDictionary(pair => (string)pair.Key, pair => pair.Value);

    private static Workflow Read(string path)
    {
        var text = File.ReadAllText(path);
        return new(Path.GetFileName(path), text, Map(new DeserializerBuilder().Build().Deserialize<object>(text)!));
    }
}
