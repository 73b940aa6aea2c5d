using Edna.Compliance.Search.Elasticsearch;
using Edna.Items;
using Edna.Jobs;
using Edna.Keys;
using Edna.Search;
using Edna.Silo.Tests.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Edna.Silo.Tests.Search;

/// <summary>A silo whose search index is on a fake server.</summary>
internal sealed class SearchServerCluster : IAsyncDisposable
{
    private SearchServerCluster(FakeElasticsearch server, EdnaCluster edna) => (Server, Edna) = (server, edna);

    public FakeElasticsearch Server { get; }

    public EdnaCluster Edna { get; }

    public SearchIndexer Indexer => Edna.Services.GetRequiredService<SearchIndexer>();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Starts one whose server forgets removed documents at once, as a slow one would have by then.</summary>
    public static Task<SearchServerCluster> StartAsync() => StartAsync(TimeProvider.System, TimeSpan.Zero);

    /// <summary>Starts one whose server remembers removed documents for a time.</summary>
    public static async Task<SearchServerCluster> StartAsync(TimeProvider serverTime, TimeSpan remembers)
    {
        var server = await FakeElasticsearch.StartAsync(time: serverTime);
        var edna = new EdnaCluster(
            new("Edna:Search:Provider", "Elasticsearch"), new("Edna:Search:Elasticsearch:Address", server.Address.AbsoluteUri),
            new("Edna:Search:Elasticsearch:TombstoneSeconds", $"{remembers.TotalSeconds}"));
        await edna.InitializeAsync();
        return new(server, edna);
    }

    public Task<Results.Result<Job>> StartReindexAsync(string? name = null) => Edna.Grains.GetGrain<IIndexingGrain>(0).StartReindexAsync("default", "ann", name);

    /// <summary>Runs a reindex to its end.</summary>
    public async Task<Job> ReindexAsync() => await Edna.EndOfAsync((await EdnaCluster.Good(StartReindexAsync())).Id);

    /// <summary>Writes an available item without a URL that may still work, so that its row goes as soon as it is purged, and has it indexed.</summary>
    public async Task<ItemKey> WriteAsync(DatasetKey dataset, string path)
    {
        var now = TimeProvider.System.GetUtcNow();
        var key = await Edna.WriteAsync(dataset, new ItemState { Path = path, Status = ItemStatus.Available, Revision = 1, ContentType = "text/plain", CreatedAt = now, CreatedBy = "ann", UpdatedAt = now });
        Indexer.Enqueue(key.Shard);
        return key;
    }

    /// <summary>The items of all datasets that must be in the index, with their revisions.</summary>
    public async Task<SortedDictionary<string, long>> RowsAsync()
    {
        var rows = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var dataset in await Edna.Table.ListDatasetsAsync(Ct))
            foreach (var row in await Edna.Table.ScanAsync(dataset, null, 10_000, Ct))
                if (row.Status != ItemStatus.Purged) rows.Add(row.Key.ToString(), row.Revision);
        return rows;
    }

    /// <summary>Waits until nothing is dirty any more, and compares the index with the table, item by item.</summary>
    public async Task ShouldBeTheTableAsync()
    {
        await Eventually.IsTrueAsync(async () => (await Edna.Table.ListDirtyShardsAsync(Ct)).Count == 0);
        Assert.Equal(await RowsAsync(), new SortedDictionary<string, long>(Server.VersionsIn("edna").ToDictionary(), StringComparer.Ordinal));
    }

    /// <summary>There is one index, behind the alias, and rows are pushed to that one alone.</summary>
    public async Task<string> ShouldHaveOneIndexAsync()
    {
        var (name, aliases) = Assert.Single(Server.Indexes);
        Assert.Equal(["edna"], aliases);
        Assert.Null(IndexTargets.Read((await Edna.Table.ReadIndexGenerationAsync(Ct))!).Next);
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        await Edna.DisposeAsync();
        await Server.DisposeAsync();
        Assert.True(Server.Violations.Count == 0, string.Join('\n', Server.Violations.Take(3)));
    }
}
