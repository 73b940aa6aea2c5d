using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Storage.Sqlite;

/// <summary>What the writer of <c>edna.db</c> keeps: its connection, the last number of the change feed, datasets not committed yet.</summary>
internal sealed class StateWriteSession : IWriteSession
{
    private readonly DatasetNumbers _numbers;
    private readonly Checkpoints _checkpoints;
    private readonly Dictionary<DatasetKey, int> _uncommitted = [];

    /// <summary>The number given last before this session; 0 when none was, and when the gap after it has been noted.</summary>
    private long _last;
    private long _committedChange;
    private long _lastChange;

    public StateWriteSession(Connection connection, DatasetNumbers numbers, Checkpoints checkpoints)
    {
        (Connection, _numbers, _checkpoints) = (connection, numbers, checkpoints);
        // The feed goes on at the time, in microseconds since 1970. Readers whose cursors are from a file that was lost before are behind that of a new one,
        // and are told everything anew. One that was put back to a copy gives no number again, and what it knows not to have given, it refuses.
        _last = connection.QueryLong("SELECT number FROM last_change");
        _committedChange = _lastChange = Math.Max(_last, connection.QueryLong("SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER)"));
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
        if (_lastChange == _committedChange) return;
        Connection.Prepare("UPDATE last_change SET number = ?").Bind(1, _lastChange).Run();
        if (_last > 0 && _last < _committedChange) Connection.Prepare("INSERT INTO change_gap (after, next) VALUES (?, ?)").Bind(1, _last).Bind(2, _committedChange + 1).Run();
    }

    public void Committed()
    {
        if (_lastChange != _committedChange) _last = 0;
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
