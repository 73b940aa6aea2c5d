using System.Text;
using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>Finds the numbers that stand for what is asked for. What no document has ever had has none.</summary>
internal sealed class SearchLookups(Connection connection)
{
    /// <summary>The number of a dataset.</summary>
    public int? Dataset(DatasetKey dataset) =>
        One(connection.Prepare("SELECT number FROM dataset WHERE tenant = ? AND name = ?").Bind(1, dataset.Tenant).Bind(2, dataset.Dataset));

    /// <summary>The number of a field.</summary>
    public int? Field(string name) => One(connection.Prepare("SELECT number FROM field WHERE name = ?").Bind(1, name));

    /// <summary>The number of a field's value.</summary>
    public int? Term(string field, string value) => One(connection.Prepare(
        "SELECT t.number FROM field f JOIN term t ON t.field = f.number WHERE f.name = ? AND t.value = ?").Bind(1, field).Bind(2, value));

    /// <summary>The numbers of a field's values that begin so; null when there are more than <paramref name="most"/>.</summary>
    public List<int>? Terms(int field, string prefix, long most)
    {
        var start = Encoding.UTF8.GetBytes(prefix);
        var found = new List<int>();
        var rows = connection.Prepare("SELECT number, value FROM term WHERE field = ? AND value >= ? ORDER BY value").Bind(1, field).BindText(2, start);
        while (found.Count <= most && rows.Step())
        {
            if (!rows.Bytes(1).StartsWith(start)) break;
            found.Add(rows.Int(0));
        }
        rows.Reset();
        return found.Count > most ? null : found;
    }

    /// <summary>Whether a value begins so.</summary>
    /// <param name="term">The value's number.</param>
    /// <param name="prefix">The beginning in UTF-8.</param>
    public bool Begins(int term, ReadOnlySpan<byte> prefix)
    {
        var row = connection.Prepare("SELECT value FROM term WHERE number = ?").Bind(1, term);
        var begins = row.Step() && row.Bytes(0).StartsWith(prefix);
        row.Reset();
        return begins;
    }

    private static int? One(Statement row)
    {
        int? number = row.Step() ? row.Int(0) : null;
        row.Reset();
        return number;
    }
}
