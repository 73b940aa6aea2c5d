using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Edna.Hosting;

/// <summary>Configuration <c>Edna:Cluster:{ClusterId, ServiceId}</c>: which silos belong together, and whose state they have.</summary>
/// <param name="Cluster">Orleans' cluster id: silos and clients with one id are one cluster.</param>
/// <param name="Service">Orleans' service id: the same for all that share state, also from one cluster to the next.</param>
internal sealed partial record ClusterIdentity(string Cluster, string Service)
{
    /// <summary>Reads both; each is <c>edna</c> when not set.</summary>
    public static ClusterIdentity Read(IConfiguration configuration) => new(Read(configuration, "Edna:Cluster:ClusterId"), Read(configuration, "Edna:Cluster:ServiceId"));

    /// <summary>Sets Orleans' options.</summary>
    public void Apply(ClusterOptions options) => (options.ClusterId, options.ServiceId) = (Cluster, Service);

    private static string Read(IConfiguration configuration, string key)
    {
        if (configuration[key] is not { Length: > 0 } text) return "edna";
        // An underscore ends the service's id in the keys of grain state.
        return Id().IsMatch(text) ? text : throw new OptionsValidationException(key, typeof(string), [$"{key}: must be 1 to 64 letters, digits, '-' and '.', not '{text}'."]);
    }

    [GeneratedRegex("^[A-Za-z0-9.-]{1,64}$")]
    private static partial Regex Id();
}
