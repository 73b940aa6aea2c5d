using Edna.Items;
using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>What a transaction adds to the counts of items and bytes, written once at its end.</summary>
internal sealed class SearchTally
{
    private readonly Dictionary<(long Dataset, ItemStatus Status), (long Items, long Bytes)> _changes = [];

    public void Add(long dataset, ItemStatus status, long size) => Change(dataset, status, 1, size);

    public void Take(long dataset, ItemStatus status, long size) => Change(dataset, status, -1, -size);

    public void Clear() => _changes.Clear();

    /// <summary>Writes it, and removes the datasets that have nothing left.</summary>
    /// <param name="connection">The writer's connection.</param>
    /// <param name="datasets">The datasets' numbers as the writer keeps them: those that are removed leave it.</param>
    public void Write(Connection connection, Dictionary<DatasetKey, int> datasets)
    {
        foreach (var ((dataset, status), (items, bytes)) in _changes)
        {
            connection.Prepare("""
                INSERT INTO tally (dataset, status, items, bytes) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT DO UPDATE SET items = items + ?3, bytes = bytes + ?4
                """).Bind(1, dataset).Bind(2, (long)status).Bind(3, items).Bind(4, bytes).Run();
        }
        foreach (var dataset in _changes.Where(change => change.Value.Items <= 0).Select(change => change.Key.Dataset).Distinct().ToList())
            RemoveIfEmpty(connection, dataset, datasets);
        _changes.Clear();
    }

    private static void RemoveIfEmpty(Connection connection, long dataset, Dictionary<DatasetKey, int> datasets)
    {
        var row = connection.Prepare("SELECT 1 FROM tally WHERE dataset = ? AND items > 0 LIMIT 1").Bind(1, dataset);
        var isLeft = row.Step();
        row.Reset();
        if (isLeft) return;
        connection.Prepare("DELETE FROM tally WHERE dataset = ?").Bind(1, dataset).Run();
        connection.Prepare("DELETE FROM dataset WHERE number = ?").Bind(1, dataset).Run();
        foreach (var key in datasets.Where(known => known.Value == dataset).Select(known => known.Key).ToList()) datasets.Remove(key);
    }

    private void Change(long dataset, ItemStatus status, long items, long bytes)
    {
        var before = _changes.GetValueOrDefault((dataset, status));
        _changes[(dataset, status)] = (before.Items + items, before.Bytes + bytes);
    }
}
