using Edna.Items;
using Edna.Objects;
using Edna.Search;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Edna.Health;

/// <summary>Asks the three ports.</summary>
[StatelessWorker]
public sealed partial class HealthGrain(IObjectStore objects, IItemTable items, ISearchIndex search, TimeProvider time, ILogger<HealthGrain> log)
    : Grain, IHealthGrain
{
    /// <inheritdoc />
    public async Task<IReadOnlyList<PartHealth>> CheckAsync()
    {
        using var patience = new CancellationTokenSource(IHealthGrain.Patience, time);
        return await Task.WhenAll(
            AskAsync("objects", objects.CheckAsync, patience.Token),
            AskAsync("state", items.CheckAsync, patience.Token),
            AskAsync("search", search.CheckAsync, patience.Token));
    }

    private async Task<PartHealth> AskAsync(string name, Func<CancellationToken, ValueTask> check, CancellationToken ct)
    {
        try
        {
            await check(ct).AsTask().WaitAsync(ct);
            return new() { Name = name, Healthy = true };
        }
        // Whatever a part throws here, the answer to the question asked is that it is not well.
        catch (Exception fault)
        {
            LogUnwell(name, fault.Message);
            return new() { Name = name, Healthy = false };
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Part} is not well: {Reason}")]
    private partial void LogUnwell(string part, string reason);
}
