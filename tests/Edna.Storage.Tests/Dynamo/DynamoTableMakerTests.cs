using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Edna.Hosting;
using Edna.Storage.Dynamo.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Edna.Storage.Tests.Dynamo;

public sealed class DynamoTableMakerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Making_tables_twice_changes_nothing_and_a_host_starts_on_them()
    {
        var options = DynamoServer.Options();
        using var client = DynamoServer.Client(options);
        DynamoTable[] tables = [DynamoTable.Items(options), DynamoTable.Silos(options), DynamoTable.GrainState(options), DynamoTable.Reminders(options)];
        var maker = new DynamoTableMaker(client, tables, TimeProvider.System);
        foreach (var made in new[] { true, false })
        {
            foreach (var table in maker.Tables) Assert.Equal(new(table, made, null, null), await maker.MakeAsync(table, pointInTimeRecovery: false, Ct));
        }
        foreach (var table in tables)
        {
            var there = (await client.DescribeTableAsync(table.Name, Ct)).Table;
            Assert.Equal((TableStatus.ACTIVE, BillingMode.PAY_PER_REQUEST), (there.TableStatus, there.BillingModeSummary.BillingMode));
        }
        await new DynamoTablesOnStart(client, tables).StartAsync(Ct);
    }

    [Fact]
    public async Task A_server_that_has_no_backups_is_told_of()
    {
        var options = DynamoServer.Options();
        using var client = DynamoServer.Client(options);
        var outcome = await new DynamoTableMaker(client, [], TimeProvider.System).MakeAsync(DynamoTable.Silos(options), pointInTimeRecovery: true, Ct);
        Assert.Equal((true, false), (outcome.Made, outcome.Recoverable));
    }

    [Fact]
    public async Task A_table_with_other_keys_is_left_as_it_is_and_told_of()
    {
        var options = DynamoServer.Options();
        using var client = DynamoServer.Client(options);
        await client.CreateTableAsync(new CreateTableRequest
        {
            TableName = options.ReminderTable, BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions = [new("ReminderId", ScalarAttributeType.S), new("GrainHash", ScalarAttributeType.S)],
            KeySchema = [new("ReminderId", KeyType.HASH), new("GrainHash", KeyType.RANGE)],
        }, Ct);
        var table = DynamoTable.Reminders(options);
        var outcome = await new DynamoTableMaker(client, [], TimeProvider.System).MakeAsync(table, pointInTimeRecovery: true, Ct);
        Assert.Equal((false, "its keys are ReminderId (S), GrainHash (S), and must be ReminderId (S), GrainHash (N)"), (outcome.Made, outcome.Difference));
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => new DynamoTablesOnStart(client, [table]).StartAsync(Ct));
        Assert.StartsWith($"Edna:DynamoDb:ReminderTable: the table '{table.Name}' will not do: its keys are", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Indexes_are_compared_too()
    {
        var table = DynamoTable.Reminders(new());
        var creation = table.Creation();
        TableDescription There(params GlobalSecondaryIndex[] indexes) => new()
        {
            KeySchema = creation.KeySchema, AttributeDefinitions = creation.AttributeDefinitions,
            GlobalSecondaryIndexes = [.. indexes.Select(index => new GlobalSecondaryIndexDescription { IndexName = index.IndexName, KeySchema = index.KeySchema, Projection = index.Projection })],
        };
        Assert.Null(table.Differs(There([.. creation.GlobalSecondaryIndexes])));
        Assert.Equal("it has no global index ServiceIdGrainReferenceIndex by ServiceId (S), GrainReference (S)", table.Differs(There(creation.GlobalSecondaryIndexes[0])));
        creation.GlobalSecondaryIndexes[1].KeySchema = creation.GlobalSecondaryIndexes[0].KeySchema;
        Assert.Equal("its index ServiceIdGrainReferenceIndex is by ServiceId (S), GrainHash (N), and must be by ServiceId (S), GrainReference (S)",
            table.Differs(There([.. creation.GlobalSecondaryIndexes])));
    }

    [Fact]
    public void A_global_index_must_have_every_attribute()
    {
        var table = DynamoTable.Reminders(new());
        var creation = table.Creation();
        var there = new TableDescription
        {
            KeySchema = creation.KeySchema, AttributeDefinitions = creation.AttributeDefinitions,
            GlobalSecondaryIndexes = [.. creation.GlobalSecondaryIndexes.Select(index => new GlobalSecondaryIndexDescription
            {
                IndexName = index.IndexName, KeySchema = index.KeySchema, Projection = new() { ProjectionType = ProjectionType.KEYS_ONLY },
            })],
        };
        Assert.Equal("its index ServiceIdIndex has KEYS_ONLY, and must have ALL", table.Differs(there));
    }

    [Theory]
    [InlineData("ACTIVE", null)]
    [InlineData("UPDATING", null)]
    [InlineData("CREATING", null)]
    [InlineData("DELETING", "it is DELETING, and cannot be used")]
    [InlineData("ARCHIVED", "it is ARCHIVED, and cannot be used")]
    [InlineData("INACCESSIBLE_ENCRYPTION_CREDENTIALS", "it is INACCESSIBLE_ENCRYPTION_CREDENTIALS, and cannot be used")]
    public void A_table_that_will_not_become_usable_is_not_waited_for(string status, string? difference)
    {
        var table = DynamoTable.Silos(new());
        var creation = table.Creation();
        Assert.Equal(difference, table.Differs(new() { KeySchema = creation.KeySchema, AttributeDefinitions = creation.AttributeDefinitions, TableStatus = new(status) }));
    }

    [Fact]
    public void Local_indexes_are_compared_too()
    {
        var table = DynamoTable.Items(new());
        var creation = table.Creation();
        var there = new TableDescription
        {
            KeySchema = creation.KeySchema, AttributeDefinitions = creation.AttributeDefinitions,
            LocalSecondaryIndexes = [.. creation.LocalSecondaryIndexes.Select(index => new LocalSecondaryIndexDescription { IndexName = index.IndexName, KeySchema = index.KeySchema })],
        };
        Assert.Null(table.Differs(there));
        there.LocalSecondaryIndexes.RemoveAt(1);
        Assert.Equal("it has no local index by-dirty by pk (S), d (N)", table.Differs(there));
    }

    [Fact]
    public async Task A_host_stops_on_start_when_tables_are_missing_and_makes_none()
    {
        var options = DynamoServer.Options();
        using var client = DynamoServer.Client(options);
        var start = new DynamoTablesOnStart(client, [DynamoTable.Silos(options), DynamoTable.GrainState(options)]);
        var missing = await Assert.ThrowsAsync<OptionsValidationException>(() => start.StartAsync(Ct));
        Assert.Equal(
            [
                $"Edna:DynamoDb:SiloTable: there is no table '{options.SiloTable}'. `Edna.Silo init-tables`, with the same configuration, makes it.",
                $"Edna:DynamoDb:GrainStateTable: there is no table '{options.GrainStateTable}'. `Edna.Silo init-tables`, with the same configuration, makes it.",
            ],
            missing.Failures);
        await Assert.ThrowsAsync<ResourceNotFoundException>(() => client.DescribeTableAsync(options.SiloTable, Ct));
    }

    [Fact]
    public void State_and_membership_have_a_client_apart_from_the_one_that_slows_down_as_a_whole()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Edna:DynamoDb:Region", "eu-west-1")]).Build();
        using var with = new ServiceCollection().AddLogging().AddDynamoState(configuration).AddDynamoMembership(configuration).BuildServiceProvider();
        Assert.Equal(["EdnaItems", "OrleansGrainState", "OrleansReminders", "OrleansSilos"], with.GetServices<DynamoTable>().Select(table => table.Name));
        Assert.Equal((RequestRetryMode.Adaptive, RequestRetryMode.Standard),
            (with.GetRequiredService<IAmazonDynamoDB>().Config.RetryMode, with.GetRequiredKeyedService<IAmazonDynamoDB>(DynamoClientRegistration.Apart).Config.RetryMode));
    }
}
