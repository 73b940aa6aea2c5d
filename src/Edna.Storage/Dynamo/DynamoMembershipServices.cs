using Edna.Storage.Dynamo;
using Edna.Storage.Dynamo.Membership;
using Edna.Storage.Dynamo.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Messaging;

namespace Edna.Hosting;

/// <summary>Adds the list of the cluster's members in DynamoDB.</summary>
public static class DynamoMembershipServices
{
    /// <summary>Registers <see cref="IMembershipTable"/>, by which silos find each other. The host does not start while the table is missing.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root; the section is <see cref="DynamoOptions.Section"/>.</param>
    public static IServiceCollection AddDynamoMembership(this IServiceCollection services, IConfiguration configuration) =>
        services.AddDynamoClient(configuration).AddDynamoTable(DynamoTable.Silos).AddSingleton<IMembershipTable, DynamoMembershipTable>();

    /// <summary>Registers <see cref="IGatewayListProvider"/>, by which clients find silos. The host does not start while the table is missing.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root; the section is <see cref="DynamoOptions.Section"/>.</param>
    public static IServiceCollection AddDynamoGateways(this IServiceCollection services, IConfiguration configuration) =>
        services.AddDynamoClient(configuration).AddDynamoTable(DynamoTable.Silos).AddSingleton<IGatewayListProvider, DynamoGatewayList>();
}
