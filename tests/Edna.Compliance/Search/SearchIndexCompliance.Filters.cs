using Edna.Items;
using Edna.Keys;
using Edna.Search;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Compliance.Search;

/// <summary>This part: filters, facets, orders and pages.</summary>
public abstract partial class SearchIndexCompliance
{
    [Fact]
    public async Task Tenants_and_datasets_are_kept_apart()
    {
        await using var host = await StartAsync();
        await host.Index.PushAsync(Document("a"), Document("a", dataset: new("default", "other")), Document("a", dataset: new("foreign", "pets")));
        Assert.Equal(2, (await host.Index.AllAsync(new() { Query = "a" })).Count);
        Assert.Single((await host.Index.SearchAsync("default", new() { Datasets = ["other"] }, Ct)).Items, new ItemKey(new("default", "other"), ItemId.FromPath("a")));
        Assert.Equal(2, (await host.Index.AllAsync(new() { Datasets = ["other", "pets", "never-there"] })).Count);
        Assert.Empty(await host.Index.AllAsync(new() { Datasets = ["never-there"] }));
        Assert.Single(await host.Index.AllAsync(new(), "foreign"));
        Assert.Empty(await host.Index.AllAsync(new(), "nobody"));
    }

    [Fact]
    public async Task Trash_is_left_out_unless_asked_for()
    {
        await using var host = await StartAsync();
        await host.Index.PushAsync(Document("a"), Document("b") with { Status = ItemStatus.Trashed }, Document("c") with { Status = ItemStatus.Pending });
        Assert.Equal(2, (await host.Index.AllAsync(new())).Count);
        Assert.Equal([ItemId.FromPath("b")], await host.Index.AllAsync(new() { Filter = new() { Status = [ItemStatus.Trashed] } }));
        Assert.Equal(2, (await host.Index.AllAsync(new() { Filter = new() { Status = [ItemStatus.Trashed, ItemStatus.Pending] } })).Count);
    }

    [Fact]
    public async Task Ranges_take_the_lower_end_and_leave_the_upper()
    {
        await using var host = await StartAsync();
        await host.Index.PushAsync([.. Enumerable.Range(0, 5).Select(n => Document($"p{n}") with { Size = n, UpdatedAt = Noon.AddTicks(n) })]);
        string[] expected = [ItemId.FromPath("p1"), ItemId.FromPath("p2")];
        Assert.Equal(expected, await host.Index.AllAsync(new() { Filter = new() { Size = new() { Gte = 1, Lt = 3 } } }));
        Assert.Equal(expected, await host.Index.AllAsync(new() { Filter = new() { UpdatedAt = new() { Gte = Noon.AddTicks(1), Lt = Noon.AddTicks(3) } } }));
    }

    [Fact]
    public async Task Facets_count_all_hits_most_first_then_by_value()
    {
        await using var host = await StartAsync();
        await host.Index.PushAsync([.. Enumerable.Range(0, 130).Select(n => Document($"p{n:d3}") with
        {
            Split = n % 3 == 0 ? "train" : "test",
            LabelClasses = n % 2 == 0 ? ["cat", "dog"] : ["dog"],
            Tags = new Dictionary<string, string> { ["n"] = $"{n:d3}", ["many"] = n < 2 ? "z" : "a" },
            Status = n < 10 ? ItemStatus.Trashed : ItemStatus.Available,
        })]);
        var hits = await host.Index.SearchAsync("default", new()
        {
            Facets = ["label", "split", "tag:n", "tag:many", "status", "contentType", "tag:none"], Limit = 3,
            Filter = new() { Status = [ItemStatus.Trashed, ItemStatus.Available] },
        }, Ct);
        Assert.Equal((130, 3), (hits.Total, hits.Items.Count));
        Assert.Equal([("dog", 130L), ("cat", 65L)], Values(hits, "label"));
        Assert.Equal([("test", 86L), ("train", 44L)], Values(hits, "split"));
        Assert.Equal([("a", 128L), ("z", 2L)], Values(hits, "tag:many"));
        Assert.Equal(Enumerable.Range(0, 100).Select(n => ($"{n:d3}", 1L)), Values(hits, "tag:n"));
        Assert.Equal([("available", 120L), ("trashed", 10L)], Values(hits, "status"));
        Assert.Equal([("image/jpeg", 130L)], Values(hits, "contentType"));
        Assert.Empty(Values(hits, "tag:none"));
    }

    [Fact]
    public async Task Hits_with_the_words_in_the_path_come_first()
    {
        await using var host = await StartAsync();
        await host.Index.PushAsync(
            Document("a") with { Metadata = [new("m", "zebra")] }, Document("b") with { LabelClasses = ["zebra"] }, Document("zebra/c"));
        string[] best = [ItemId.FromPath("zebra/c"), ItemId.FromPath("b"), ItemId.FromPath("a")];
        Assert.Equal(best, await host.Index.AllAsync(new() { Query = "zebra", Limit = 1 }));
        Assert.Equal(best.Reverse(), await host.Index.AllAsync(new() { Query = "zebra", Sort = "-relevance", Limit = 1 }));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task A_foreign_cursor_of_a_search_is_told(string cursor)
    {
        await using var host = await StartAsync();
        await host.Index.PushAsync(Document("a"), Document("b"));
        await Assert.ThrowsAsync<FormatException>(() => host.Index.SearchAsync("default", new() { Cursor = cursor }, Ct).AsTask());
        var other = await host.Index.SearchAsync("default", new() { Sort = "size", Limit = 1 }, Ct);
        await Assert.ThrowsAsync<FormatException>(() => host.Index.SearchAsync("default", new() { Sort = "path", Cursor = other.NextCursor }, Ct).AsTask());
    }

    private static IEnumerable<(string Value, long Count)> Values(SearchHits hits, string facet) =>
        hits.Facets[facet].Select(value => (value.Value, value.Count));
}
