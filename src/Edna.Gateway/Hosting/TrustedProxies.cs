using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Edna.Hosting;

/// <summary>
/// <c>Edna:Gateway:TrustedProxies</c>: networks, separated by commas, such as <c>10.0.0.0/8</c>. What comes from there says in <c>X-Forwarded-For</c>
/// and <c>X-Forwarded-Proto</c> for whom; from elsewhere the headers are a caller's claim, and are not read. Not set: nobody is believed.
/// <c>Edna:Gateway:ForwardedForHeader</c> names another header in the place of <c>X-Forwarded-For</c>, for proxies that cannot be trusted with that one.
/// </summary>
internal static class TrustedProxies
{
    /// <summary>The setting.</summary>
    public const string Key = "Edna:Gateway:TrustedProxies";

    /// <summary>The setting of the header.</summary>
    public const string HeaderKey = "Edna:Gateway:ForwardedForHeader";

    /// <summary>Reads the settings.</summary>
    /// <exception cref="ConfigurationException">It is no list of networks, or no name of a header.</exception>
    public static IServiceCollection AddTrustedProxies(this IServiceCollection services, IConfiguration configuration)
    {
        var networks = (configuration[Key] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Read).ToList();
        var header = configuration[HeaderKey] is { Length: > 0 } name ? ReadName(name) : ForwardedHeadersDefaults.XForwardedForHeaderName;
        return services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = networks.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.ForwardedForHeaderName = header;
            // Through as many of them as there are: each is looked up in the list.
            options.ForwardLimit = null;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in networks) options.KnownIPNetworks.Add(network);
        });
    }

    private static string ReadName(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
        ? text
        : throw new ConfigurationException(HeaderKey, $"must be the name of a header, of letters, digits and '-', not '{text}'.");

    private static IPNetwork Read(string text) => IPNetwork.TryParse(text, out var network)
        ? network
        : throw new ConfigurationException(Key, $"must be networks such as 10.0.0.0/8, separated by commas, not '{text}'.");
}
