using Edna.Storage.Dynamo;
using Edna.Storage.Dynamo.State;
using Edna.Storage.Dynamo.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Edna.Hosting;

/// <summary>Adds state in DynamoDB.</summary>
public static class DynamoStateServices
{
    /// <summary>
    /// Keeps items, grain state and reminders in DynamoDB: <see cref="Edna.Items.IItemTable"/>, the <see cref="IGrainStorage"/> named <c>Default</c>, and
    /// <see cref="IReminderTable"/>. The host does not start while a table is missing.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root; the section is <see cref="DynamoOptions.Section"/>.</param>
    public static IServiceCollection AddDynamoState(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddDynamoItems(configuration);
        services.AddDynamoTable(DynamoTable.Items).AddDynamoTable(DynamoTable.GrainState).AddDynamoTable(DynamoTable.Reminders);
        services.AddSingleton<IReminderTable, DynamoReminderTable>();
        services.AddSingleton<DynamoGrainStorage>();
        services.AddGrainStorage("Default", static (provider, _) => provider.GetRequiredService<DynamoGrainStorage>());
        return services;
    }

    /// <summary>Adds a table that the host needs, and that <c>init-tables</c> makes.</summary>
    /// <param name="services">The services.</param>
    /// <param name="table">The table, by its name in the options.</param>
    internal static IServiceCollection AddDynamoTable(this IServiceCollection services, Func<DynamoOptions, DynamoTable> table)
    {
        if (services.All(service => service.ImplementationType != typeof(DynamoTablesOnStart)))
        {
            services.AddSingleton<DynamoTableMaker>();
            services.AddHostedService<DynamoTablesOnStart>();
        }
        return services.AddSingleton(provider => table(provider.GetRequiredService<DynamoOptions>()));
    }
}
