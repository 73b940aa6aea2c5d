using Edna.Compliance.Search;
using Edna.Keys;
using Edna.Search.Elasticsearch;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Search.Tests.Elasticsearch;

/// <summary>Keys and values whose signs mean something on the way: as patterns, as terms, as parts of a cursor.</summary>
public sealed class TermTests
{
    private static readonly (string Key, string Value)[] s_tags = [("a.b", "1"), ("axb", "2"), ("a_b", "3"), ("a:b", "c"), ("a", "b:c"), ("a+b", "4"), ("a@b=c/d", "5"), ("1:a", "6"), ("größe", "7"), ("A b", "8"), ("a-b", "9")];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_are_neither_patterns_nor_other_keys()
    {
        await using var host = await ElasticsearchIndexHost.StartAsync();
        await host.Index.PushAsync([.. s_tags.Select((tag, n) => Document($"p{n}") with { Tags = new Dictionary<string, string> { [tag.Key] = tag.Value }, Metadata = [new(tag.Key, tag.Value)] })]);
        foreach (var chunk in s_tags.Chunk(10))
        {
            var hits = await host.Index.SearchAsync("default", new() { Facets = [.. chunk.Select(tag => "tag:" + tag.Key)] }, Ct);
            foreach (var (key, value) in chunk) Assert.Equal((value, 1L), Assert.Single(hits.Facets["tag:" + key].Select(found => (found.Value, found.Count))));
        }
        for (var n = 0; n < s_tags.Length; n++)
        {
            string[] expected = [ItemId.FromPath($"p{n}")];
            Assert.Equal(expected, await host.Index.AllAsync(new() { Filter = new() { Tags = new Dictionary<string, string> { [s_tags[n].Key] = s_tags[n].Value } } }));
            Assert.Equal(expected, await host.Index.AllAsync(new() { Filter = new() { Metadata = new Dictionary<string, string> { [s_tags[n].Key] = s_tags[n].Value } } }));
            Assert.Equal(expected, await host.Index.AllAsync(new() { Query = $"tag.\"{s_tags[n].Key}\":*" }));
        }
        Assert.Empty((await host.Index.SearchAsync("default", new() { Facets = ["tag:" + new string('a', 5_000), "tag:\ud83d"] }, Ct)).Facets.Values.SelectMany(values => values));
    }

    [Theory]
    [InlineData("relevance", 2, "cats/größe", "t/p/i", null)]
    [InlineData("-path", 0, "", "t/p/i", "point+/=in time")]
    [InlineData("-size", long.MaxValue, "", "t/p/i", "p")]
    [InlineData("updatedAt", long.MinValue, "", "t/p/i", null)]
    public void A_cursor_is_read_as_it_was_written_and_by_its_own_order_only(string sort, long number, string path, string id, string? point)
    {
        var cursor = new PageCursor(SearchOrder.Parse(sort), number, path, id, point);
        Assert.Equal(cursor, PageCursor.Read(cursor.Format(), cursor.Order));
        foreach (var other in (string[])["relevance", "path", "updatedAt", "size", "-relevance", "-path", "-updatedAt", "-size"])
            if (other != sort) Assert.Throws<FormatException>(() => PageCursor.Read(cursor.Format(), SearchOrder.Parse(other)));
        for (var length = 0; length < cursor.Format().Length - (point?.Length ?? 0) * 2; length++)
        {
            var cut = cursor.Format()[..length];
            if (Record.Exception(() => PageCursor.Read(cut, cursor.Order)) is { } fault) Assert.IsType<FormatException>(fault);
        }
    }

    [Fact]
    public void Orders_and_cursors_are_as_they_were_released()
    {
        Assert.Equal([(SortField.Relevance, 0), (SortField.Path, 1), (SortField.UpdatedAt, 2), (SortField.Size, 3)], Enum.GetValues<SortField>().Select(field => (field, (int)field)));
        Assert.Equal("QAAAAAAAAAACAAYABWNhdHMvMXQvcC9pcA", new PageCursor(SearchOrder.Parse("relevance"), 2, "cats/1", "t/p/i", "p").Format());
    }
}
