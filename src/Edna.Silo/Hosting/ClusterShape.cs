using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Edna.Hosting;

/// <summary>How silos and clients find each other, and how soon one that died is given up.</summary>
internal static class ClusterShape
{
    private const string Provider = "Edna:Cluster:Provider";

    /// <summary>How long a silo that stops goes on answering its clients after it has told them to send to others: what was under way by then is answered.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    /// <summary>Whether <c>Edna:Cluster:Provider</c> is <c>Localhost</c>, as it is when not set; else it is <c>DynamoDb</c>.</summary>
    public static bool IsOnThisMachine(IConfiguration configuration) => configuration[Provider] switch
    {
        null or "" or "Localhost" => true,
        "DynamoDb" => false,
        var other => throw new OptionsValidationException(Provider, typeof(string), [$"{Provider}: must be Localhost or DynamoDb, not '{other}'."]),
    };

    /// <summary>Sets a silo up to be found.</summary>
    public static ISiloBuilder UseEdnaCluster(this ISiloBuilder silo, IConfiguration configuration)
    {
        var (identity, onThisMachine) = (ClusterIdentity.Read(configuration), IsOnThisMachine(configuration));
        var address = AdvertisedAddress.Read(configuration, onThisMachine);
        var loopback = IPAddress.IsLoopback(address);
        var ports = ClusterPorts.Read(configuration, loopback);
        if (onThisMachine) return silo.UseLocalhostClustering(ports.Silo, ports.Gateway, serviceId: identity.Service, clusterId: identity.Cluster);
        return silo.Configure<ClusterOptions>(identity.Apply).Configure<ClusterMembershipOptions>(NoticeTheDeadSoon)
            .Configure<SiloMessagingOptions>(options => options.ClientGatewayShutdownNotificationTimeout = Farewell)
            // A silo that is reached on this machine only does not listen to others.
            .ConfigureEndpoints(address, ports.Silo, ports.Gateway, listenOnAnyHostAddress: !loopback);
    }

    /// <summary>Sets a client up to find silos.</summary>
    public static IClientBuilder UseEdnaCluster(this IClientBuilder client, IConfiguration configuration)
    {
        var identity = ClusterIdentity.Read(configuration);
        if (IsOnThisMachine(configuration)) return client.UseLocalhostClustering(ClusterPorts.ReadGateway(configuration), identity.Service, identity.Cluster);
        return client.Configure<ClusterOptions>(identity.Apply).Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
    }

    /// <summary>
    /// A silo that was killed is declared dead, and its grains answer from others, within 15 seconds. The others probe it every two seconds,
    /// wait at most three for an answer, and vote after three that did not come; nothing that it sent may be younger than nine seconds
    /// then. The price: a silo that stands still for more than that (a collection of garbage, a machine that swaps, a paused container)
    /// is declared dead too, ends itself when it wakes up, and has to be started again. Orleans' own settings bear up to a minute of that.
    /// </summary>
    internal static void NoticeTheDeadSoon(ClusterMembershipOptions options)
    {
        (options.ProbeTimeout, options.MinProbeTimeout, options.MaxProbeTimeout) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
        options.NumMissedProbesLimit = 3;
        // A heartbeat that is older than three of these is one of a silo that died with nobody there to notice: those that start need not wait for it.
        (options.IAmAliveTablePublishTimeout, options.NumMissedTableIAmAliveLimit) = (TimeSpan.FromSeconds(5), 3);
        // Gossip tells of changes at once; this is for gossip that was lost.
        options.TableRefreshTimeout = TimeSpan.FromSeconds(10);
    }
}
