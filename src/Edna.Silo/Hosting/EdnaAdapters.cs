using Edna.Storage.Files;
using Edna.Storage.S3;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Edna.Hosting;

/// <summary>Chooses the adapter of each port by configuration. The defaults are the embedded ones.</summary>
internal static class EdnaAdapters
{
    /// <summary>Registers the adapters that <c>Edna:Objects:Provider</c>, <c>Edna:State:Provider</c> and <c>Edna:Search:Provider</c> name.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root of the configuration.</param>
    public static void AddEdnaAdapters(this IServiceCollection services, IConfiguration configuration)
    {
        Choose(services, configuration, "Edna:Objects:Provider", new() { ["Files"] = s => s.AddFileObjects(configuration), ["S3"] = s => s.AddS3Objects(configuration) });
        Choose(services, configuration, "Edna:State:Provider", new() { ["Sqlite"] = s => s.AddSqliteState(configuration) });
        Choose(services, configuration, "Edna:Search:Provider", new() { ["Sqlite"] = s => s.AddSqliteSearch(configuration), ["Elasticsearch"] = s => s.AddElasticsearchSearch(configuration) });
        Choose(services, configuration, "Edna:Cluster:Provider", new() { ["Localhost"] = s => s });
    }

    private static void Choose(
        IServiceCollection services, IConfiguration configuration, string key, OrderedDictionary<string, Func<IServiceCollection, IServiceCollection>> adapters)
    {
        var name = configuration[key] is { Length: > 0 } chosen ? chosen : adapters.GetAt(0).Key;
        if (!adapters.TryGetValue(name, out var add))
            throw new OptionsValidationException(key, typeof(string), [$"{key}: must be {string.Join(" or ", adapters.Keys)}, not '{name}'."]);
        add(services);
    }
}
