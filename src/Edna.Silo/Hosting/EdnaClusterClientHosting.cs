using Microsoft.Extensions.Hosting;
using Orleans.Dashboard;

namespace Edna.Hosting;

/// <summary>Makes a host a client of a silo that is a process of its own.</summary>
public static class EdnaClusterClientHosting
{
    /// <summary>Adds a client that connects to <c>Edna:Cluster:GatewayPort</c> on this machine, or to the silos that DynamoDB names, and waits until one is there.</summary>
    /// <param name="builder">The host that is being built.</param>
    public static IHostApplicationBuilder AddEdnaClusterClient(this IHostApplicationBuilder builder)
    {
        UnicodeSupport.Require();
        builder.Services.AddEdnaDataDirectory(builder.Configuration);
        builder.Services.AddEdnaShutdown(builder.Configuration);
        // Before the client, which would ask for silos without end while the table is missing.
        if (!ClusterShape.IsOnThisMachine(builder.Configuration)) builder.Services.AddDynamoGateways(builder.Configuration);
        builder.UseOrleansClient(client =>
        {
            client.UseEdnaCluster(builder.Configuration);
            client.AddDashboard(dashboard => dashboard.HideTrace = true);
            if (TelemetryServices.IsTraced(builder.Configuration)) client.AddActivityPropagation();
            client.UseConnectionRetryFilter(async (_, cancellation) =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), cancellation);
                return !cancellation.IsCancellationRequested;
            });
        });
        return builder;
    }
}
