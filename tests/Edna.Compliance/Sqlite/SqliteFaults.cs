using Edna.Sqlite;
using Xunit;

namespace Edna.Compliance.Sqlite;

/// <summary>What can befall a database file of SQLite's while it is in use.</summary>
/// <param name="path">The file.</param>
/// <param name="write">Runs a statement on the connection that writes.</param>
public sealed class SqliteFaults(string path, Func<string, Task> write)
{
    private const int PageBytes = 4_096;

    /// <summary>Makes the disk full: SQLite answers a limit on its pages with what it answers that with.</summary>
    public Task FillDiskAsync() => write("PRAGMA max_page_count=1");

    /// <summary>Makes room again.</summary>
    public Task FreeDiskAsync() => write("PRAGMA max_page_count=1000000");

    /// <summary>Has another program hold the file, until disposed. Who writes does not wait for it for long.</summary>
    public async Task<IDisposable> HoldAsync()
    {
        await write("PRAGMA busy_timeout=20");
        return new Holder(path);
    }

    /// <summary>Fills every page but the first, which says what the file is.</summary>
    public async Task BreakPagesAsync()
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        var broken = new byte[file.Length - PageBytes];
        Array.Fill(broken, (byte)'?');
        file.Position = PageBytes;
        await file.WriteAsync(broken, TestContext.Current.CancellationToken);
    }

    /// <summary>Fills some pages.</summary>
    /// <param name="pages">Their numbers, from 1, as SQLite counts.</param>
    public async Task BreakPagesAsync(IEnumerable<long> pages)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        var broken = new byte[PageBytes];
        Array.Fill(broken, (byte)'?');
        foreach (var page in pages)
        {
            file.Position = (page - 1) * PageBytes;
            await file.WriteAsync(broken, TestContext.Current.CancellationToken);
        }
    }

    private sealed class Holder : IDisposable
    {
        private readonly Connection other;

        public Holder(string path)
        {
            other = Connection.OpenForWriting(path, 64);
            other.Execute("BEGIN IMMEDIATE");
        }

        public void Dispose()
        {
            other.Execute("ROLLBACK");
            other.Dispose();
        }
    }
}
