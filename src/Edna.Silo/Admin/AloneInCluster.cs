using Edna.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Edna.Admin;

/// <summary>Whether a command that works on everything there is may run: no silo of the cluster must be running beside it.</summary>
internal static class AloneInCluster
{
    /// <summary>Looks for silos that run. On one machine the lock on the data directory does the same.</summary>
    /// <exception cref="AdminException">There are some; with where they are.</exception>
    public static async Task EnsureAsync(IHost host, CancellationToken ct)
    {
        if (ClusterShape.IsOnThisMachine(host.Services.GetRequiredService<IConfiguration>())) return;
        var table = host.Services.GetRequiredService<IMembershipTable>();
        // Tables that were just made know of no cluster yet; a silo that starts does the same.
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true, ct);
        var members = await table.ReadAllAsync(ct);
        var options = host.Services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value;
        var now = host.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        var silent = options.IAmAliveTablePublishTimeout * options.NumMissedTableIAmAliveLimit;
        if (Running(members.Members.Select(member => member.Item1), now - silent) is not { Count: > 0 } running) return;
        var cluster = host.Services.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId;
        throw new AdminException(
            $"The cluster '{cluster}' is running: {string.Join(", ", running)}. Stop its silos first; one that was killed counts as gone after {silent.TotalSeconds:N0} seconds.");
    }

    /// <summary>The silos that have not left and were heard of since.</summary>
    internal static List<string> Running(IEnumerable<MembershipEntry> members, DateTime since) => [.. members
        .Where(member => member.Status != SiloStatus.Dead && (member.IAmAliveTime > member.StartTime ? member.IAmAliveTime : member.StartTime) >= since)
        .Select(member => $"{member.SiloAddress.Endpoint}").Order(StringComparer.Ordinal)];
}
