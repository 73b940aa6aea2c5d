using System.Diagnostics.Metrics;

namespace Edna.Search;

/// <summary>The meter <c>Edna.Search</c> of one silo's indexer.</summary>
internal sealed class IndexingMeter : IDisposable
{
    private readonly Meter meter = new("Edna.Search");
    private readonly Counter<long> indexed;

    /// <summary>Makes the instruments.</summary>
    /// <param name="lag">How long the row that waits longest has waited; zero when none does.</param>
    /// <param name="waiting">How many shards have rows that wait.</param>
    /// <param name="refused">How many rows the index did not take in.</param>
    /// <param name="postponed">How many rows the index does not take in yet.</param>
    public IndexingMeter(Func<TimeSpan> lag, Func<int> waiting, Func<int> refused, Func<int> postponed)
    {
        indexed = meter.CreateCounter<long>("edna.search.indexed", "{document}", "Documents that the search index took in");
        meter.CreateObservableGauge("edna.search.lag", () => lag().TotalSeconds, "s", "How long the row that waits longest for the search index has waited");
        meter.CreateObservableGauge("edna.search.waiting", waiting, "{shard}", "Shards with rows that wait for the search index");
        meter.CreateObservableGauge("edna.search.refused", refused, "{document}", "Rows that the search index did not take in while it took others");
        meter.CreateObservableGauge("edna.search.postponed", postponed, "{document}", "Rows that the search index takes in later, and that are tried again until then");
    }

    /// <summary>Counts documents that were taken in.</summary>
    public void Count(int documents) => indexed.Add(documents);

    /// <inheritdoc />
    public void Dispose() => meter.Dispose();
}
