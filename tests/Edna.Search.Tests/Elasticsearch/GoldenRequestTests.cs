using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Edna.Compliance.Search;
using Edna.Items;
using Edna.Search.Elasticsearch;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Search.Tests.Elasticsearch;

/// <summary>
/// The main requests as they go over the wire, letter for letter. Who changes one changes what servers are asked, and an index that
/// exists may have been made by the former: so it is done knowingly, with the file beside this one.
/// </summary>
public sealed partial class GoldenRequestTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ElasticsearchFlavor.Elasticsearch, "requests-elasticsearch.txt")]
    [InlineData(ElasticsearchFlavor.OpenSearch, "requests-opensearch.txt")]
    public async Task Requests_are_as_they_were_released(ElasticsearchFlavor flavor, string file)
    {
        await using var host = await ElasticsearchIndexHost.StartAsync(flavor, configure: options => options.TombstoneSeconds = 10);
        await host.Index.GetGenerationAsync(Ct);
        await host.Index.PushAsync(
            Document("cats/Größe 7.jpg", 3) with
            {
                Status = ItemStatus.Pending, Split = "train", LabelClasses = ["tabby cat"], Tags = new Dictionary<string, string> { ["side"] = "left" },
                Metadata = [new("camera.model", "X-100 \"Pro\"")], UpdatedAt = Noon.AddTicks(1),
            },
            Document("dogs/1", 9) with { Status = ItemStatus.Purged });
        await host.Index.PushAsync(Document("cats/2"), Document("cats/3"));
        // Taken already, so the server is asked whether it is there or was removed.
        await host.Index.PushAsync(Document("cats/2"));
        var search = new SearchRequest
        {
            Query = "cats OR (\"tabby c\"* -tag.side:left label:t* size:1kb..2kb) ca* OR meta.camera.model:x", Datasets = ["pets"], Facets = ["label", "tag:a.b", "status"], Limit = 1,
            Filter = new() { Split = ["train", "test"], Tags = new Dictionary<string, string> { ["side"] = "left" }, UpdatedAt = new() { Gte = Noon } },
        };
        await host.Index.AllAsync(search);
        await host.Index.AllAsync(new() { Query = "path:cats", Sort = "-size", Limit = 2 });
        await host.Index.CountAsync(Pets, Ct);
        await host.Index.RemoveDatasetAsync(Pets, Ct);
        await host.Index.CheckAsync(Ct);
        var sent = new StringBuilder();
        foreach (var request in host.Server.Requests) sent.Append(request.Method).Append(' ').Append(request.Path).Append(request.Query).Append('\n').Append(Random().Replace(request.Body, "«random»").TrimEnd('\n')).Append('\n').Append(request.Body.Length > 0 ? "\n" : "");
        using var released = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(file)!);
        var expected = await released.ReadToEndAsync(Ct);
        sent.Length--;
        Assert.True(expected == sent.ToString(), $"{file} should be:\n{sent}");
    }

    /// <summary>Generations and points in time.</summary>
    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex Random();
}
