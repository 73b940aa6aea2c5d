using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>Reads a page of hits, in order.</summary>
/// <param name="connection">The connection.</param>
/// <param name="order">The order.</param>
/// <param name="after">The place that the page begins after.</param>
/// <param name="limit">The most hits on it.</param>
/// <param name="tenant">Whose documents, by the tenant's term; none has any when it is null.</param>
internal sealed class PageReader(Connection connection, SearchOrder order, HitPlace? after, int limit, int? tenant)
{
    /// <summary>Reading a document takes about as long as this many steps through an index.</summary>
    private const int StepsOfLookup = 4;

    /// <summary>Steps that are always worth a try.</summary>
    private const int FewSteps = 1_000;

    private readonly string _column = order.Field switch
    {
        SortField.UpdatedAt => "updated_at",
        SortField.Size => "size",
        _ => "path",
    };

    // One more than the page is read: it tells whether there is a next one.
    private readonly List<HitPlace> _page = new(limit + 1);

    /// <summary>The order of the hits.</summary>
    public SearchOrder Order => order;

    /// <summary>Rows and steps that it took, of the index and of documents.</summary>
    public long Visited { get; private set; }

    /// <summary>Whether no more hits have a place on the page.</summary>
    public bool IsFull => _page.Count > limit;

    /// <summary>The hits of the page, and where the next one begins.</summary>
    public (IEnumerable<long> Ids, string? NextCursor) Page =>
        (_page.Take(limit).Select(place => place.Id), IsFull ? order.Format(_page[limit - 1]) : null);

    /// <summary>Puts hits on the page that come after all that are there.</summary>
    /// <param name="hits">The hits.</param>
    /// <param name="tier">Their relevance; 0 when nothing is sorted by it.</param>
    public void Add(IdSet hits, int tier)
    {
        var from = after;
        if (order.Field == SortField.Relevance && after is { } place)
        {
            var apart = order.IsDescending ? place.Number.CompareTo(tier) : tier.CompareTo((int)place.Number);
            if (apart < 0) return;
            if (apart > 0) from = null;
        }
        var count = hits.Count;
        if (count > 0 && !TryWalk(hits, tier, from, count)) Look(hits, tier, from);
    }

    /// <summary>
    /// Goes through the tenant's part of the index of the order and takes what is a hit: quick when hits are many, or near. When the hits turn out to be far between it
    /// gives up, having taken no longer than looking at each of them does.
    /// </summary>
    private bool TryWalk(IdSet hits, int tier, HitPlace? from, long count)
    {
        var (wanted, start) = (limit + 1, _page.Count);
        var rows = Walk(from);
        for (var steps = FewSteps + (count * StepsOfLookup); steps > 0; steps--)
        {
            if (_page.Count == wanted || !rows.Step())
            {
                rows.Reset();
                return true;
            }
            Visited++;
            if (hits.Contains(rows.Long(0))) _page.Add(PlaceOf(rows, tier, rows.Long(0)));
        }
        rows.Reset();
        _page.RemoveRange(start, _page.Count - start);
        return false;
    }

    private Statement Walk(HitPlace? from)
    {
        var (beyond, direction) = order.IsDescending ? ("<", "DESC") : (">", "ASC");
        var columns = $"SELECT id, {_column} FROM doc INDEXED BY doc_by_{_column}";
        var sorted = $"ORDER BY {_column} {direction}, id {direction}";
        if (from is not { } place) return connection.Prepare($"{columns} WHERE tenant = ?1 {sorted}").Bind(1, tenant);
        var rows = connection.Prepare($"{columns} WHERE tenant = ?1 AND ({_column}, id) {beyond} (?2, ?3) {sorted}").Bind(1, tenant);
        return (order.UsesPath ? rows.BindText(2, place.Path) : rows.Bind(2, place.Number)).Bind(3, place.Id);
    }

    private void Look(IdSet hits, int tier, HitPlace? from)
    {
        var top = new TopHits(order, from, limit + 1 - _page.Count);
        var row = connection.Prepare($"SELECT id, {_column} FROM doc WHERE id = ?");
        foreach (var id in hits.Ids())
        {
            Visited++;
            row.Bind(1, id).Step();
            var number = order.UsesPath ? tier : row.Long(1);
            var path = order.UsesPath ? row.Bytes(1) : default;
            if (top.Wants(number, path, id)) top.Add(new(number, path.ToArray(), id));
            row.Reset();
        }
        _page.AddRange(top.Places());
    }

    private HitPlace PlaceOf(Statement row, int tier, long id) =>
        order.UsesPath ? new(tier, row.Bytes(1).ToArray(), id) : new(row.Long(1), [], id);
}
