using Edna.Hosting;
using Edna.Sqlite;
using Xunit;

namespace Edna.Storage.Tests.Sqlite;

public sealed class GroupCommitWriterTests : IAsyncDisposable
{
    private readonly DataDirectory _directory = TemporaryDirectory.Make();
    private readonly ManualResetEventSlim _held = new();
    private readonly List<Exception> _faults = [];
    private readonly GroupCommitWriter<Session> _writer;

    public GroupCommitWriterTests()
    {
        var connection = Connection.OpenForWriting(FilePath, 64);
        connection.Execute("""
            PRAGMA busy_timeout=200;
            PRAGMA foreign_keys=ON;
            CREATE TABLE parent (id INTEGER PRIMARY KEY);
            CREATE TABLE child (parent INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
            """);
        _writer = new(new(connection), "test writer", groupWeight: 1_000, _faults.Add);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string FilePath => _directory.At("test.db");

    /// <summary>A child without a parent is found only by the commit.</summary>
    [Fact]
    public async Task A_write_whose_commit_fails_is_not_acknowledged_and_the_others_of_its_group_are()
    {
        var held = HoldAsync();
        var writes = new[] { "INSERT INTO parent VALUES (1)", "INSERT INTO child VALUES (7)", "INSERT INTO child VALUES (1)" }
            .Select(sql => _writer.WriteAsync(session => Run(session, sql))).ToList();
        _held.Set();
        await held;
        await writes[0];
        await Assert.ThrowsAsync<SqliteFaultException>(() => writes[1]);
        await writes[2];
        Assert.Equal(1, await _writer.WriteAsync(session => session.Connection.QueryLong("SELECT count(*) FROM child")));
        Assert.Single(_faults);
    }

    [Fact]
    public async Task While_another_program_holds_the_file_what_queued_up_is_refused_together()
    {
        const int Writes = 50;
        using (var other = Connection.OpenForWriting(FilePath, 64))
        {
            other.Execute("BEGIN IMMEDIATE");
            // While the first waits for the file, the others queue up behind it and become a group.
            var writes = Enumerable.Range(0, Writes).Select(_ => _writer.WriteAsync(session => Run(session, "INSERT INTO parent VALUES (NULL)"))).ToList();
            foreach (var write in writes) await Assert.ThrowsAsync<SqliteFaultException>(() => write);
            other.Execute("ROLLBACK");
        }
        Assert.InRange(_faults.Count, 1, Writes / 2);
        await _writer.WriteAsync(session => Run(session, "INSERT INTO parent VALUES (NULL)"));
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _held.Dispose();
        Directory.Delete(_directory.Path, recursive: true);
    }

    /// <summary>Keeps the writer busy, so that what is queued meanwhile becomes one group.</summary>
    private Task<bool> HoldAsync() => _writer.WriteAsync(_ =>
    {
        _held.Wait();
        return true;
    });

    private static bool Run(Session session, string sql)
    {
        session.Connection.Execute(sql);
        return true;
    }

    private sealed class Session(Connection connection) : IWriteSession
    {
        public Connection Connection => connection;

        public void Committing()
        {
            // This one keeps nothing.
        }

        public void Committed()
        {
            // This one keeps nothing.
        }

        public void RolledBack()
        {
            // This one keeps nothing.
        }

        public void Dispose() => connection.Dispose();
    }
}
