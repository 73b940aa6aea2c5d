using System.Globalization;
using Edna.Items;
using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>Runs a search: finds all hits as a set, counts them, and reads the page alone.</summary>
internal static class SearchReads
{
    public static SearchHits Search(Connection connection, ParsedSearch search)
    {
        connection.Execute("BEGIN");
        try
        {
            // Before anything is looked for: a cursor that is not this index's is known by itself.
            var order = SearchOrder.Parse(search.Sort, Generation(connection));
            var after = order.Read(search.Cursor);
            using var sets = new IdSets(connection);
            var finder = new HitFinder(connection, sets, search.Tenant);
            var hits = finder.Find(AllOf.Of(search.Filter, search.Query), finder.Scope(search));
            var facets = new FacetCounts(connection, sets, hits);
            var (page, next) = Page(new(connection, order, after, search.Limit, finder.Tenant), sets, finder, search, hits);
            return new()
            {
                Items = [.. page.Select(id => ItemOf(connection, id))],
                Total = hits.Count,
                Facets = search.Facets.ToDictionary(name => name, facets.Of, StringComparer.Ordinal),
                NextCursor = next,
            };
        }
        finally
        {
            connection.Execute("COMMIT");
        }
    }

    /// <summary>Items by status, and bytes of those available.</summary>
    public static (IReadOnlyDictionary<ItemStatus, long> Items, long Bytes) Count(Connection connection, DatasetKey dataset)
    {
        var rows = connection.Prepare(
                "SELECT t.status, t.items, t.bytes FROM dataset d JOIN tally t ON t.dataset = d.number WHERE d.tenant = ? AND d.name = ? AND t.items > 0")
            .Bind(1, dataset.Tenant).Bind(2, dataset.Dataset);
        var (items, bytes) = (new Dictionary<ItemStatus, long>(), 0L);
        while (rows.Step())
        {
            var status = (ItemStatus)rows.Int(0);
            items[status] = rows.Long(1);
            if (status == ItemStatus.Available) bytes = rows.Long(2);
        }
        return (items, bytes);
    }

    public static string Generation(Connection connection)
    {
        var row = connection.Prepare("SELECT name FROM generation");
        row.Step();
        var name = row.Text(0);
        row.Reset();
        return name;
    }

    private static (IEnumerable<long> Ids, string? NextCursor) Page(PageReader page, IdSets sets, HitFinder finder, ParsedSearch search, IdSet hits)
    {
        var order = page.Order;
        if (order.Field != SortField.Relevance)
        {
            page.Add(hits, tier: 0);
            return page.Page;
        }
        var tiers = new RelevanceTiers(sets, finder, search.Query, hits);
        foreach (var tier in order.IsDescending ? (int[])[2, 1, 0] : [0, 1, 2])
            if (!page.IsFull) page.Add(tiers.Of(tier), tier);
        return page.Page;
    }

    private static ItemKey ItemOf(Connection connection, long id)
    {
        var row = connection.Prepare("SELECT s.tenant, s.name, d.item_id FROM doc d JOIN dataset s ON s.number = d.dataset WHERE d.id = ?").Bind(1, id);
        if (!row.Step()) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Document {id} is not there."));
        var key = new ItemKey(new(row.Text(0), row.Text(1)), PackedItemId.Unpack(row.Bytes(2)));
        row.Reset();
        return key;
    }
}
