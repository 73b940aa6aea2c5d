using Amazon.DynamoDBv2;
using Edna.Hosting;
using Edna.Storage.Dynamo;
using Xunit;

namespace Edna.Storage.Tests.Dynamo;

/// <summary>The DynamoDB to test against, with tables of a test's own.</summary>
internal static class DynamoServer
{
    /// <summary>Options with names that no other test has. Skips the test when there is no server.</summary>
    public static DynamoOptions Options()
    {
        var endpoint = Environment.GetEnvironmentVariable("EDNA_TEST_DYNAMO_ENDPOINT");
        if (string.IsNullOrEmpty(endpoint)) Assert.Skip("EDNA_TEST_DYNAMO_ENDPOINT is not set: there is no DynamoDB to test against. ./test.sh starts one.");
        var own = $"t{Guid.NewGuid():n}";
        return new()
        {
            Endpoint = new(endpoint), AccessKeyId = "ednatest", SecretAccessKey = "ednatestsecret", TransactionActions = 10, Patience = TimeSpan.FromSeconds(60),
            ItemTable = $"{own}.items", SiloTable = $"{own}.silos", GrainStateTable = $"{own}.state", ReminderTable = $"{own}.reminders",
        };
    }

    /// <summary>A client of it.</summary>
    public static IAmazonDynamoDB Client(DynamoOptions options) => DynamoClientRegistration.Client(options);
}
