using System.Diagnostics;
using Edna.Results;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Edna.Changes;

/// <summary>When a silo of the cluster has died, has the feeds woken that have something to do. Each silo that lives asks for it: repeating it costs little.</summary>
public sealed partial class FeedsOnDeath(IClusterMembershipService membership, IGrainFactory grains, ILogger<FeedsOnDeath> log) : BackgroundService
{
    /// <summary>Whether a silo is dead that was not known to be. One that a silo hears of as dead from the start had died before.</summary>
    internal static bool HasDied(ClusterMembershipSnapshot before, ClusterMembershipSnapshot now) =>
        now.Members.Values.Any(silo => silo.Status == SiloStatus.Dead && before.Members.TryGetValue(silo.SiloAddress, out var known) && known.Status != SiloStatus.Dead);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var before = membership.CurrentSnapshot;
            await foreach (var now in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                if (HasDied(before, now)) await WakeAsync(stoppingToken);
                before = now;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops; the others see to it.
        }
    }

    private async Task WakeAsync(CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan? pause;
            try
            {
                await grains.GetGrain<IFeedWakerGrain>(0).WakeAsync();
                return;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                pause = Repetition.Pause(e, Repeatable.Always, attempt, Stopwatch.GetElapsedTime(began));
                if (pause is null)
                {
                    LogNotWoken(log, e);
                    return;
                }
            }
            await Task.Delay(pause.Value, ct);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A silo died, and feeds that may have missed a write could not be woken; they are within ten minutes")]
    private static partial void LogNotWoken(ILogger log, Exception e);
}
