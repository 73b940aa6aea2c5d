using Amazon;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Edna.Storage.Aws;
using Edna.Storage.Dynamo;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Edna.Hosting;

/// <summary>Adds the clients of DynamoDB that its adapters share.</summary>
internal static class DynamoClientRegistration
{
    /// <summary>
    /// The key of the client for membership, grain state and reminders. The other one slows all of its calls down together when some are
    /// throttled, and refuses them while it is slowest: a busy item table must not keep a silo from its heartbeat.
    /// </summary>
    public const string Apart = "edna.dynamo.apart";

    /// <summary>The longest that one attempt of a call may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Registers the options, <see cref="IAmazonDynamoDB"/>, and the one that is <see cref="Apart"/>; as often as is wanted.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root; section <see cref="DynamoOptions.Section"/>, <c>AWS_REGION</c> and <c>AWS_DEFAULT_REGION</c> are read.</param>
    public static IServiceCollection AddDynamoClient(this IServiceCollection services, IConfiguration configuration)
    {
        if (services.Any(service => service.ServiceType == typeof(IAmazonDynamoDB))) return services;
        services.AddSingleton<IValidateOptions<DynamoOptions>, DynamoOptionsValidation>();
        services.AddOptions<DynamoOptions>().Bind(configuration.GetSection(DynamoOptions.Section))
            .PostConfigure(options => options.Region = Set(options.Region) ?? Set(configuration["AWS_REGION"]) ?? Set(configuration["AWS_DEFAULT_REGION"]))
            .ValidateOnStart();
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<DynamoOptions>>().Value);
        services.AddSingleton(provider => Client(provider.GetRequiredService<DynamoOptions>()));
        services.AddKeyedSingleton(Apart, (provider, _) => Client(provider.GetRequiredService<DynamoOptions>(), RequestRetryMode.Standard));
        return services;
    }

    /// <summary>A client. Throttled calls are tried again by the SDK: adaptively, at a pace for all calls that follows how much is refused; else each by itself.</summary>
    public static IAmazonDynamoDB Client(DynamoOptions options, RequestRetryMode mode = RequestRetryMode.Adaptive)
    {
        Throttles.Count();
        // Pauses of the standard mode grow to 1, 2 and 4 seconds: more of them would outlast whoever asked.
        var config = new AmazonDynamoDBConfig { RetryMode = mode, MaxErrorRetry = mode == RequestRetryMode.Standard ? 3 : 4, Timeout = Patience };
        if (options.Endpoint is { } endpoint) (config.ServiceURL, config.AuthenticationRegion) = (endpoint.ToString(), options.Region ?? "us-east-1");
        else config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        return options.AccessKeyId is { Length: > 0 } id
            ? new AmazonDynamoDBClient(new BasicAWSCredentials(id, options.SecretAccessKey), config)
            : new AmazonDynamoDBClient(config);
    }

    private static string? Set(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
