using System.Net;
using Edna.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Edna.Hosting;

/// <summary>Adds what webhooks need.</summary>
internal static class WebhookServices
{
    /// <summary>Registers options, notifier, targets and sender.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidation>();
        services.AddOptions<WebhookOptions>().Bind(configuration.GetSection(WebhookOptions.Section)).ValidateOnStart();
        services.AddSingleton<HostLookup>(Dns.GetHostAddressesAsync);
        return services.AddSingleton<WebhookTargets>().AddSingleton<WebhookSender>().AddSingleton<WebhookNotifier>();
    }
}
