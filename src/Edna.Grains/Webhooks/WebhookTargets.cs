using System.Net;
using System.Net.Sockets;
using Edna.Items;
using Edna.Results;
using Microsoft.Extensions.Options;

namespace Edna.Webhooks;

/// <summary>Finds the addresses of a host.</summary>
/// <param name="host">A name, or an address as text.</param>
/// <param name="ct">Cancels.</param>
public delegate Task<IPAddress[]> HostLookup(string host, CancellationToken ct);

/// <summary>Where webhooks may send: what an address must look like, and which of the addresses behind its name may be connected to.</summary>
public sealed class WebhookTargets(HostLookup lookup, IOptions<WebhookOptions> options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly IPNetwork[] allowed = [.. options.Value.AllowedNetworks.Select(n => IPNetwork.Parse(n))];

    /// <summary>What is wrong with an address, as text and in the network; null when nothing is.</summary>
    /// <param name="url">The address; its form was checked by <see cref="WebhookRules"/>.</param>
    public async Task<Problem?> FaultOfAsync(string url)
    {
        var host = new Uri(url).IdnHost;
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            return (await FindAsync(host, patience.Token)).Count == 0 ? WebhookErrors.TargetRefused(host) : null;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ArgumentException)
        {
            return RequestErrors.Invalid("url", $"must name a host that can be found; '{host}' has no address that the service knows of");
        }
    }

    /// <summary>What is wrong with the form of an address goes to <paramref name="errors"/>.</summary>
    internal void CheckForm(string? url, FieldErrors errors) => WebhookRules.CheckUrl(url, options.Value.AllowHttp, errors);

    /// <summary>The addresses of a host that may be sent to; none when nothing may.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="SocketException">The name is not known.</exception>
    internal async Task<IReadOnlyList<IPAddress>> FindAsync(string host, CancellationToken ct)
    {
        IPAddress[] found = IPAddress.TryParse(host, out var literal) ? [literal] : await lookup(host, ct);
        return [.. found.Where(a => TargetAddresses.IsPermitted(a, options.Value.AllowPrivateTargets, allowed))];
    }
}
