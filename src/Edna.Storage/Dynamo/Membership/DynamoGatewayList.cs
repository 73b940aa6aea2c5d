using Amazon.DynamoDBv2;
using Edna.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace Edna.Storage.Dynamo.Membership;

/// <summary>Where clients of the cluster find silos that take them: the active ones with a gateway, by a query of the cluster's rows.</summary>
/// <remarks>What it needs of IAM: <see cref="DynamoAccess.Gateways"/>.</remarks>
internal sealed class DynamoGatewayList(
    [FromKeyedServices(DynamoClientRegistration.Apart)] IAmazonDynamoDB client, DynamoOptions options, IOptions<ClusterOptions> cluster, IOptions<GatewayOptions> gateways)
    : IGatewayListProvider
{
    /// <inheritdoc />
    public TimeSpan MaxStaleness => gateways.Value.GatewayListRefreshPeriod;

    /// <inheritdoc />
    public bool IsUpdatable => true;

    /// <inheritdoc />
    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    /// <inheritdoc />
    public Task<IList<Uri>> GetGateways() => GetGatewaysAsync(CancellationToken.None);

    /// <inheritdoc />
    public async Task<IList<Uri>> GetGatewaysAsync(CancellationToken cancellationToken)
    {
        var rows = await client.QueryAllAsync(new()
        {
            TableName = options.SiloTable,
            KeyConditionExpression = $"{SiloRow.Cluster} = :cluster",
            FilterExpression = $"{SiloRow.Status} = :active AND {SiloRow.ProxyPort} > :none",
            ExpressionAttributeValues = new()
            {
                [":cluster"] = new(cluster.Value.ClusterId), [":active"] = DynamoCalls.Number((int)SiloStatus.Active), [":none"] = DynamoCalls.Number(0),
            },
            ConsistentRead = true,
        }, cancellationToken);
        return [.. rows.Select(row => SiloRow.GatewayOf(row).ToGatewayUri())];
    }
}
