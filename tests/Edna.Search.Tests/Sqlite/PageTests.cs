using System.Buffers.Text;
using Edna.Compliance.Search;
using Edna.Search.Sqlite;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Search.Tests.Sqlite;

/// <summary>What a page costs, and what its cursor is good for.</summary>
public sealed class PageTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Rows of others are never read, wherever they stand in the order.</summary>
    [Theory]
    [InlineData("path")]
    [InlineData("-path")]
    [InlineData("size")]
    [InlineData("-updatedAt")]
    public async Task A_page_of_a_small_tenant_costs_the_same_amid_a_large_one(string sort)
    {
        await using var host = new SqliteSearchIndexHost();
        foreach (var batch in Enumerable.Range(0, 6_000).Chunk(2_000))
            await host.Index.PushAsync([.. batch.Select(n => Document($"{(n % 2 == 0 ? "a" : "z")}/{n}", 1, new("large", "d")) with { Size = n % 2 * 1_000, UpdatedAt = Noon.AddDays((n % 2 * 20) - 10) })]);
        await host.Index.PushAsync([.. Enumerable.Range(0, 300).Select(n => Document($"m/{n:d3}", 1, new("small", "d")) with { Size = 300 + n })]);
        var visited = await host.Database.ReadAsync(connection =>
        {
            using var sets = new IdSets(connection);
            var finder = new HitFinder(connection, sets, "small");
            var page = new PageReader(connection, SearchOrder.Parse(sort, "g"), after: null, limit: 10, finder.Tenant);
            page.Add(finder.Scope(ParsedSearch.Of("small", new()).Value!), tier: 0);
            Assert.Equal(10, page.Page.Ids.Count());
            return page.Visited;
        }, Ct);
        Assert.Equal(11, visited);
    }

    [Fact]
    public async Task A_cursor_of_an_index_that_was_made_anew_is_told_to_be_expired()
    {
        await using var host = new SqliteSearchIndexHost();
        SearchDocument[] documents = [.. Enumerable.Range(0, 9).Select(n => Document($"cats/{n}"))];
        await host.Index.PushAsync(documents);
        var search = new SearchRequest { Sort = "size", Limit = 4 };
        var cursor = (await host.Index.SearchAsync("default", search, Ct)).NextCursor;
        await host.ReopenAsync();
        Assert.Equal(4, (await host.Index.SearchAsync("default", search with { Cursor = cursor }, Ct)).Items.Count);
        await host.CloseAsync();
        foreach (var file in Directory.GetFiles(host.Data.Path, "search.db*")) File.Delete(file);
        host.Open();
        await host.Index.PushAsync([.. documents.Reverse()]);
        var stopped = await Assert.ThrowsAsync<SearchStoppedException>(() => host.Index.SearchAsync("default", search with { Cursor = cursor }, Ct).AsTask());
        Assert.Equal(("search.cursor_expired", 410), (stopped.Problem.Code, stopped.Problem.Status));
    }

    /// <summary>Until the fourth schema a cursor was field, number and id: what the ids were then, nobody knows.</summary>
    [Fact]
    public async Task A_cursor_from_before_the_fourth_schema_is_told_to_have_expired()
    {
        await using var host = new SqliteSearchIndexHost();
        var former = Base64Url.EncodeToString([3, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0, 1]);
        var stopped = await Assert.ThrowsAsync<SearchStoppedException>(() =>
            host.Index.SearchAsync("default", new() { Sort = "size", Cursor = former }, TestContext.Current.CancellationToken).AsTask());
        Assert.Equal("search.cursor_expired", stopped.Problem.Code);
    }

    /// <summary>Between two pages items go, and others get their ids: those that stay are on one page each.</summary>
    [Fact]
    public async Task Pages_hold_while_ids_are_given_again()
    {
        await using var host = new SqliteSearchIndexHost();
        await host.Index.PushAsync([.. Enumerable.Range(0, 60).Select(n => Document($"p/{n}"))]);
        var (search, found) = (new SearchRequest { Sort = "size", Limit = 7 }, new List<string>());
        for (var page = 0; ; page++)
        {
            var hits = await host.Index.SearchAsync("default", search, Ct);
            found.AddRange(hits.Items.Select(item => item.ItemId));
            if (hits.NextCursor is null) break;
            search = search with { Cursor = hits.NextCursor };
            await host.Index.PushAsync(Document($"p/{page * 3}", 2) with { Status = Items.ItemStatus.Purged }, Document($"p/{59 - (page * 3)}", 2) with { Status = Items.ItemStatus.Purged });
            await host.Index.PushAsync(Document($"new/{page}"), Document($"newer/{page}"));
        }
        Assert.Equal(found.Count, found.Distinct().Count());
        var stayed = Enumerable.Range(0, 60).Where(n => n % 3 != 0 && (59 - n) % 3 != 0).Select(n => Document($"p/{n}").Key.ItemId);
        Assert.Empty(stayed.Except(found));
    }
}
