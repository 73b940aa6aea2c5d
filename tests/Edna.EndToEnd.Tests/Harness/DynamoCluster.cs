using Xunit;

namespace Edna.Harness;

/// <summary>Settings of silos and gateways that find each other through tables of a test's own in DynamoDB.</summary>
internal static class DynamoCluster
{
    /// <summary>Makes the tables. Skips the test when there is no server.</summary>
    /// <returns>Environment variables for every process of the cluster.</returns>
    public static async Task<Dictionary<string, string?>> CreateAsync(TempFolder folder, CancellationToken ct)
    {
        var endpoint = Environment.GetEnvironmentVariable("EDNA_TEST_DYNAMO_ENDPOINT");
        if (string.IsNullOrEmpty(endpoint)) Assert.Skip("EDNA_TEST_DYNAMO_ENDPOINT is not set: there is no DynamoDB to test against. ./test.sh starts one.");
        var own = $"t{Guid.NewGuid():n}";
        var settings = new Dictionary<string, string?>
        {
            ["Edna__State__Provider"] = "DynamoDb", ["Edna__Cluster__Provider"] = "DynamoDb", ["Edna__Cluster__AdvertisedIp"] = "127.0.0.1",
            ["Edna__DynamoDb__Endpoint"] = endpoint, ["Edna__DynamoDb__AccessKeyId"] = "ednatest", ["Edna__DynamoDb__SecretAccessKey"] = "ednatestsecret",
            ["Edna__DynamoDb__ItemTable"] = $"{own}.items", ["Edna__DynamoDb__SiloTable"] = $"{own}.silos",
            ["Edna__DynamoDb__GrainStateTable"] = $"{own}.state", ["Edna__DynamoDb__ReminderTable"] = $"{own}.reminders",
            ["EDNA_ADMIN_KEY"] = "edna_0123456789abcdef0123456789", ["EDNA_CALLBACK_KEY"] = "edna_fedcba9876543210fedcba9876",
        };
        await using var init = await ChildProcess.StartAsync(["dotnet", Programs.Silo, "init-tables", "--no-recovery"], settings, folder.Path, ct);
        Assert.True(await init.WaitAsync(ct) == 0, init.Log);
        return settings;
    }
}
