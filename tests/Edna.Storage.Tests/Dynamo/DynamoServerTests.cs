using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Edna.Storage.Dynamo;
using Xunit;

namespace Edna.Storage.Tests.Dynamo;

/// <summary>What all adapters take for granted of the server.</summary>
public sealed class DynamoServerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transactions_and_conditions_work_on_a_table_on_demand()
    {
        var options = DynamoServer.Options();
        using var client = DynamoServer.Client(options);
        await client.CreateTableAsync(new CreateTableRequest
        {
            TableName = options.ItemTable, BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions = [new("k", ScalarAttributeType.S)], KeySchema = [new("k", KeyType.HASH)],
        }, Ct);
        TransactWriteItem New(string key) => new()
        {
            Put = new() { TableName = options.ItemTable, Item = new() { ["k"] = new(key) }, ConditionExpression = "attribute_not_exists(k)" },
        };
        await client.TransactWriteItemsAsync(new() { TransactItems = [New("a"), New("b")] }, Ct);
        var refused = await Assert.ThrowsAsync<TransactionCanceledException>(() => client.TransactWriteItemsAsync(new() { TransactItems = [New("c"), New("b")] }, Ct));
        Assert.Equal(["None", "ConditionalCheckFailed"], refused.CancellationReasons.Select(reason => reason.Code));
        Assert.Equal(2, (await client.ScanAsync(new ScanRequest(options.ItemTable), Ct)).Count);
    }

    [Theory]
    [InlineData("ItemTable", "a")]
    [InlineData("SiloTable", "no spaces")]
    [InlineData("ReminderTable", "OrleansSilos")]
    public void Names_of_tables_are_checked(string key, string value)
    {
        var options = new DynamoOptions { Region = "eu-west-1" };
        Assert.True(new DynamoOptionsValidation().Validate(null, options).Succeeded);
        typeof(DynamoOptions).GetProperty(key)!.SetValue(options, value);
        Assert.Contains($"Edna:DynamoDb:{key} must be", new DynamoOptionsValidation().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_region_is_needed_unless_there_is_an_endpoint()
    {
        Assert.Contains("Edna:DynamoDb:Region must be set", new DynamoOptionsValidation().Validate(null, new()).FailureMessage, StringComparison.Ordinal);
        Assert.True(new DynamoOptionsValidation().Validate(null, new() { Endpoint = new("http://127.0.0.1:1") }).Succeeded);
    }
}
