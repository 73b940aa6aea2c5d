using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Storage.Sqlite;

/// <summary>What the writer of <c>edna.db</c> keeps: its connection, the last number of the change feed, datasets not committed yet.</summary>
internal sealed class StateWriteSession : IWriteSession
{
    private readonly DatasetNumbers _numbers;
    private readonly Checkpoints _checkpoints;
    private readonly Dictionary<DatasetKey, int> _uncommitted = [];
    private long _committedChange;
    private long _lastChange;

    public StateWriteSession(Connection connection, DatasetNumbers numbers, Checkpoints checkpoints)
    {
        (Connection, _numbers, _checkpoints) = (connection, numbers, checkpoints);
        // The feed of a new file starts at the time, in microseconds since 1970: readers whose cursors are from a file that was lost
        // before are behind it, and are told everything anew.
        _committedChange = _lastChange = connection.QueryLong("SELECT CASE number WHEN 0 THEN unixepoch() * 1000000 ELSE number END FROM last_change");
    }

    public Connection Connection { get; }

    /// <summary>The next number of the feed. Numbers are never used twice, not even when their changes are removed.</summary>
    public long NextChange() => ++_lastChange;

    /// <summary>The number of a dataset, given to it now when it has none.</summary>
    public int NumberOf(DatasetKey dataset)
    {
        if (_numbers.Find(dataset) is { } number || _uncommitted.TryGetValue(dataset, out number)) return number;
        Connection.Prepare("INSERT INTO dataset (tenant, name) VALUES (?, ?)").Bind(1, dataset.Tenant).Bind(2, dataset.Dataset).Run();
        return _uncommitted[dataset] = checked((int)Connection.LastInsertRowId);
    }

    /// <summary>The number of a dataset; null when it has none.</summary>
    public int? FindNumber(DatasetKey dataset) =>
        _numbers.Find(dataset) ?? (_uncommitted.TryGetValue(dataset, out var number) ? number : null);

    public void Committing()
    {
        if (_lastChange != _committedChange) Connection.Prepare("UPDATE last_change SET number = ?").Bind(1, _lastChange).Run();
    }

    public void Committed()
    {
        _committedChange = _lastChange;
        foreach (var (dataset, number) in _uncommitted) _numbers.Add(dataset, number);
        _uncommitted.Clear();
        _checkpoints.Committed(Connection);
    }

    public void RolledBack()
    {
        _lastChange = _committedChange;
        _uncommitted.Clear();
    }

    public void Dispose()
    {
        _checkpoints.Dispose();
        try
        {
            Connection.Checkpoint(truncate: true);
        }
        finally
        {
            Connection.Dispose();
        }
    }
}
