using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Edna.Hosting;

/// <summary>What ECS says of the task that this process is in: its metadata endpoint, version 4.</summary>
internal static class EcsTask
{
    /// <summary>The variable that ECS sets to the endpoint's address.</summary>
    public const string Variable = "ECS_CONTAINER_METADATA_URI_V4";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks for the task's private IPv4 address; null when it has none of its own.</summary>
    /// <exception cref="OptionsValidationException">The endpoint does not answer.</exception>
    public static IPAddress? Ask(Uri metadata)
    {
        try
        {
            using var http = new HttpClient { Timeout = Patience };
            using var answer = http.Send(new(HttpMethod.Get, metadata));
            answer.EnsureSuccessStatusCode();
            using var body = answer.Content.ReadAsStream();
            using var container = JsonDocument.Parse(body);
            return AddressOf(container.RootElement);
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or JsonException or IOException)
        {
            throw new OptionsValidationException(Variable, typeof(Uri), [$"{Variable}: {metadata} does not tell the task's address ({fault.Message}). Edna:Cluster:AdvertisedIp can be set instead."]);
        }
    }

    /// <summary>The address in a container's metadata. In other network modes than awsvpc a container's address is known on its machine only.</summary>
    internal static IPAddress? AddressOf(JsonElement container)
    {
        if (!container.TryGetProperty("Networks", out var networks) || networks.ValueKind != JsonValueKind.Array) return null;
        foreach (var network in networks.EnumerateArray())
        {
            if (network.TryGetProperty("NetworkMode", out var mode) && mode.ValueEquals("awsvpc") && network.TryGetProperty("IPv4Addresses", out var addresses)
                && addresses.ValueKind == JsonValueKind.Array && addresses.GetArrayLength() > 0 && IPAddress.TryParse(addresses[0].GetString(), out var address))
                return address;
        }
        return null;
    }
}
