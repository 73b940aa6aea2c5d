using System.Text.Json;

namespace Edna.Deploy.Tests.Ecs;

/// <summary>A template of CloudFormation's.</summary>
internal sealed class Template(JsonElement root)
{
    public JsonElement Root => root;

    /// <summary>Types of the resources in it.</summary>
    public IEnumerable<string> Types => root.GetProperty("Resources").EnumerateObject().Select(resource => resource.Value.GetProperty("Type").GetString()!).Distinct();

    /// <summary>Parameters of EDNA's.</summary>
    public IReadOnlyDictionary<string, JsonElement> Parameters => root.GetProperty(nameof(Parameters)).EnumerateObject().Where(one => one.Name != "BootstrapVersion").ToDictionary(one => one.Name, one => one.Value);

    /// <summary>Resources of a type, their properties by their name in the template.</summary>
    public IReadOnlyDictionary<string, JsonElement> Of(string type) => root.GetProperty("Resources").EnumerateObject()
        .Where(resource => resource.Value.GetProperty("Type").GetString() == type)
        .ToDictionary(resource => resource.Name, resource => resource.Value.TryGetProperty("Properties", out var properties) ? properties : default);

    /// <summary>What becomes of a resource when the stack goes, or takes it out.</summary>
    public string? DeletionOf(string resource) => root.GetProperty("Resources").GetProperty(resource).TryGetProperty("DeletionPolicy", out var policy) ? policy.GetString() : null;

    /// <summary>What a resource waits for.</summary>
    public IEnumerable<string> WaitsFor(string resource) => root.GetProperty("Resources").GetProperty(resource).TryGetProperty("DependsOn", out var names) ? Many(names).Select(one => one.GetString()!) : [];

    /// <summary>The service, the task and the container of a role.</summary>
    public (string Service, JsonElement Task, JsonElement Container) RoleOf(string role)
    {
        var (name, task) = Of("AWS::ECS::TaskDefinition").Single(one => EnvironmentOf(one.Value.GetProperty("ContainerDefinitions")[0])["EDNA_ROLE"] == role);
        var service = Of("AWS::ECS::Service").Single(one => one.Value.GetProperty("TaskDefinition").GetProperty("Ref").GetString() == name).Key;
        return (service, task, task.GetProperty("ContainerDefinitions")[0]);
    }

    /// <summary>A container's variables; what is known only when it is deployed, as the template has it.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOf(JsonElement container) => container.GetProperty("Environment").EnumerateArray()
        .ToDictionary(one => one.GetProperty("Name").GetString()!, one => one.GetProperty("Value") is { ValueKind: JsonValueKind.String } value ? value.GetString()! : one.GetProperty("Value").GetRawText());

    /// <summary>The names of variables of a container that come from secrets.</summary>
    public static IReadOnlyList<string> SecretsOf(JsonElement container) =>
        container.TryGetProperty("Secrets", out var secrets) ? [.. secrets.EnumerateArray().Select(one => one.GetProperty("Name").GetString()!).Order(StringComparer.Ordinal)] : [];

    /// <summary>Statements of policies for identities, with the policy's name.</summary>
    public IEnumerable<(string Policy, string? Role, JsonElement Statement)> Statements() =>
        from policy in Of("AWS::IAM::Policy")
        from role in policy.Value.GetProperty("Roles").EnumerateArray()
        from statement in policy.Value.GetProperty("PolicyDocument").GetProperty("Statement").EnumerateArray()
        select (policy.Key, role.GetProperty("Ref").GetString(), statement);

    /// <summary>What a statement lets be done to what, one by one.</summary>
    public static IEnumerable<(string Action, string Resource)> Pairs(JsonElement statement) =>
        from action in Many(statement.GetProperty("Action"))
        from resource in Many(statement.GetProperty("Resource"))
        select (action.GetString()!, resource.ValueKind == JsonValueKind.String ? resource.GetString()! : resource.GetRawText());

    /// <summary>One or many, as a list.</summary>
    public static IEnumerable<JsonElement> Many(JsonElement one) => one.ValueKind == JsonValueKind.Array ? one.EnumerateArray() : [one];
}
