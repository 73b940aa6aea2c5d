using Edna.Compliance.Search;
using Edna.Compliance.Search.Elasticsearch;
using Edna.Search.Elasticsearch;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Edna.Search.Tests.Elasticsearch;

/// <summary>The adapter with a fake server of its own.</summary>
internal sealed class ElasticsearchIndexHost : ISearchIndexHost
{
    private readonly TimeProvider _time;
    private ElasticsearchClient _client = null!;
    private IndexLifecycle _lifecycle = null!;

    private ElasticsearchIndexHost(FakeElasticsearch server, ElasticsearchOptions options, TimeProvider time)
    {
        (Server, Options, _time) = (server, options, time);
        Open();
    }

    public FakeElasticsearch Server { get; }

    public ElasticsearchOptions Options { get; }

    public ISearchIndex Index { get; private set; } = null!;

    public static async Task<ElasticsearchIndexHost> StartAsync(
        ElasticsearchFlavor flavor = ElasticsearchFlavor.Elasticsearch, TimeProvider? time = null, Action<ElasticsearchOptions>? configure = null)
    {
        var clock = time ?? TimeProvider.System;
        var server = await FakeElasticsearch.StartAsync(flavor == ElasticsearchFlavor.Elasticsearch ? "elasticsearch" : "opensearch", clock);
        // Items of these tests begin anew at once; that a server remembers them for a while has a test of its own.
        var options = new ElasticsearchOptions { Address = server.Address, Flavor = flavor, TombstoneSeconds = 0 };
        configure?.Invoke(options);
        return new(server, options, clock);
    }

    public async Task ReopenAsync()
    {
        await CloseAsync();
        Open();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await Server.DisposeAsync();
        Assert.True(Server.Violations.Count == 0, string.Join('\n', Server.Violations.Take(3)));
    }

    private void Open()
    {
        _client = new(Options, new HeaderAuthorization(null));
        _lifecycle = new(_client, Options, NullLogger<IndexLifecycle>.Instance);
        var bulk = new BulkPush(_client, Options, _time);
        Index = new ElasticsearchIndex(
            _client, Options, _lifecycle, bulk, new(_client, Options, NullLogger<PointsInTime>.Instance),
            new(_client, Options, _lifecycle, bulk, NullLogger<NextIndexes>.Instance));
    }

    private ValueTask CloseAsync()
    {
        _client.Dispose();
        _lifecycle.Dispose();
        return ValueTask.CompletedTask;
    }
}
