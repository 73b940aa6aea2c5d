using Edna.Compliance.Search;
using Edna.Items;
using Edna.Keys;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Search.Tests.Sqlite;

/// <summary>An index whose items are replaced again and again keeps the size of what is there, and stays exact.</summary>
public sealed class ChurnTests
{
    private const int Items = 1_500;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_and_goes_leaves_nothing_behind()
    {
        await using var host = new SqliteSearchIndexHost(frequentFrom: 40);
        var model = new Dictionary<ItemKey, SearchDocument>();
        Size? first = null;
        for (var round = 0; round < 7; round++)
        {
            // Half of what is there goes, another quarter is written anew; then as many come as went, with values and words that never were before, in another dataset.
            var gone = model.Values.Where((_, n) => n % 2 == 0).Select(document => document with { Revision = document.Revision + 1, Status = ItemStatus.Purged }).ToArray();
            await PushAsync(host, model, gone);
            await PushAsync(host, model, [.. model.Values.Where((_, n) => n % 2 == 0).Select((document, n) => Make(round, n, document.Path, document.Key.Dataset, document.Revision + 1))]);
            await PushAsync(host, model, [.. Enumerable.Range(0, Items - model.Count).Select(n => Make(round, n, $"round{round}/{n}", new("default", $"d{round}"), 1))]);
            var size = await SizeAsync(host);
            Assert.Equal(Items, size.LargestId);
            if (round < 2) continue;
            first ??= size;
            Assert.InRange(size.Terms, 0, first.Terms * 5 / 4);
            Assert.InRange(size.LargestTerm, 0, first.LargestTerm * 5 / 4);
            Assert.InRange(size.Fields, 0, first.Fields * 5 / 4);
            Assert.InRange(size.Bytes, 0, first.Bytes * 3 / 2);
        }
        foreach (var query in (string[])["even", "odd", "-odd", "round6", "common", "label:class*", "tag.t:v6*", "size:<500", "words5"])
        {
            foreach (var sort in (string[])["path", "-size", "relevance"])
            {
                var search = ParsedSearch.Of("default", new() { Query = query, Sort = sort, Limit = 400 }).Value!;
                var expected = model.Values.Where(document => QueryEvaluator.Holds(search.Query, document)).Select(document => document.Key);
                var (found, cursor) = (new List<ItemKey>(), (string?)null);
                do
                {
                    var page = await host.Index.SearchAsync(search with { Cursor = cursor }, Ct);
                    found.AddRange(page.Items);
                    cursor = page.NextCursor;
                }
                while (cursor is not null);
                Assert.Equal(expected.ToHashSet(), found.ToHashSet());
                Assert.Equal(found.Count, found.Distinct().Count());
            }
        }

        await PushAsync(host, model, [.. model.Values.Select(document => document with { Revision = 99, Status = ItemStatus.Purged })]);
        var nothing = await SizeAsync(host);
        Assert.Equal((0, 0, 0, 0, 0), (nothing.Terms, nothing.Fields, nothing.Datasets, nothing.Words, nothing.Postings));
    }

    [Fact]
    public async Task A_document_pushed_in_vain_makes_no_values()
    {
        await using var host = new SqliteSearchIndexHost();
        await host.Index.PushAsync(Document("a", 5));
        var before = await SizeAsync(host);
        await host.Index.PushAsync(Document("a", 4) with { LabelClasses = ["never"], Tags = new Dictionary<string, string> { ["never"] = "was" } });
        await host.Index.PushAsync(Document("b", 1, new("default", "none")) with { Status = ItemStatus.Purged });
        await host.Index.RemoveDatasetAsync(new("default", "neither"), Ct);
        var after = await SizeAsync(host);
        Assert.Equal((before.Terms, before.Fields, before.Datasets), (after.Terms, after.Fields, after.Datasets));
    }

    /// <summary>Values that stay are found while their neighbours' numbers are given to others.</summary>
    [Fact]
    public async Task Numbers_of_values_that_are_gone_are_given_again()
    {
        await using var host = new SqliteSearchIndexHost();
        for (var n = 1; n <= 50; n++)
        {
            await host.Index.PushAsync(Document("stays", n) with { LabelClasses = ["kept"] }, Document("changes", n) with { LabelClasses = [$"l{n}"] });
            Assert.Single(await host.Index.AllAsync(new() { Query = $"label:l{n}" }));
            Assert.Single(await host.Index.AllAsync(new() { Query = "label:kept" }));
            Assert.Empty(await host.Index.AllAsync(new() { Query = $"label:l{n - 1}" }));
        }
        Assert.InRange((await SizeAsync(host)).LargestTerm, 1, 8);
    }

    private static SearchDocument Make(int round, int n, string path, DatasetKey dataset, long revision) => Document(path, revision, dataset) with
    {
        Size = n, LabelClasses = [$"class{round}-{n % 10}"], Split = n % 2 == 0 ? "even" : "odd",
        Tags = new Dictionary<string, string> { ["t"] = $"v{round}-{n}", [$"key{round}"] = "x" },
        Metadata = [new("m", $"{(n % 2 == 0 ? "even" : "odd")} common words{round} own{round}x{n}")],
    };

    private static async Task PushAsync(SqliteSearchIndexHost host, Dictionary<ItemKey, SearchDocument> model, SearchDocument[] documents)
    {
        foreach (var batch in documents.Chunk(500)) await host.Index.PushAsync(batch);
        foreach (var document in documents)
        {
            if (document.Status == ItemStatus.Purged) model.Remove(document.Key);
            else model[document.Key] = document;
        }
    }

    private static ValueTask<Size> SizeAsync(SqliteSearchIndexHost host) => host.Database.ReadAsync(connection => new Size(
        connection.QueryLong("SELECT count(*) FROM term"), connection.QueryLong("SELECT coalesce(max(number), 0) FROM term"), connection.QueryLong("SELECT count(*) FROM field"),
        connection.QueryLong("SELECT count(*) FROM dataset"), connection.QueryLong("SELECT count(*) FROM frequent_word"), connection.QueryLong("SELECT count(*) FROM posting"),
        connection.QueryLong("SELECT coalesce(max(id), 0) FROM doc"), connection.QueryLong("SELECT (SELECT * FROM pragma_page_count()) * 4096")), Ct);

    private sealed record Size(long Terms, long LargestTerm, long Fields, long Datasets, long Words, long Postings, long LargestId, long Bytes);
}
