namespace Edna.Search.Sqlite;

/// <summary>The first hits after a place, of all that pass by in any order. Keeps twice the page at most.</summary>
internal sealed class TopHits(SearchOrder order, HitPlace? after, int limit)
{
    private readonly List<(HitPlace Place, int Dataset, byte[] Item)> _kept = [];
    private HitPlace? _worst;

    /// <summary>Whether a document would be on the page, as far as is known by now.</summary>
    public bool Wants(long number, ReadOnlySpan<byte> path, long id) =>
        (after is not { } from || order.Compare(number, path, id, from) > 0)
        && (_worst is not { } worst || order.Compare(number, path, id, worst) < 0);

    public void Add(HitPlace place, int dataset, ReadOnlySpan<byte> item)
    {
        _kept.Add((place, dataset, item.ToArray()));
        // One more than the page is kept: it tells whether there is a next one.
        if (_kept.Count < 2 * (limit + 1)) return;
        Sort();
        _kept.RemoveRange(limit + 1, _kept.Count - limit - 1);
        _worst = _kept[^1].Place;
    }

    /// <summary>The page, in order.</summary>
    public (List<(int Dataset, byte[] Item)> Items, string? NextCursor) Page()
    {
        Sort();
        var page = _kept.Take(limit).Select(hit => (hit.Dataset, hit.Item)).ToList();
        return (page, _kept.Count > limit ? order.Format(_kept[limit - 1].Place) : null);
    }

    private void Sort() => _kept.Sort((a, b) => order.Compare(a.Place.Number, a.Place.Path, a.Place.Id, b.Place));
}
