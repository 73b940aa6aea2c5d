using Edna.Compliance.Search;
using Edna.Compliance.Sqlite;
using Edna.Hosting;
using Edna.Search.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Edna.Search.Tests.Sqlite;

/// <summary>An index in a directory of its own, which goes with it.</summary>
internal sealed class SqliteSearchIndexHost : ISearchIndexHost
{
    private readonly int? _frequentFrom;

    /// <summary>Opens an empty index.</summary>
    /// <param name="frequentFrom">Documents that make a word frequent, if other than usual.</param>
    public SqliteSearchIndexHost(int? frequentFrom = null)
    {
        _frequentFrom = frequentFrom;
        Open();
    }

    public DataDirectory Data { get; } = new(Directory.CreateTempSubdirectory("edna-test-").FullName);

    public SearchDatabase Database { get; private set; } = null!;

    public ISearchIndex Index { get; private set; } = null!;

    public SqliteFaults Faults => new(Data.At("search.db"), statement => Database.WriteAsync(session =>
    {
        session.Connection.Execute(statement);
        return true;
    }, 1, TestContext.Current.CancellationToken));

    public async Task ReopenAsync()
    {
        await CloseAsync();
        Open();
    }

    public ValueTask CloseAsync() => Database.DisposeAsync();

    public void Open()
    {
        var logger = NullLogger<SearchDatabase>.Instance;
        Database = _frequentFrom is { } from ? new(Data, new(), logger, from) : new(Data, new(), logger);
        Index = new SqliteSearchIndex(Database);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(Data.Path, recursive: true);
    }
}
