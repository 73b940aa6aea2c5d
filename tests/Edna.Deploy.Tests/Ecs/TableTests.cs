using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Edna.Storage.Dynamo;
using Edna.Storage.Dynamo.Tables;
using Xunit;

namespace Edna.Deploy.Tests.Ecs;

/// <summary>The tables of the stack against those that the code would make.</summary>
public sealed class TableTests(Synthesis synthesis)
{
    [Fact]
    public async Task Tables_are_those_that_init_tables_would_make()
    {
        var options = new DynamoOptions();
        DynamoTable[] wanted = [DynamoTable.Items(options), DynamoTable.GrainState(options), DynamoTable.Reminders(options), DynamoTable.Silos(options)];
        foreach (var template in await synthesis.BothAsync())
        {
            Assert.Equal(
                wanted.Select(table => Print(table.Creation())).Order(StringComparer.Ordinal),
                template.Of("AWS::DynamoDB::Table").Values.Select(table => Print(CreationOf(table, "any"))).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Each_process_is_told_its_tables_by_their_names()
    {
        var template = await synthesis.UsualAsync();
        var keys = new Dictionary<string, string> { ["ItemTable"] = "pk", ["GrainStateTable"] = "GrainReference", ["ReminderTable"] = "ReminderId", ["SiloTable"] = "DeploymentId" };
        var told = Template.EnvironmentOf(template.RoleOf("silo").Container);
        Assert.All(keys, key =>
        {
            var table = template.Of("AWS::DynamoDB::Table").Single(one => one.Value.GetProperty("KeySchema")[0].GetProperty("AttributeName").GetString() == key.Value).Key;
            Assert.Equal($$"""{"Ref":"{{table}}"}""", told[$"Edna__DynamoDb__{key.Key}"]);
        });
        Assert.Equal(told["Edna__DynamoDb__SiloTable"], Template.EnvironmentOf(template.RoleOf("gateway").Container)["Edna__DynamoDb__SiloTable"]);
    }

    [Fact]
    public async Task What_tables_hold_can_be_brought_back_is_encrypted_and_outlives_the_stack()
    {
        var template = await synthesis.UsualAsync();
        Assert.All(template.Of("AWS::DynamoDB::Table"), table =>
        {
            Assert.Equal("PAY_PER_REQUEST", table.Value.GetProperty("BillingMode").GetString());
            Assert.True(table.Value.GetProperty("PointInTimeRecoverySpecification").GetProperty("PointInTimeRecoveryEnabled").GetBoolean());
            Assert.True(table.Value.GetProperty("SSESpecification").GetProperty("SSEEnabled").GetBoolean());
            // Who is a silo now is of use to nobody later.
            var isOfSilos = table.Value.GetProperty("KeySchema")[0].GetProperty("AttributeName").GetString() == "DeploymentId";
            Assert.Equal(isOfSilos ? "Delete" : "RetainExceptOnCreate", template.DeletionOf(table.Key));
        });
    }

    /// <summary>The request that would make a table of the template's.</summary>
    internal static CreateTableRequest CreationOf(JsonElement table, string name)
    {
        List<KeySchemaElement> Keys(JsonElement of) => [.. of.GetProperty("KeySchema").EnumerateArray().Select(key => new KeySchemaElement(key.GetProperty("AttributeName").GetString(), key.GetProperty("KeyType").GetString()))];
        Projection ProjectionOf(JsonElement of) => new() { ProjectionType = of.GetProperty("Projection").GetProperty("ProjectionType").GetString() };
        List<T>? Indexes<T>(string kind, Func<JsonElement, T> read) => table.TryGetProperty(kind, out var all) ? [.. all.EnumerateArray().Select(read)] : null;
        return new()
        {
            TableName = name, KeySchema = Keys(table), BillingMode = table.GetProperty("BillingMode").GetString(),
            AttributeDefinitions = [.. table.GetProperty("AttributeDefinitions").EnumerateArray().Select(one => new AttributeDefinition(one.GetProperty("AttributeName").GetString(), one.GetProperty("AttributeType").GetString()))],
            LocalSecondaryIndexes = Indexes("LocalSecondaryIndexes", one => new LocalSecondaryIndex { IndexName = one.GetProperty("IndexName").GetString(), KeySchema = Keys(one), Projection = ProjectionOf(one) }),
            GlobalSecondaryIndexes = Indexes("GlobalSecondaryIndexes", one => new GlobalSecondaryIndex { IndexName = one.GetProperty("IndexName").GetString(), KeySchema = Keys(one), Projection = ProjectionOf(one) }),
        };
    }

    private static string Print(CreateTableRequest table)
    {
        string Keys(List<KeySchemaElement> keys) => string.Join(", ", keys.Select(key => $"{key.AttributeName} {key.KeyType.Value}"));
        string All(IEnumerable<string> parts) => string.Join("; ", parts.Order(StringComparer.Ordinal));
        return string.Join(" | ", table.BillingMode.Value, Keys(table.KeySchema), All(table.AttributeDefinitions.Select(one => $"{one.AttributeName} {one.AttributeType.Value}")),
            All((table.LocalSecondaryIndexes ?? []).Select(one => $"{one.IndexName}: {Keys(one.KeySchema)} {one.Projection.ProjectionType.Value}")),
            All((table.GlobalSecondaryIndexes ?? []).Select(one => $"{one.IndexName}: {Keys(one.KeySchema)} {one.Projection.ProjectionType.Value}")));
    }
}
