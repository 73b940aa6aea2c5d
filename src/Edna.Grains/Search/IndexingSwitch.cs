using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Edna.Search;

/// <summary>
/// Keeps this silo's indexer as the operator's switch says, from the silo's start on, and tells there what the index does not take in. Where the switch does not answer, the indexer goes
/// on as it is: a push too many changes nothing.
/// </summary>
public sealed partial class IndexingSwitch(
    IGrainFactory grains, ILocalSiloDetails silo, SearchIndexer indexer, IHostApplicationLifetime life, TimeProvider time, ILogger<IndexingSwitch> log) : IStartupTask
{
    /// <inheritdoc />
    public async Task Execute(CancellationToken cancellationToken)
    {
        await FollowAsync();
        _ = KeepFollowingAsync(life.ApplicationStopping);
    }

    private async Task KeepFollowingAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(IIndexingGrain.LongestDelay, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ct.IsCancellationRequested) return;
            await FollowAsync();
            // Somebody may have removed the index. Where nothing is written, no push would tell.
            indexer.Look();
        }
    }

    private async Task FollowAsync()
    {
        try
        {
            var paused = await grains.GetGrain<IIndexingGrain>(0).ReportAsync(silo.SiloAddress.ToParsableString(), RefusedReports.Of(indexer.Refused));
            if (paused == indexer.IsPaused) return;
            LogSet(log, paused ? "paused: rows wait until it is resumed" : "resumed");
            if (paused) indexer.Pause();
            else indexer.Resume();
        }
        catch (Exception e)
        {
            LogUnknown(log, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Indexing is {State}")]
    private static partial void LogSet(ILogger log, string state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether indexing is paused could not be asked; it goes on as it is")]
    private static partial void LogUnknown(ILogger log, Exception e);
}
