using Edna.Search;
using Edna.Search.Elasticsearch;
using Edna.Search.Elasticsearch.Signing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Edna.Hosting;

/// <summary>Adds search on a server.</summary>
public static class ElasticsearchSearchServices
{
    /// <summary>Keeps the search index on a server of Elasticsearch or OpenSearch: <see cref="ISearchIndex"/>. Needs a <see cref="TimeProvider"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root; section <see cref="ElasticsearchOptions.Section"/> and <c>AWS_REGION</c> are read.</param>
    public static IServiceCollection AddElasticsearchSearch(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddSingleton<IValidateOptions<ElasticsearchOptions>, ElasticsearchOptionsValidation>();
        services.AddOptions<ElasticsearchOptions>()
            .Bind(configuration.GetSection(ElasticsearchOptions.Section))
            .PostConfigure(options => options.AwsRegion = Set(options.AwsRegion) ?? Set(configuration["AWS_REGION"]) ?? Set(configuration["AWS_DEFAULT_REGION"]))
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ElasticsearchOptions>>().Value);
        services.AddSingleton<IRequestAuthorization>(provider => Authorization(provider.GetRequiredService<ElasticsearchOptions>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ElasticsearchClient>();
        services.AddSingleton<IndexLifecycle>();
        services.AddSingleton<BulkPush>();
        services.AddSingleton<NextIndexes>();
        services.AddSingleton<PointsInTime>();
        return services.AddSingleton<ISearchIndex, ElasticsearchIndex>();
    }

    private static IRequestAuthorization Authorization(ElasticsearchOptions options, TimeProvider time) => options.Authentication switch
    {
        ElasticsearchAuthentication.None => new HeaderAuthorization(null),
        ElasticsearchAuthentication.Basic => HeaderAuthorization.Basic(options.Username!, options.Password!),
        ElasticsearchAuthentication.ApiKey => HeaderAuthorization.ApiKey(options.ApiKey!),
        ElasticsearchAuthentication.Aws => new AwsAuthorization(options.AwsRegion!, options.AwsService, AwsAuthorization.FromChainAsync, time),
        _ => throw new ArgumentException($"There is no authentication '{options.Authentication}'.", nameof(options)),
    };

    private static string? Set(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
