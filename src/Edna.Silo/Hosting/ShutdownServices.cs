using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Edna.Hosting;

/// <summary>Has a host stop in order: not ready, requests done, grains handed over, membership left.</summary>
public static class ShutdownServices
{
    /// <summary>Adds it.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root; the section is <see cref="ShutdownOptions.Section"/>.</param>
    public static IServiceCollection AddEdnaShutdown(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ShutdownOptions>().Bind(configuration.GetSection(ShutdownOptions.Section))
            .Validate(o => o.Timeout >= TimeSpan.FromSeconds(1) && o.Timeout <= TimeSpan.FromSeconds(110), $"{ShutdownOptions.Section}:Timeout: must be 00:00:01 to 00:01:50.")
            .Validate(o => o.Drain >= TimeSpan.Zero && o.Drain <= o.Timeout / 2, $"{ShutdownOptions.Section}:Drain: must be 00:00:00 to half of {ShutdownOptions.Section}:Timeout.")
            .ValidateOnStart();
        services.AddOptions<HostOptions>().Configure<IOptions<ShutdownOptions>>((host, shutdown) => host.ShutdownTimeout = shutdown.Value.Timeout);
        return services.AddHostedService<Draining>();
    }

    /// <summary>Waits before anything is stopped. Orleans and the web server stop after it, the one that was added last first.</summary>
    private sealed class Draining(IOptions<ShutdownOptions> options, TimeProvider time) : IHostedLifecycleService
    {
        public Task StoppingAsync(CancellationToken cancellationToken) => Task.Delay(options.Value.Drain, time, cancellationToken);

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
