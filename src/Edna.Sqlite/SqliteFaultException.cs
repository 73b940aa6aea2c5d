using SQLitePCL;

namespace Edna.Sqlite;

/// <summary>SQLite answered with an error code.</summary>
internal sealed class SqliteFaultException(int code, string message, string during)
    : Exception($"SQLite error {code} ({message}) during: {during}")
{
    /// <summary>The primary result code, such as 13 for a full disk.</summary>
    public int Code => code & 0xff;

    /// <summary>The content of the file makes no sense, or it is not a database at all.</summary>
    public bool IsCorruption => Code is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    /// <summary>It was told to stop: see <see cref="Connection.StopOn"/>.</summary>
    public bool IsInterruption => Code is raw.SQLITE_INTERRUPT;

    /// <summary>
    /// The world around is at fault (full disk, failing disk, a lock held too long, broken file), and not this program.
    /// </summary>
    public bool IsEnvironmental => IsCorruption
        || Code is raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_CANTOPEN
            or raw.SQLITE_READONLY or raw.SQLITE_NOMEM or raw.SQLITE_PERM or raw.SQLITE_PROTOCOL or raw.SQLITE_AUTH;
}
