namespace Edna.Search;

/// <summary>What the silos of a cluster told of the items that the index refuses. In memory: each silo tells again every few seconds.</summary>
internal sealed class RefusedReports(TimeProvider time)
{
    /// <summary>A silo that was not heard of for as long is gone.</summary>
    public static readonly TimeSpan Heard = 5 * IIndexingGrain.LongestDelay;

    private readonly Dictionary<string, (RefusedItems Items, DateTimeOffset At)> silos = new(StringComparer.Ordinal);

    /// <summary>Notes what a silo tells, in the place of what it told before.</summary>
    public void Note(string silo, RefusedItems items) => silos[silo] = (items, time.GetUtcNow());

    /// <summary>The newest of all silos, newest first, and how many there are. An item that two silos tried counts once among those listed.</summary>
    public RefusedItems Together()
    {
        var now = time.GetUtcNow();
        foreach (var (silo, told) in silos)
            if (now - told.At > Heard) silos.Remove(silo);
        var listed = silos.Values.SelectMany(told => told.Items.Items).ToList();
        var distinct = listed.OrderByDescending(item => item.At).ThenBy(item => item.Item, StringComparer.Ordinal).DistinctBy(item => item.Item).ToList();
        return new() { Items = [.. distinct.Take(RefusedItems.Most)], Count = silos.Values.Sum(told => told.Items.Count) - (listed.Count - distinct.Count) };
    }

    /// <summary>What a silo tells of the rows that its indexer passes by.</summary>
    public static RefusedItems Of(IReadOnlyCollection<RefusedDocument> refused) => new()
    {
        Count = refused.Count,
        Items = [.. refused.OrderByDescending(r => r.At).ThenBy(r => r.Item.ToString(), StringComparer.Ordinal).Take(RefusedItems.Most).Select(r => new RefusedItem
        {
            Item = r.Item.ToString(), Revision = r.Revision, At = r.At,
            Reason = r.Reason.Length <= RefusedItems.LongestReason ? r.Reason : r.Reason[..RefusedItems.LongestReason],
        })],
    };
}
