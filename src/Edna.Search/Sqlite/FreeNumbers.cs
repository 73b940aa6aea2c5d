using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>
/// Numbers that were in use and are not any more, the smallest given first. Sets of documents are as long as the largest number, so what comes and goes must not use
/// ever larger ones.
/// </summary>
/// <param name="connection">The writer's connection.</param>
/// <param name="of">What they number.</param>
internal sealed class FreeNumbers(Connection connection, NumbersOf of)
{
    private bool? _any;

    /// <summary>The number to use next; null for one above all others.</summary>
    public long? Next
    {
        get
        {
            if (_any == false) return null;
            var row = connection.Prepare("SELECT number FROM free_number WHERE of = ? ORDER BY number LIMIT 1").Bind(1, (long)of);
            long? number = row.Step() ? row.Long(0) : null;
            row.Reset();
            _any = number is not null;
            return number;
        }
    }

    /// <summary>Notes that a number is in use.</summary>
    public void Take(long number) => connection.Prepare("DELETE FROM free_number WHERE of = ? AND number = ?").Bind(1, (long)of).Bind(2, number).Run();

    /// <summary>Notes that a number is in use no more.</summary>
    public void Free(long number)
    {
        connection.Prepare("INSERT INTO free_number (of, number) VALUES (?, ?)").Bind(1, (long)of).Bind(2, number).Run();
        _any = true;
    }

    /// <summary>A transaction left nothing.</summary>
    public void Forget() => _any = null;
}

/// <summary>What has numbers that are given again. They stand in the file: never renumber.</summary>
internal enum NumbersOf
{
    /// <summary>Documents.</summary>
    Documents = 0,

    /// <summary>Terms.</summary>
    Terms = 1,
}
