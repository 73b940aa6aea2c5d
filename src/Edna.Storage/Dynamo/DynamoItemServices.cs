using Amazon.DynamoDBv2;
using Edna.Items;
using Edna.Storage.Dynamo;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Edna.Hosting;

/// <summary>Adds the item table in DynamoDB.</summary>
public static class DynamoItemServices
{
    /// <summary>Keeps items and their changes in the table <see cref="DynamoOptions.ItemTable"/>, which must be there.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root; the section is <see cref="DynamoOptions.Section"/>.</param>
    public static IServiceCollection AddDynamoItems(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddDynamoClient(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IItemTable>(provider => new DynamoItemTable(new(
            provider.GetRequiredService<IAmazonDynamoDB>(), provider.GetRequiredService<DynamoOptions>(),
            provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId, provider.GetRequiredService<TimeProvider>())));
        return services;
    }
}
