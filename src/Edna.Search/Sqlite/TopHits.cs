namespace Edna.Search.Sqlite;

/// <summary>The first hits after a place, of all that pass by in any order. Keeps twice as many as are wanted at most.</summary>
internal sealed class TopHits(SearchOrder order, HitPlace? after, int wanted)
{
    private readonly List<HitPlace> _kept = [];
    private HitPlace? _worst;

    /// <summary>Whether a document would be among them, as far as is known by now.</summary>
    public bool Wants(long number, ReadOnlySpan<byte> path, long id) =>
        (after is not { } from || order.Compare(number, path, id, from) > 0)
        && (_worst is not { } worst || order.Compare(number, path, id, worst) < 0);

    public void Add(HitPlace place)
    {
        _kept.Add(place);
        if (_kept.Count < 2 * wanted) return;
        Sort();
        _kept.RemoveRange(wanted, _kept.Count - wanted);
        _worst = _kept[^1];
    }

    /// <summary>The hits, in order.</summary>
    public IEnumerable<HitPlace> Places()
    {
        Sort();
        return _kept.Take(wanted);
    }

    private void Sort() => _kept.Sort((a, b) => order.Compare(a.Number, a.Path, a.Id, b));
}
