using Edna.Harness;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Edna.Deploy.Tests.Containers;

/// <summary>docker-compose.yml, with its anchors merged and variables at their defaults.</summary>
internal sealed class ComposeFile
{
    private readonly Dictionary<object, object> _root;

    private ComposeFile(Dictionary<object, object> root) => _root = root;

    /// <summary>The one of this repository.</summary>
    public static ComposeFile Here { get; } = Read(File.ReadAllText(Path.Combine(Programs.Root, "docker-compose.yml")));

    public IReadOnlyDictionary<string, ComposeService> Services => Map(_root["services"]).ToDictionary(s => s.Key, s => ComposeService.Read(s.Key, Map(s.Value)));

    public IReadOnlyCollection<string> Volumes => [.. Map(_root["volumes"]).Keys];

    public static ComposeFile Read(string yaml) =>
        new(new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(new StringReader(yaml)))));

    internal static Dictionary<string, object> Map(object? value) =>
        value is Dictionary<object, object> map ? map.ToDictionary(pair => (string)pair.Key, pair => pair.Value) : [];

    internal static List<string> List(object? value) => value is List<object> list ? [.. list.Select(one => one as string ?? "")] : [];

    /// <summary>Variables at their defaults: <c>${NAME:-default}</c>.</summary>
    internal static string AtDefault(object? value) =>
        System.Text.RegularExpressions.Regex.Replace(value as string ?? "", @"\$\{[A-Z_]+:-([^}]*)\}", match => match.Groups[1].Value);
}

/// <summary>A service of it.</summary>
internal sealed record ComposeService(
    string Name, string Image, bool IsBuilt, IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<string> Ports,
    IReadOnlyDictionary<string, string> DependsOn, IReadOnlyList<string> Volumes, string Restart, IReadOnlyList<string> HealthCheck, bool ChecksHealth, bool IsReadOnly)
{
    public static ComposeService Read(string name, Dictionary<string, object> service)
    {
        var health = ComposeFile.Map(service.GetValueOrDefault("healthcheck"));
        var isBuilt = service.ContainsKey("build");
        return new(
            name, (string)service["image"], isBuilt, ComposeFile.List(service.GetValueOrDefault("command")),
            ComposeFile.Map(service.GetValueOrDefault("environment")).ToDictionary(pair => pair.Key, pair => ComposeFile.AtDefault(pair.Value)),
            ComposeFile.List(service.GetValueOrDefault("ports")),
            ComposeFile.Map(service.GetValueOrDefault("depends_on")).ToDictionary(pair => pair.Key, pair => (string)ComposeFile.Map(pair.Value)["condition"]),
            ComposeFile.List(service.GetValueOrDefault("volumes")), (string)service.GetValueOrDefault("restart", "")!, ComposeFile.List(health.GetValueOrDefault("test")),
            // EDNA's own image checks itself.
            !health.ContainsKey("disable") && (isBuilt || health.ContainsKey("test")), service.GetValueOrDefault("read_only") is "true");
    }

    /// <summary>The settings of EDNA's among the variables, as keys of the configuration.</summary>
    public IEnumerable<string> Settings => Environment.Keys.Where(key => key.StartsWith("Edna__", StringComparison.Ordinal)).Select(key => key.Replace("__", ":", StringComparison.Ordinal));
}
