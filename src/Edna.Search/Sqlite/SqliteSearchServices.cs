using Edna.Search;
using Edna.Search.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Edna.Hosting;

/// <summary>Adds the embedded search.</summary>
public static class SqliteSearchServices
{
    /// <summary>Keeps the search index in <c>search.db</c> in the <see cref="DataDirectory"/>: <see cref="ISearchIndex"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root; the section is <see cref="SqliteSearchOptions.Section"/>.</param>
    public static IServiceCollection AddSqliteSearch(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SqliteSearchOptions>()
            .Bind(configuration.GetSection(SqliteSearchOptions.Section))
            .Validate(options => options.CacheMegabytes is >= 1 and <= 4096, $"{SqliteSearchOptions.Section}:CacheMegabytes must be 1 to 4096.")
            .Validate(options => options.Readers is >= 1 and <= 64, $"{SqliteSearchOptions.Section}:Readers must be 1 to 64.")
            .Validate(options => options.ReaderCacheMegabytes is >= 1 and <= 4096, $"{SqliteSearchOptions.Section}:ReaderCacheMegabytes must be 1 to 4096.")
            .Validate(options => options.Deadline >= TimeSpan.FromMilliseconds(1) && options.Deadline <= TimeSpan.FromSeconds(25), $"{SqliteSearchOptions.Section}:Deadline must be 1 ms to 25 s.")
            .ValidateOnStart();
        services.AddSingleton(provider => new SearchDatabase(
            provider.GetRequiredService<DataDirectory>(),
            provider.GetRequiredService<IOptions<SqliteSearchOptions>>().Value,
            provider.GetRequiredService<ILogger<SearchDatabase>>(),
            time: provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ISearchIndex, SqliteSearchIndex>();
        return services;
    }
}
