using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Edna.Hosting;

/// <summary>
/// <c>Edna:Gateway:TrustedProxies</c>: networks, separated by commas, such as <c>10.0.0.0/8</c>. What comes from there says in <c>X-Forwarded-For</c>
/// and <c>X-Forwarded-Proto</c> for whom; from elsewhere the headers are a caller's claim, and are not read. Not set: nobody is believed.
/// </summary>
internal static class TrustedProxies
{
    /// <summary>The setting.</summary>
    public const string Key = "Edna:Gateway:TrustedProxies";

    /// <summary>Reads the setting.</summary>
    /// <exception cref="ConfigurationException">It is no list of networks.</exception>
    public static IServiceCollection AddTrustedProxies(this IServiceCollection services, IConfiguration configuration)
    {
        var networks = (configuration[Key] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Read).ToList();
        return services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = networks.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            // Through as many of them as there are: each is looked up in the list.
            options.ForwardLimit = null;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in networks) options.KnownIPNetworks.Add(network);
        });
    }

    private static IPNetwork Read(string text) => IPNetwork.TryParse(text, out var network)
        ? network
        : throw new ConfigurationException(Key, $"must be networks such as 10.0.0.0/8, separated by commas, not '{text}'.");
}
