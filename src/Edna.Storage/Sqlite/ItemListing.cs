using System.Text;
using Edna.Items;
using Edna.Keys;
using Edna.Sqlite;
using Edna.Storage.Rows;

namespace Edna.Storage.Sqlite;

/// <summary>Lists a dataset's items in path order, looking at a bounded number of rows a call. The cursor is the last path looked at.</summary>
internal static class ItemListing
{
    /// <summary>Rows looked at in one call: some 10 ms at most.</summary>
    public const int Bound = 5_000;

    private const string AfterPath = $"SELECT {ItemRowColumns.All} FROM item WHERE dataset = ? AND path > ? ORDER BY path";
    private const string FromPath = $"SELECT {ItemRowColumns.All} FROM item WHERE dataset = ? AND path >= ? ORDER BY path";
    private const string AtPath = $"SELECT {ItemRowColumns.All} FROM item WHERE dataset = ? AND path = ?";

    public static ItemRowPage List(Connection connection, int number, DatasetKey dataset, ItemListRequest request)
    {
        var cursor = request.Cursor is null ? null : ListCursor.Parse(request.Cursor);
        var filter = new ItemListFilter(request);
        var rows = Open(connection, number, request.Path, filter.PathPrefix, cursor);
        var page = new List<ItemRow>();
        byte[]? last = null;
        try
        {
            for (var looked = 0; rows.Step(); looked++)
            {
                var path = rows.Bytes(1);
                if (!path.StartsWith(filter.PathPrefix)) return new(page, null);
                if (page.Count == request.Limit || looked == Bound) return new(page, ListCursor.Format(last));
                if (filter.Matches(rows)) page.Add(ItemRowColumns.Read(rows, dataset));
                if (looked == Bound - 1 || page.Count == request.Limit) last = path.ToArray();
            }
            return new(page, null);
        }
        finally
        {
            rows.Reset();
        }
    }

    private static Statement Open(Connection connection, int number, string? path, byte[] prefix, byte[]? cursor)
    {
        if (path is not null)
        {
            var at = Encoding.UTF8.GetBytes(path);
            // A cursor at or after the only path there can be leaves nothing: no path equals the empty text.
            if (cursor is not null && cursor.AsSpan().SequenceCompareTo(at) >= 0) at = [];
            return connection.Prepare(AtPath).Bind(1, number).BindText(2, at);
        }
        return cursor is not null && cursor.AsSpan().SequenceCompareTo(prefix) >= 0
            ? connection.Prepare(AfterPath).Bind(1, number).BindText(2, cursor)
            : connection.Prepare(FromPath).Bind(1, number).BindText(2, prefix);
    }
}
