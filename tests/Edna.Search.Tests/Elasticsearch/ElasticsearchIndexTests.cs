using Edna.Compliance.Search;

namespace Edna.Search.Tests.Elasticsearch;

/// <summary>What every search index must do, by the adapter as Elasticsearch is talked to.</summary>
public sealed class ElasticsearchIndexTests : SearchIndexCompliance
{
    protected override int Samples => 50;

    protected override async Task<ISearchIndexHost> StartAsync() => await ElasticsearchIndexHost.StartAsync();
}
