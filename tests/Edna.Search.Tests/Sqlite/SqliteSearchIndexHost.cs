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
    private const int FrequentFrom = 256;

    private readonly int _frequentFrom;
    private readonly SqliteSearchOptions _options;
    private readonly TimeProvider? _time;
    private readonly Action<string>? _began;

    /// <summary>Opens an empty index.</summary>
    /// <param name="frequentFrom">Documents that make a word frequent, if other than usual.</param>
    /// <param name="options">Options, if other than usual.</param>
    /// <param name="time">What deadlines are measured by, if not the system's time.</param>
    /// <param name="began">Is told the tenant of each search that has its reader.</param>
    public SqliteSearchIndexHost(int? frequentFrom = null, SqliteSearchOptions? options = null, TimeProvider? time = null, Action<string>? began = null)
    {
        (_frequentFrom, _options, _time, _began) = (frequentFrom ?? FrequentFrom, options ?? new(), time, began);
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
        Database = new(Data, _options, NullLogger<SearchDatabase>.Instance, _frequentFrom, _time, _began);
        Index = new SqliteSearchIndex(Database);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(Data.Path, recursive: true);
    }
}
