using Edna.Storage.Files;
using Edna.Storage.S3;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Edna.Hosting;

/// <summary>Chooses the adapter of each port by configuration. The defaults are the embedded ones.</summary>
internal static class EdnaAdapters
{
    /// <summary>Registers the adapters that <c>Edna:Objects:Provider</c>, <c>Edna:State:Provider</c>, <c>Edna:Search:Provider</c> and <c>Edna:Cluster:Provider</c> name.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root of the configuration.</param>
    public static void AddEdnaAdapters(this IServiceCollection services, IConfiguration configuration)
    {
        Choose(services, configuration, "Edna:Objects:Provider", new() { ["Files"] = s => s.AddFileObjects(configuration), ["S3"] = s => s.AddS3Objects(configuration) });
        Choose(services, configuration, "Edna:State:Provider", new() { ["Sqlite"] = s => s.AddSqliteState(configuration), ["DynamoDb"] = s => s.AddDynamoState(configuration) });
        Choose(services, configuration, "Edna:Search:Provider", new() { ["Sqlite"] = s => s.AddSqliteSearch(configuration), ["Elasticsearch"] = s => s.AddElasticsearchSearch(configuration) });
        Choose(services, configuration, "Edna:Cluster:Provider", new() { ["Localhost"] = s => s, ["DynamoDb"] = s => s.AddDynamoMembership(configuration) });
        if (ClusterShape.IsOnThisMachine(configuration)) return;
        Share(configuration, "Edna:State:Provider", "DynamoDb", "state");
        Share(configuration, "Edna:Objects:Provider", "S3", "objects");
        Share(configuration, "Edna:Search:Provider", "Elasticsearch", "search index");
    }

    private static void Choose(
        IServiceCollection services, IConfiguration configuration, string key, OrderedDictionary<string, Func<IServiceCollection, IServiceCollection>> adapters)
    {
        var name = configuration[key] is { Length: > 0 } chosen ? chosen : adapters.GetAt(0).Key;
        if (!adapters.TryGetValue(name, out var add))
            throw Wrong(key, $"must be {string.Join(" or ", adapters.Keys)}, not '{name}'");
        add(services);
    }

    private static void Share(IConfiguration configuration, string key, string provider, string what)
    {
        if (configuration[key] != provider) throw Wrong(key, $"must be {provider} when Edna:Cluster:Provider is DynamoDb: silos of a cluster share their {what}");
    }

    private static OptionsValidationException Wrong(string key, string reason) => new(key, typeof(string), [$"{key}: {reason}."]);
}
