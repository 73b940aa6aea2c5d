using System.Globalization;
using Edna.Items;
using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>Runs a search: one pass over all hits, which counts them and keeps the page.</summary>
internal static class SearchReads
{
    private const string Hits = """
        SELECT d.id, d.dataset, d.status, d.size, d.updated_at, d.terms, d.item_id, d.path
        FROM doc_text JOIN doc d ON d.id = doc_text.rowid WHERE doc_text MATCH ? ORDER BY doc_text.rowid
        """;

    public static SearchHits Search(Connection connection, ParsedSearch search)
    {
        connection.Execute("BEGIN");
        try
        {
            using var plan = new SearchPlan(connection, search);
            var order = SearchOrder.Parse(search.Sort);
            var top = new TopHits(order, order.Read(search.Cursor), search.Limit);
            var facets = new FacetCounts(connection, search.Facets);
            var total = plan.Match is null ? 0 : Pass(connection, plan, order, top, facets);
            var (items, next) = top.Page();
            return new()
            {
                Items = [.. items.Select(hit => new ItemKey(DatasetOf(connection, hit.Dataset), PackedItemId.Unpack(hit.Item)))],
                Total = total,
                Facets = facets.Read(connection),
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

    private static long Pass(Connection connection, SearchPlan plan, SearchOrder order, TopHits top, FacetCounts facets)
    {
        var total = 0L;
        var rows = connection.Prepare(Hits).Bind(1, plan.Match);
        while (rows.Step())
        {
            var row = new HitRow { Id = rows.Long(0), Status = (ItemStatus)rows.Int(2), Size = rows.Long(3), UpdatedAt = rows.Long(4), Terms = rows.Bytes(5) };
            if (!plan.Admits(row)) continue;
            total++;
            facets.Count(row.Status, row.Terms);
            var path = order.UsesPath ? rows.Bytes(7) : default;
            var number = order.Field switch
            {
                SortField.Relevance => plan.TierOf(row),
                SortField.UpdatedAt => row.UpdatedAt,
                SortField.Size => row.Size,
                _ => 0,
            };
            if (top.Wants(number, path, row.Id)) top.Add(new(number, path.ToArray(), row.Id), rows.Int(1), rows.Bytes(6));
        }
        return total;
    }

    private static DatasetKey DatasetOf(Connection connection, int number)
    {
        var row = connection.Prepare("SELECT tenant, name FROM dataset WHERE number = ?").Bind(1, number);
        if (!row.Step()) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Dataset {number} has no name."));
        var key = new DatasetKey(row.Text(0), row.Text(1));
        row.Reset();
        return key;
    }
}
