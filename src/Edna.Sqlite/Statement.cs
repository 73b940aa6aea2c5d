using System.Text;
using SQLitePCL;

namespace Edna.Sqlite;

/// <summary>A prepared statement of one connection. Parameters count from 1, columns from 0, as in SQLite itself.</summary>
internal sealed class Statement(Connection connection, sqlite3_stmt handle, string sql) : IDisposable
{
    public Statement Bind(int index, long value) => Checked(raw.sqlite3_bind_int64(handle, index, value));

    public Statement Bind(int index, long? value) =>
        value is { } v ? Bind(index, v) : Checked(raw.sqlite3_bind_null(handle, index));

    public Statement Bind(int index, string? value)
    {
        if (value is null) return Checked(raw.sqlite3_bind_null(handle, index));
        var size = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (size > 1024) return BindText(index, Encoding.UTF8.GetBytes(value));
        Span<byte> utf8 = stackalloc byte[size];
        return BindText(index, utf8[..Encoding.UTF8.GetBytes(value, utf8)]);
    }

    public Statement BindText(int index, ReadOnlySpan<byte> utf8) => Checked(raw.sqlite3_bind_text(handle, index, utf8));

    public Statement BindBlob(int index, ReadOnlySpan<byte> value) => Checked(raw.sqlite3_bind_blob(handle, index, value));

    /// <summary>Goes to the next row; false at the end, after which the statement is ready to be bound again.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW) return true;
        if (code == raw.SQLITE_DONE)
        {
            Reset();
            return false;
        }
        var fault = connection.Fault(code, sql);
        Reset();
        throw fault;
    }

    /// <summary>Runs it to the end.</summary>
    public void Run()
    {
        while (Step())
        {
            // Rows of a statement that is run for its effect are of no interest.
        }
    }

    /// <summary>Runs it to the end and tells how many rows it changed.</summary>
    public int RunCounting()
    {
        Run();
        return connection.Changes;
    }

    /// <summary>Gives up the rows that are left, and with them the snapshot that they belong to.</summary>
    public void Reset() => raw.sqlite3_reset(handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(handle, column);

    public int Int(int column) => raw.sqlite3_column_int(handle, column);

    public long? NullableLong(int column) => IsNull(column) ? null : Long(column);

    public double Double(int column) => raw.sqlite3_column_double(handle, column);

    /// <summary>The bytes of a blob, or of a text in UTF-8. Valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public string? NullableText(int column) => IsNull(column) ? null : Text(column);

    public void Dispose() => handle.Dispose();

    private Statement Checked(int code) => code == raw.SQLITE_OK ? this : throw connection.Fault(code, sql);
}
