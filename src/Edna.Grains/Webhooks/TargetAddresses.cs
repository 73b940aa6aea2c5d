using System.Net;
using System.Net.Sockets;

namespace Edna.Webhooks;

/// <summary>What kind of network an address is in.</summary>
internal enum AddressKind
{
    /// <summary>The internet.</summary>
    Public,

    /// <summary>A private or shared network, or this machine.</summary>
    Private,

    /// <summary>This link only: where clouds keep their metadata services.</summary>
    LinkLocal,

    /// <summary>No host: unspecified, multicast, reserved, documentation, benchmarks.</summary>
    Never,
}

/// <summary>
/// Tells public addresses from others, by IANA's registries of special-purpose addresses. An IPv6 address that stands for an IPv4 one
/// (mapped, 6to4, NAT64) is what that one is. Pure.
/// </summary>
internal static class TargetAddresses
{
    private static readonly (IPNetwork Network, AddressKind Kind)[] V4 =
    [
        // Two clouds keep their metadata services among public and shared addresses.
        .. All(AddressKind.LinkLocal, "169.254.0.0/16", "168.63.129.16/32", "100.100.100.200/32"),
        .. All(AddressKind.Private, "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
        .. All(AddressKind.Never, "0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
    ];

    // What is none of these, and not in 2000::/3, is assigned to nobody.
    private static readonly (IPNetwork Network, AddressKind Kind)[] V6 =
    [
        .. All(AddressKind.LinkLocal, "fe80::/10", "fd00:ec2::254/128"),
        .. All(AddressKind.Private, "::1/128", "fc00::/7", "fec0::/10", "64:ff9b:1::/48"),
        .. All(AddressKind.Never, "2001::/23", "2001:db8::/32", "3fff::/20"),
        .. All(AddressKind.Public, "2000::/3"),
    ];

    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>What kind of network an address is in.</summary>
    /// <param name="address">An IPv4 or IPv6 address.</param>
    public static AddressKind KindOf(IPAddress address) =>
        Plain(address) is { AddressFamily: AddressFamily.InterNetwork } v4 ? In(V4, v4, AddressKind.Public) : In(V6, WithoutScope(address), AddressKind.Never);

    /// <summary>Whether an address may be sent to.</summary>
    /// <param name="address">The address.</param>
    /// <param name="allowPrivate">Whether private ones may.</param>
    /// <param name="allowed">Networks that may, whatever they are.</param>
    public static bool IsPermitted(IPAddress address, bool allowPrivate, IReadOnlyCollection<IPNetwork> allowed)
    {
        var plain = WithoutScope(Plain(address));
        return allowed.Any(n => n.Contains(plain)) || KindOf(address) switch
        {
            AddressKind.Public => true,
            AddressKind.Private => allowPrivate,
            _ => false,
        };
    }

    /// <summary>The IPv4 address that an IPv6 one stands for; the address itself otherwise.</summary>
    private static IPAddress Plain(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (SixToFour.Contains(WithoutScope(address))) return V4Of(bytes.AsSpan(2, 4));
        return Nat64.Contains(WithoutScope(address)) ? V4Of(bytes.AsSpan(12, 4)) : address;
    }

    private static IPAddress V4Of(ReadOnlySpan<byte> bytes) => new(bytes);

    private static IPAddress WithoutScope(IPAddress address) =>
        address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } ? new(address.GetAddressBytes()) : address;

    private static AddressKind In((IPNetwork Network, AddressKind Kind)[] networks, IPAddress address, AddressKind otherwise)
    {
        foreach (var (network, kind) in networks)
            if (network.Contains(address)) return kind;
        return otherwise;
    }

    private static IEnumerable<(IPNetwork, AddressKind)> All(AddressKind kind, params string[] networks) => networks.Select(n => (IPNetwork.Parse(n), kind));
}
