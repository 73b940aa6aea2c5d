using Microsoft.Extensions.Hosting;

namespace Edna.Hosting;

/// <summary>Makes a host a client of a silo that is a process of its own.</summary>
public static class EdnaClusterClientHosting
{
    /// <summary>Adds a client that connects to <c>Edna:Cluster:GatewayPort</c> on this machine and waits until the silo is there.</summary>
    /// <param name="builder">The host that is being built.</param>
    public static IHostApplicationBuilder AddEdnaClusterClient(this IHostApplicationBuilder builder)
    {
        builder.Services.AddEdnaDataDirectory(builder.Configuration);
        builder.UseOrleansClient(client =>
        {
            client.UseLocalhostClustering(ClusterPorts.ReadGateway(builder.Configuration), ClusterPorts.ServiceId, ClusterPorts.ClusterId);
            client.UseConnectionRetryFilter(async (_, cancellation) =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), cancellation);
                return !cancellation.IsCancellationRequested;
            });
        });
        return builder;
    }
}
