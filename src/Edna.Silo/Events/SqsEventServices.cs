using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Edna.Events;

/// <summary>Adds the intake of object events from SQS, where a queue is configured.</summary>
internal static class SqsEventServices
{
    /// <summary>Registers options and consumer.</summary>
    public static IServiceCollection AddSqsEvents(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(SqsEventOptions.Section);
        services.AddSingleton<IValidateOptions<SqsEventOptions>, SqsEventOptionsValidation>();
        services.AddOptions<SqsEventOptions>().Bind(section).ValidateOnStart();
        if (string.IsNullOrEmpty(section[nameof(SqsEventOptions.QueueUrl)])) return services;
        return services.AddHostedService(provider =>
        {
            var options = provider.GetRequiredService<IOptions<SqsEventOptions>>().Value;
            return new SqsEventConsumer(
                new SqsEventQueue(options), provider.GetRequiredService<IGrainFactory>(), options,
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SqsEventConsumer>>());
        });
    }
}
