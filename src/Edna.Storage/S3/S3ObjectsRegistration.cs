using Edna.Objects;
using Edna.Storage.S3.Check;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Edna.Storage.S3;

/// <summary>Adds the S3 object store.</summary>
public static class S3ObjectsRegistration
{
    /// <summary>Registers <see cref="S3ObjectStore"/> as the <see cref="IObjectStore"/>. Needs a <see cref="TimeProvider"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root of the configuration; section <see cref="S3ObjectOptions.Section"/> and <c>AWS_REGION</c> are read.</param>
    public static IServiceCollection AddS3Objects(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddSingleton<IValidateOptions<S3ObjectOptions>, S3ObjectOptionsValidation>();
        services.AddOptions<S3ObjectOptions>()
            .Bind(configuration.GetSection(S3ObjectOptions.Section))
            .PostConfigure(options => options.Region = Set(options.Region) ?? Set(configuration["AWS_REGION"]) ?? Set(configuration["AWS_DEFAULT_REGION"]))
            .ValidateOnStart();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<S3CredentialSource>(
            provider, provider.GetRequiredService<IOptions<S3ObjectOptions>>().Value));
        services.AddHostedService(provider => provider.GetRequiredService<S3CredentialSource>());
        services.AddSingleton(provider => new S3ObjectStore(
            provider.GetRequiredService<IOptions<S3ObjectOptions>>().Value,
            provider.GetRequiredService<S3CredentialSource>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<S3BucketOnStart>();
        services.AddSingleton(provider => new S3BucketCheck(
            provider.GetRequiredService<IOptions<S3ObjectOptions>>().Value,
            provider.GetRequiredService<S3CredentialSource>(),
            provider.GetRequiredService<S3ObjectStore>(),
            provider.GetRequiredService<TimeProvider>()));
        return services.AddSingleton<IObjectStore>(provider => provider.GetRequiredService<S3ObjectStore>());
    }

    private static string? Set(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;

    private sealed class S3BucketOnStart(S3ObjectStore store, IOptions<S3ObjectOptions> options) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            if (options.Value.CreateBucket) await store.CreateBucketAsync(cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
