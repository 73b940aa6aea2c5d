using Edna.Compliance.Search;
using Edna.Search.Elasticsearch;

namespace Edna.Search.Tests.Elasticsearch;

/// <summary>What every search index must do, by the adapter as OpenSearch is talked to.</summary>
public sealed class OpenSearchIndexTests : SearchIndexCompliance
{
    protected override int Samples => 20;

    protected override async Task<ISearchIndexHost> StartAsync() => await ElasticsearchIndexHost.StartAsync(ElasticsearchFlavor.OpenSearch);
}
