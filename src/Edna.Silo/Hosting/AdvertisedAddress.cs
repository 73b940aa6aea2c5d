using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Edna.Hosting;

/// <summary>The address under which the rest of the cluster reaches this silo.</summary>
internal static class AdvertisedAddress
{
    private const string Key = "Edna:Cluster:AdvertisedIp";

    /// <summary>
    /// Loopback for a cluster on this machine, wherever that is. Else <c>Edna:Cluster:AdvertisedIp</c> when it is set; else, on ECS, the task's
    /// own; else the first of the machine's that is not loopback.
    /// </summary>
    public static IPAddress Read(IConfiguration configuration, bool onThisMachine)
    {
        if (configuration[Key] is { Length: > 0 } text)
        {
            if (onThisMachine) throw Wrong("means nothing while Edna:Cluster:Provider is Localhost, which is this machine only");
            return IPAddress.TryParse(text, out var set) && !set.Equals(IPAddress.Any) && !set.Equals(IPAddress.IPv6Any)
                ? set
                : throw Wrong($"must be an IP address that other silos reach this one by, not '{text}'");
        }
        if (onThisMachine) return IPAddress.Loopback;
        if (configuration[EcsTask.Variable] is { Length: > 0 } metadata) return EcsTask.Ask(new(metadata)) ?? throw Wrong("must be set: this task has no address of its own, which it has in network mode awsvpc");
        return First(Addresses()) ?? throw Wrong("must be set: this machine has no address but loopback");
    }

    /// <summary>The first that others may reach: no loopback, no link-local one.</summary>
    internal static IPAddress? First(IEnumerable<IPAddress> addresses) => addresses.FirstOrDefault(address =>
        address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address) && address.GetAddressBytes() is not [169, 254, ..]);

    private static IEnumerable<IPAddress> Addresses() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address);

    private static OptionsValidationException Wrong(string reason) => new(Key, typeof(IPAddress), [$"{Key}: {reason}."]);
}
