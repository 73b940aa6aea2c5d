using Edna.Items;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>What a transaction adds to the counts of items and bytes, written once at its end.</summary>
internal sealed class SearchTally
{
    private readonly Dictionary<(long Dataset, ItemStatus Status), (long Items, long Bytes)> _changes = [];

    public void Add(long dataset, ItemStatus status, long size) => Change(dataset, status, 1, size);

    public void Take(long dataset, ItemStatus status, long size) => Change(dataset, status, -1, -size);

    public void Clear() => _changes.Clear();

    public void Write(Connection connection)
    {
        foreach (var ((dataset, status), (items, bytes)) in _changes)
        {
            connection.Prepare("""
                INSERT INTO tally (dataset, status, items, bytes) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT DO UPDATE SET items = items + ?3, bytes = bytes + ?4
                """).Bind(1, dataset).Bind(2, (long)status).Bind(3, items).Bind(4, bytes).Run();
        }
        _changes.Clear();
    }

    private void Change(long dataset, ItemStatus status, long items, long bytes)
    {
        var before = _changes.GetValueOrDefault((dataset, status));
        _changes[(dataset, status)] = (before.Items + items, before.Bytes + bytes);
    }
}
