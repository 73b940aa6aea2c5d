using SQLitePCL;

namespace Edna.Sqlite;

/// <summary>A connection to a SQLite file. Used by one thread at a time; statements are prepared once and kept.</summary>
internal sealed class Connection : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private CancellationToken _stop;

    static Connection() => Batteries_V2.Init();

    private Connection(sqlite3 handle) => _handle = handle;

    /// <summary>Rows that the last statement changed.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    public long LastInsertRowId => raw.sqlite3_last_insert_rowid(_handle);

    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>
    /// Opens the file for writing, and makes it if it is not there: WAL, every commit synced to the disk before it counts.
    /// Checkpoints are left to <see cref="Checkpoints"/>, so that no commit pays for one.
    /// </summary>
    public static Connection OpenForWriting(string path, int cacheKilobytes)
    {
        var connection = Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        try
        {
            connection.Execute("PRAGMA page_size=4096");
            connection.Execute("PRAGMA journal_mode=WAL");
            connection.Execute("PRAGMA synchronous=FULL");
            connection.Execute("PRAGMA wal_autocheckpoint=0");
            connection.Execute("PRAGMA temp_store=MEMORY");
            connection.Execute(FormattableString.Invariant($"PRAGMA cache_size=-{cacheKilobytes}"));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file that is there, for reading beside a writer.</summary>
    public static Connection OpenForReading(string path, int cacheKilobytes)
    {
        var connection = Open(path, raw.SQLITE_OPEN_READWRITE);
        raw.sqlite3_progress_handler(connection._handle, StepsBetweenLooks, static state => ((Connection)state)._stop.IsCancellationRequested ? 1 : 0, connection);
        connection.Execute("PRAGMA query_only=1");
        connection.Execute("PRAGMA temp_store=MEMORY");
        connection.Execute(FormattableString.Invariant($"PRAGMA cache_size=-{cacheKilobytes}"));
        return connection;
    }

    /// <summary>
    /// Makes statements end with <see cref="SqliteFaultException.IsInterruption"/> once a token is cancelled, in the midst of their work. Of connections for reading only.
    /// </summary>
    /// <param name="ct">The token; none ends it.</param>
    public void StopOn(CancellationToken ct) => _stop = ct;

    /// <summary>The prepared statement for a text, kept for the next time.</summary>
    public Statement Prepare(string sql)
    {
        if (_statements.TryGetValue(sql, out var statement)) return statement;
        var code = raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle);
        if (code != raw.SQLITE_OK) throw Fault(code, sql);
        return _statements[sql] = new Statement(this, handle, sql);
    }

    /// <summary>Runs statements that take and answer nothing.</summary>
    public void Execute(string sql)
    {
        var code = raw.sqlite3_exec(_handle, sql);
        if (code != raw.SQLITE_OK) throw Fault(code, sql);
    }

    public long QueryLong(string sql)
    {
        var statement = Prepare(sql);
        statement.Step();
        var value = statement.Long(0);
        statement.Reset();
        return value;
    }

    /// <summary>Moves what the log holds into the file, as far as readers allow; how many pages of the log are still to be moved.</summary>
    public int Checkpoint(bool truncate)
    {
        var mode = truncate ? raw.SQLITE_CHECKPOINT_TRUNCATE : raw.SQLITE_CHECKPOINT_PASSIVE;
        var code = raw.sqlite3_wal_checkpoint_v2(_handle, null, mode, out var inLog, out var moved);
        if (code is raw.SQLITE_BUSY or raw.SQLITE_LOCKED) return int.MaxValue;
        if (code != raw.SQLITE_OK) throw Fault(code, "checkpoint");
        return inLog - moved;
    }

    /// <summary>Pages written by this connection since it was last asked.</summary>
    public int TakePagesWritten()
    {
        raw.sqlite3_db_status(_handle, CacheWrite, out var written, out _, 1);
        return written;
    }

    public SqliteFaultException Fault(int code, string during) =>
        new(code, raw.sqlite3_errmsg(_handle).utf8_to_string(), during);

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _statements.Clear();
        _handle.Dispose();
    }

    private const int CacheWrite = 9;

    /// <summary>Steps of SQLite's machine between two looks at the token: a fraction of a millisecond.</summary>
    private const int StepsBetweenLooks = 1_000;

    private static Connection Open(string path, int flags)
    {
        var code = raw.sqlite3_open_v2(path, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        var connection = new Connection(handle);
        if (code != raw.SQLITE_OK)
        {
            var fault = connection.Fault(code, $"opening {path}");
            connection.Dispose();
            throw fault;
        }
        raw.sqlite3_extended_result_codes(handle, 1);
        raw.sqlite3_busy_timeout(handle, 5_000);
        return connection;
    }
}
