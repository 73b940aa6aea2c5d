using Edna.Items;
using Edna.Storage.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Edna.Hosting;

/// <summary>Adds the embedded state.</summary>
public static class SqliteStateServices
{
    /// <summary>
    /// Keeps items, grain state and reminders in <c>edna.db</c> in the <see cref="DataDirectory"/>: <see cref="IItemTable"/>,
    /// the <see cref="IGrainStorage"/> named <c>Default</c>, and <see cref="IReminderTable"/>. The file is opened, and the directory
    /// locked to this process, when one of them is first asked for.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root; the section is <see cref="SqliteStateOptions.Section"/>.</param>
    public static IServiceCollection AddSqliteState(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SqliteStateOptions>()
            .Bind(configuration.GetSection(SqliteStateOptions.Section))
            .Validate(options => options.CacheMegabytes is >= 1 and <= 4096, $"{SqliteStateOptions.Section}:CacheMegabytes must be 1 to 4096.")
            .Validate(options => options.Readers is >= 1 and <= 64, $"{SqliteStateOptions.Section}:Readers must be 1 to 64.")
            .ValidateOnStart();
        services.AddSingleton(provider => new StateDatabase(
            provider.GetRequiredService<DataDirectory>(),
            provider.GetRequiredService<IOptions<SqliteStateOptions>>().Value,
            provider.GetRequiredService<ILogger<StateDatabase>>()));
        services.AddSingleton<IItemTable, SqliteItemTable>();
        services.AddSingleton<IReminderTable, SqliteReminderTable>();
        services.AddSingleton<SqliteGrainStorage>();
        services.AddGrainStorage("Default", (provider, _) => provider.GetRequiredService<SqliteGrainStorage>());
        return services;
    }
}
