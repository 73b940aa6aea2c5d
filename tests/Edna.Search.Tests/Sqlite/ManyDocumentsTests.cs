using Edna.Search.Sqlite;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Search.Tests.Sqlite;

/// <summary>
/// What only many documents show: sets of several chunks, values counted in either way, and hits far down an order, where reading along the index is
/// given up for looking at each hit.
/// </summary>
public sealed class ManyDocumentsTests : IAsyncLifetime
{
    private const int Last = (2 * IdChunk.Ids) - 20;

    private static readonly SearchDocument[] s_documents = [.. Enumerable.Range(0, 2 * IdChunk.Ids).Select(Make)];

    private readonly SqliteSearchIndexHost _host = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (var batch in s_documents.Chunk(1_000)) await _host.Index.PushAsync(batch);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("tag.rare:yes")]
    [InlineData("tag.half:yes")]
    [InlineData("odd")]
    [InlineData("last")]
    [InlineData("-odd size:>=5000")]
    [InlineData("tag.rare:yes size:<15000")]
    [InlineData("tag.own:16*")]
    public async Task Hits_are_found_counted_and_paged_in_every_order(string query)
    {
        foreach (var sort in (string[])["path", "-path", "size", "-size", "updatedAt", "-updatedAt", "relevance", "-relevance"])
        {
            var search = ParsedSearch.Of("default", new() { Query = query, Sort = sort, Limit = 3, Facets = ["label", "tag:own", "status"] }).Value!;
            var hits = s_documents.Where(document => Compliance.Search.QueryEvaluator.Holds(search.Query, document)).ToList();
            var page = await _host.Index.SearchAsync(search, Ct);
            Assert.Equal(hits.Count, page.Total);
            Assert.Equal([("available", (long)hits.Count)], Values(page, "status"));
            Assert.Equal(Most(hits.SelectMany(document => document.LabelClasses)), Values(page, "label"));
            Assert.Equal(Most(hits.SelectMany(document => document.Tags).Where(tag => tag.Key == "own").Select(tag => tag.Value)), Values(page, "tag:own"));

            var sorted = sort.TrimStart('-') switch
            {
                "size" => hits.OrderBy(document => document.Size),
                "updatedAt" => hits.OrderBy(document => document.UpdatedAt),
                _ => hits.OrderBy(document => document.Path, StringComparer.Ordinal),
            };
            var expected = (sort[0] == '-' ? sorted.Reverse() : sorted).Select(document => document.Key).Take(12).ToList();
            var found = page.Items.ToList();
            while (found.Count < expected.Count)
            {
                page = await _host.Index.SearchAsync(search with { Cursor = page.NextCursor }, Ct);
                found.AddRange(page.Items);
            }
            Assert.Equal(expected, found);
        }
    }

    /// <summary>Sizes go against the paths, times along; rare ones stand at both ends.</summary>
    private static SearchDocument Make(int n) => Document($"{(n >= Last ? "last" : n % 2 == 0 ? "even" : "odd")}/{n:d5}") with
    {
        Size = 20_000 - n,
        UpdatedAt = Noon.AddSeconds(n),
        LabelClasses = [$"class {n % 3}"],
        Tags = new Dictionary<string, string>
        {
            ["half"] = n < IdChunk.Ids ? "yes" : "no", ["rare"] = n % 8_000 == 7_999 || n >= (2 * IdChunk.Ids) - 5 ? "yes" : "no", ["own"] = $"{n}",
        },
    };

    private static IEnumerable<(string Value, long Count)> Most(IEnumerable<string> values) => values.CountBy(value => value)
        .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(100).Select(pair => (pair.Key, (long)pair.Value));

    private static IEnumerable<(string Value, long Count)> Values(SearchHits hits, string facet) => hits.Facets[facet].Select(value => (value.Value, value.Count));
}
