using Edna.Objects;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Edna.Storage.Files;

/// <summary>Adds the embedded object store.</summary>
public static class FileObjectsRegistration
{
    /// <summary>Registers <see cref="FileObjectStore"/> as the <see cref="IObjectStore"/>. Needs a <see cref="Hosting.DataDirectory"/> and a <see cref="TimeProvider"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root of the configuration; section <see cref="FileObjectOptions.Section"/> is read.</param>
    public static IServiceCollection AddFileObjects(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<FileObjectOptions>()
            .Bind(configuration.GetSection(FileObjectOptions.Section))
            .Validate(
                options => options.PublicUrl is null or { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "" },
                $"{FileObjectOptions.Section}:PublicUrl must be an absolute http or https address without a query.")
            .ValidateOnStart();
        services.AddSingleton(provider => new FileStoreAddress
        {
            BaseUri = provider.GetRequiredService<IOptions<FileObjectOptions>>().Value.PublicUrl,
        });
        services.AddSingleton<FileObjectStore>();
        return services.AddSingleton<IObjectStore>(provider => provider.GetRequiredService<FileObjectStore>());
    }
}
