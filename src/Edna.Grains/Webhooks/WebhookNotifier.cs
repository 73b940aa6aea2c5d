using System.Collections.Concurrent;
using Edna.Keys;
using Edna.Results;
using Microsoft.Extensions.Logging;

namespace Edna.Webhooks;

/// <summary>
/// Tells the webhooks of datasets that these have changed: one call for many changes that come close together. A notice may be lost, for
/// a webhook keeps its place in the feed, and looks by itself now and then. One a silo.
/// </summary>
public sealed partial class WebhookNotifier(IGrainFactory grains, TimeProvider time, ILogger<WebhookNotifier> log)
{
    private const int MostKnown = 10_000;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<DatasetKey, bool> telling = new();
    private readonly ConcurrentDictionary<DatasetKey, Entry> known = new();

    /// <summary>For how long it is not asked anew which webhooks a dataset has.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromSeconds(2);

    /// <summary>A dataset has changed.</summary>
    /// <param name="dataset">Which one.</param>
    public void Notify(DatasetKey dataset)
    {
        if (telling.TryAdd(dataset, true)) _ = TellAsync(dataset);
    }

    private async Task TellAsync(DatasetKey dataset)
    {
        await Task.Delay(Gather, time);
        // From here on a change begins another round: this one may have looked too early for it.
        telling.TryRemove(dataset, out _);
        try
        {
            foreach (var id in await GetIdsAsync(dataset)) grains.GetGrain<IWebhookGrain>($"{dataset}/{id}").NoticeAsync().Ignore();
        }
        catch (Exception e) when (e is OrleansException or ObjectDisposedException || Unavailable.Of(e) is not null)
        {
            LogLost(log, dataset, e);
        }
    }

    private async ValueTask<IReadOnlyList<string>> GetIdsAsync(DatasetKey dataset)
    {
        if (known.TryGetValue(dataset, out var entry) && time.GetElapsedTime(entry.At) < Life) return entry.Ids;
        var at = time.GetTimestamp();
        var ids = await grains.GetGrain<IWebhookDirectoryGrain>(dataset.ToString()).GetIdsAsync();
        if (known.Count >= MostKnown) known.Clear();
        known[dataset] = new(ids, at);
        return ids;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhooks of {Dataset} could not be told of a change; they find it themselves")]
    private static partial void LogLost(ILogger log, DatasetKey dataset, Exception e);

    private sealed record Entry(IReadOnlyList<string> Ids, long At);
}
