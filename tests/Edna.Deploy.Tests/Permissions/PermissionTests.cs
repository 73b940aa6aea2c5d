using System.Text.Json;
using Edna.Admin;
using Edna.Aws;
using Edna.Events;
using Edna.Storage.Dynamo;
using Edna.Storage.Dynamo.State;
using Edna.Storage.S3;
using Xunit;

namespace Edna.Deploy.Tests.Permissions;

/// <summary>The lists of what EDNA does at AWS, held against its compiled code, both ways.</summary>
public sealed class PermissionTests
{
    /// <summary>Signed by EDNA's own hand and sent by clients, or by <c>S3Head</c>.</summary>
    private static readonly string[] s_handSigned = ["s3:GetObject", "s3:PutObject"];

    private static readonly (Type From, string Action)[] s_calls =
        [.. new[] { typeof(S3ObjectStore).Assembly, typeof(SqsAccess).Assembly, typeof(Edna.Search.Elasticsearch.ElasticsearchOptions).Assembly }
            .SelectMany(CallsInCode.Of).Select(call => (call.From, Action: Alias(call.From, call.To) ?? ActionsOfOperations.Of(call.To))).Where(call => call.Action is not null).Select(call => (call.From, call.Action!)).Distinct()];

    public static TheoryData<string> Adapters => [.. Declared().Keys];

    [Theory]
    [MemberData(nameof(Adapters))]
    public void An_adapter_lists_what_it_calls_and_nothing_else(string adapter)
    {
        var (isIts, declared) = Declared()[adapter];
        var called = s_calls.Where(call => isIts(call.From)).Select(call => call.Action).ToHashSet();
        // It tries out what the store does, by the store.
        if (adapter == "check-store") called.ExceptWith(S3Access.Store.Select(access => access.Action));
        if (adapter == "store") called.UnionWith(s_handSigned);
        Assert.Equal(declared.Select(access => access.Action).Distinct().Order(StringComparer.Ordinal), called.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_call_at_AWS_belongs_to_an_adapter_with_a_list() =>
        Assert.All(s_calls.Where(call => call.From != typeof(DynamoCalls) && call.From != typeof(ConditionalDelete)), call => Assert.True(Declared().Values.Count(adapter => adapter.IsIts(call.From)) == 1, $"{call.From} calls {call.Action}"));

    /// <summary>These are signed by EDNA's own hand: what is allowed goes by the method.</summary>
    [Fact]
    public void The_search_adapter_lists_the_methods_that_it_sends_and_nothing_else() => Assert.Equal(
        CallsInCode.Of(typeof(Edna.Search.Elasticsearch.ElasticsearchOptions).Assembly).Where(call => call.To.DeclaringType == typeof(HttpMethod) && call.To.Name.StartsWith("get_", StringComparison.Ordinal) && call.To.IsStatic)
            .Select(call => $"es:ESHttp{call.To.Name[4..]}").Distinct().Order(StringComparer.Ordinal),
        AwsRoles.Search.Select(access => access.Action).Order(StringComparer.Ordinal));

    [Fact]
    public void A_gateway_without_a_silo_only_looks_for_silos() =>
        Assert.Equal([("dynamodb:DescribeTable", AwsResource.SiloTable), ("dynamodb:Query", AwsResource.SiloTable)], RoleOf("gateway").Select(access => (access.Action, access.On)));

    [Fact]
    public void A_silo_can_neither_make_nor_change_tables_and_buckets() => Assert.All(RoleOf("silo"), access =>
    {
        Assert.DoesNotContain("CreateTable", access.Action, StringComparison.Ordinal);
        Assert.DoesNotContain("Bucket", access.Action.Replace("s3:ListBucket", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("*", access.Action, StringComparison.Ordinal);
    });

    [Fact]
    public void Looking_at_a_bucket_sets_nothing_and_applying_sets_what_is_looked_at()
    {
        Assert.All(RoleOf("check-store"), access => Assert.False(access.On == AwsResource.Bucket && access.Action.StartsWith("s3:Put", StringComparison.Ordinal), access.Action));
        Assert.Equal(
            S3Access.Check.Select(access => access.Action.Replace(":Get", ":Put", StringComparison.Ordinal)),
            RoleOf("check-store --apply").Except(RoleOf("check-store")).Select(access => access.Action));
    }

    [Fact]
    public void The_roles_are_told_as_a_table_and_as_JSON_alike()
    {
        using var json = JsonDocument.Parse(PermissionsCommand.Json());
        Assert.Equal(["gateway", "silo", "init-tables", "check-store", "check-store --apply"], json.RootElement.EnumerateObject().Select(role => role.Name));
        foreach (var role in json.RootElement.EnumerateObject())
        {
            Assert.Equal(RoleOf(role.Name).Select(access => (access.Action, access.On.ToString())).Distinct(), role.Value.EnumerateArray().Select(one => (one.GetProperty("action").GetString()!, one.GetProperty("on").GetString()!)));
            Assert.All(role.Value.EnumerateArray(), one => Assert.Contains($"`{one.GetProperty("action").GetString()}`", PermissionsCommand.Table(), StringComparison.Ordinal));
        }
    }

    private static IReadOnlyList<AwsAccess> RoleOf(string name) => AwsRoles.All.Single(role => role.Name == name).Access;

    private static Dictionary<string, (Func<Type, bool> IsIts, IReadOnlyList<AwsAccess> Access)> Declared() => new()
    {
        ["store"] = (type => type.Namespace == "Edna.Storage.S3", [.. S3Access.Store, .. S3Access.Create]),
        ["check-store"] = (type => type.Namespace == "Edna.Storage.S3.Check", [.. S3Access.Check, .. S3Access.Apply]),
        ["items"] = (type => type.Namespace == "Edna.Storage.Dynamo" && type != typeof(DynamoCalls), DynamoAccess.Items),
        ["grain state"] = (type => type.Name == "DynamoGrainStorage", DynamoAccess.GrainState),
        ["reminders"] = (type => type.Name == "DynamoReminderTable", DynamoAccess.Reminders),
        ["members"] = (type => type.Name == "DynamoMembershipTable", DynamoAccess.Members),
        ["gateways"] = (type => type.Name == "DynamoGatewayList", DynamoAccess.Gateways),
        ["start"] = (type => type.Name == "DynamoTablesOnStart", DynamoAccess.OnStart(DynamoAccess.Tables)),
        ["init-tables"] = (type => type.Name == "DynamoTableMaker", DynamoAccess.Making),
        ["events"] = (type => type.Name == "SqsEventQueue", SqsAccess.Intake),
    };

    /// <summary>Calls that go by a method of EDNA's that several adapters share.</summary>
    private static string? Alias(Type from, System.Reflection.MethodBase called) => (called.DeclaringType?.Name, called.Name) switch
    {
        (nameof(DynamoCalls), nameof(DynamoCalls.QueryAllAsync)) when from != typeof(DynamoCalls) => "dynamodb:Query",
        ("ConditionalDelete", "TryAsync") when from.Name != "ConditionalDelete" => "dynamodb:DeleteItem",
        _ => null,
    };
}
