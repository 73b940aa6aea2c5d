using Edna.Compliance.Search.Elasticsearch;
using Edna.Hosting;
using Edna.Search;
using Edna.Search.Elasticsearch;
using Edna.Search.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edna.Benchmarks;

/// <summary>The index that <c>index</c> fills, with what must be closed after it.</summary>
/// <param name="Index">The index, empty.</param>
/// <param name="Closes">What belongs to it.</param>
internal sealed record IndexTarget(ISearchIndex Index, IAsyncDisposable Closes)
{
    /// <summary>The targets there are, by the name that is given as an argument.</summary>
    public static readonly IReadOnlyDictionary<string, Func<DataDirectory, Task<IndexTarget>>> All = new Dictionary<string, Func<DataDirectory, Task<IndexTarget>>>(StringComparer.Ordinal)
    {
        ["embedded"] = directory =>
        {
            var database = new SearchDatabase(directory, new(), NullLogger<SearchDatabase>.Instance);
            return Task.FromResult(new IndexTarget(new SqliteSearchIndex(database), database));
        },
        ["fake"] = async _ =>
        {
            var server = await FakeElasticsearch.StartAsync();
            return OnServer(server.Address, server);
        },
        ["bare"] = async _ =>
        {
            var server = await BareBulk.StartAsync();
            return OnServer(server.Address, server);
        },
    };

    /// <summary>The adapter of search servers, in front of one.</summary>
    private static IndexTarget OnServer(Uri address, IAsyncDisposable server)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"{ElasticsearchOptions.Section}:Address", address.ToString())]).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddElasticsearchSearch(configuration).BuildServiceProvider();
        return new(services.GetRequiredService<ISearchIndex>(), new Closing(services, server));
    }

    private sealed record Closing(ServiceProvider Services, IAsyncDisposable Server) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Services.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
