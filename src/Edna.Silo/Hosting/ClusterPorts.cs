using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Edna.Hosting;

/// <summary>
/// Configuration <c>Edna:Cluster:{SiloPort, GatewayPort}</c>: fixed when set. When not, free ones on loopback, so that several can run on one
/// machine; Orleans' own elsewhere, which a firewall can name.
/// </summary>
/// <param name="Silo">The port for other silos.</param>
/// <param name="Gateway">The port for clients of the cluster.</param>
internal readonly record struct ClusterPorts(int Silo, int Gateway)
{
    /// <summary>The ports of a silo.</summary>
    public static ClusterPorts Read(IConfiguration configuration, bool loopback) => new(
        Read(configuration, "Edna:Cluster:SiloPort") ?? (loopback ? Free() : EndpointOptions.DEFAULT_SILO_PORT),
        Read(configuration, "Edna:Cluster:GatewayPort") ?? (loopback ? Free() : EndpointOptions.DEFAULT_GATEWAY_PORT));

    /// <summary>The port that a client of the cluster connects to; it must be set.</summary>
    public static int ReadGateway(IConfiguration configuration) =>
        Read(configuration, "Edna:Cluster:GatewayPort") ?? throw Wrong("Edna:Cluster:GatewayPort", "is required when the silo is a process of its own (Edna:Silo:CoHosted=false): the GatewayPort of that silo");

    private static int? Read(IConfiguration configuration, string key)
    {
        if (configuration[key] is not { Length: > 0 } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65_536
            ? port
            : throw Wrong(key, $"must be a port, 1 to 65535, not '{text}'");
    }

    private static OptionsValidationException Wrong(string key, string reason) => new(key, typeof(int), [$"{key}: {reason}."]);

    private static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
