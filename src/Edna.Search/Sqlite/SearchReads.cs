using System.Globalization;
using Edna.Items;
using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>Runs a search: one pass over all hits, which counts them and keeps the page.</summary>
internal static class SearchReads
{
    private const int DefaultLimit = 100;

    private const string Columns = "d.id, d.dataset, d.status, d.size, d.updated_at, d.terms, d.path, d.item_id";
    private const string From = "FROM doc_text JOIN doc d ON d.id = doc_text.rowid WHERE doc_text MATCH ?";

    /// <summary>A word in the path weighs most; the tokens of filters weigh nothing.</summary>
    private const string Ranked = $"SELECT {Columns}, bm25(doc_text, 4.0, 1.0, 2.0, 0.0) {From}";

    private const string Unranked = $"SELECT {Columns} {From}";

    public static SearchHits Search(Connection connection, string tenant, SearchRequest request)
    {
        connection.Execute("BEGIN");
        try
        {
            var plan = SearchPlan.Make(connection, tenant, request);
            var order = SearchOrder.Parse(request.Sort, plan.HasText);
            var top = new TopHits(order, order.Read(request.Cursor), request.Limit ?? DefaultLimit);
            var facets = new FacetCounts(connection, request.Facets);
            var total = plan.Match is null ? 0 : Pass(connection, plan, plan.Match, order, top, facets);
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

    private static long Pass(Connection connection, SearchPlan plan, string match, SearchOrder order, TopHits top, FacetCounts facets)
    {
        var total = 0L;
        var rows = connection.Prepare(order.Field == SortField.Relevance ? Ranked : Unranked).Bind(1, match);
        while (rows.Step())
        {
            var (status, size, updatedAt) = ((ItemStatus)rows.Int(2), rows.Long(3), rows.Long(4));
            if (!plan.Admits(status, size, updatedAt)) continue;
            total++;
            facets.Count(status, rows.Bytes(5));
            var id = rows.Long(0);
            var path = order.Field == SortField.Path ? rows.Bytes(6) : default;
            var number = order.Field switch
            {
                SortField.Relevance => BitConverter.DoubleToInt64Bits(rows.Double(8)),
                SortField.UpdatedAt => updatedAt,
                SortField.Size => size,
                _ => 0,
            };
            if (top.Wants(number, path, id)) top.Add(new(number, path.ToArray(), id), rows.Int(1), rows.Bytes(7));
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
