using Amazon.DynamoDBv2;
using Edna.Hosting;
using Edna.Items;
using Edna.Storage.Dynamo.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Xunit;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Storage.Tests.Dynamo;

public sealed class DynamoItemServicesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_configured_is_the_table_that_is_used()
    {
        await using var host = await DynamoItemTableHost.StartAsync(Ct);
        await using var services = Services(new()
        {
            ["Edna:DynamoDb:Endpoint"] = host.Options.Endpoint!.ToString(), ["Edna:DynamoDb:AccessKeyId"] = host.Options.AccessKeyId,
            ["Edna:DynamoDb:SecretAccessKey"] = host.Options.SecretAccessKey, ["Edna:DynamoDb:ItemTable"] = host.Options.ItemTable,
            ["Edna:DynamoDb:TransactionActions"] = "10",
        });
        await services.GetRequiredService<IItemTable>().PutAsync(Row("a"));
        Assert.NotNull(await host.Table.ReadAsync(Row("a").Key, Ct));
    }

    [Theory]
    [InlineData("3")]
    [InlineData("101")]
    public async Task Actions_of_a_transaction_are_as_many_as_a_server_may_take(string actions)
    {
        await using var services = Services(new() { ["Edna:DynamoDb:Region"] = "eu-west-1", ["Edna:DynamoDb:TransactionActions"] = actions });
        var fault = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IItemTable>());
        Assert.Contains("Edna:DynamoDb:TransactionActions must be 4 to 100.", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Keys and indexes of a table that is there cannot be changed: whoever changes the definition must bring the tables along.</summary>
    [Fact]
    public void The_definition_of_the_table_is_what_it_was()
    {
        var table = DynamoTable.Items(new() { ItemTable = "items" }).Creation();
        Assert.Equal(("items", BillingMode.PAY_PER_REQUEST), (table.TableName, table.BillingMode));
        Assert.Equal("pk HASH, sk RANGE", Keys(table.KeySchema));
        Assert.Equal(["d N", "p B", "pk S", "sk S", "t N", "u N"], table.AttributeDefinitions.Select(a => $"{a.AttributeName} {a.AttributeType}").Order(StringComparer.Ordinal));
        Assert.Equal(
            ["by-deadline: pk HASH, u RANGE", "by-dirty: pk HASH, d RANGE", "by-path: pk HASH, p RANGE", "by-trash: pk HASH, t RANGE"],
            table.LocalSecondaryIndexes.Select(index => $"{index.IndexName}: {Keys(index.KeySchema)}").Order(StringComparer.Ordinal));
        Assert.All(table.LocalSecondaryIndexes, index => Assert.Equal(ProjectionType.KEYS_ONLY, index.Projection.ProjectionType));
        Assert.Empty(table.GlobalSecondaryIndexes ?? []);
    }

    private static string Keys(List<Amazon.DynamoDBv2.Model.KeySchemaElement> keys) => string.Join(", ", keys.Select(key => $"{key.AttributeName} {key.KeyType}"));

    private static ServiceProvider Services(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new ServiceCollection().Configure<ClusterOptions>(cluster => cluster.ServiceId = "edna").AddDynamoItems(configuration).BuildServiceProvider();
    }
}
