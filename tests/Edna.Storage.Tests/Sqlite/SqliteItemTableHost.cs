using Edna.Compliance.Items;
using Edna.Compliance.Sqlite;
using Edna.Hosting;
using Edna.Items;
using Edna.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Edna.Storage.Tests.Sqlite;

/// <summary>A table in a directory of its own, which goes with it.</summary>
internal sealed class SqliteItemTableHost : IItemTableHost
{
    public SqliteItemTableHost() => Open();

    public DataDirectory Directory { get; } = TemporaryDirectory.Make();

    public StateDatabase Database { get; private set; } = null!;

    public IItemTable Table { get; private set; } = null!;

    public SqliteFaults Faults => new(Directory.At("edna.db"), statement => Database.WriteAsync(session =>
    {
        session.Connection.Execute(statement);
        return true;
    }, 1, TestContext.Current.CancellationToken));

    public async Task ReopenAsync()
    {
        await Database.DisposeAsync();
        Open();
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        System.IO.Directory.Delete(Directory.Path, recursive: true);
    }

    private void Open()
    {
        Database = new(Directory, new(), NullLogger<StateDatabase>.Instance);
        Table = new SqliteItemTable(Database);
    }
}
