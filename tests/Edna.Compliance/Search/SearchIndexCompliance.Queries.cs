using CsCheck;
using Edna.Items;
using Edna.Keys;
using Edna.Search;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Compliance.Search;

/// <summary>This part: the query language, held against <see cref="QueryEvaluator"/>.</summary>
public abstract partial class SearchIndexCompliance
{
    private const string Nasty = "\"*():^-+{}\\'ANDORT NEAR\0\n cats\ud83dü;-- %_";

    /// <summary>Indexes that are filled with any documents and asked any 30 queries.</summary>
    protected virtual int Samples => 200;

    /// <summary>Hits, order, counts, facets and pages of any query on any documents are what the evaluator says.</summary>
    [Fact]
    public Task Any_query_answers_what_the_evaluator_says() => Gen.Select(QueryGen.Document.Array[0, 120], QueryGen.Request.Array[30]).SampleAsync(async (documents, requests) =>
    {
        await using var host = await StartAsync();
        var model = await FillAsync(host.Index, documents);
        foreach (var request in requests) await ShouldAnswerAsync(host.Index, model, request);
    }, iter: Samples);

    [Theory]
    [InlineData("cats OR dogs", "cats/1", "cats/2", "dogs/1")]
    [InlineData("cats -black", "cats/2")]
    [InlineData("-cats", "dogs/1")]
    [InlineData("path:cats tabby", "cats/2")]
    [InlineData("path:black")]
    [InlineData("(cats OR dogs) black", "cats/1", "dogs/1")]
    [InlineData("cats OR dogs -black", "cats/1", "cats/2")]
    [InlineData("label:cat", "cats/1", "cats/2")]
    [InlineData("label:c*", "cats/1", "cats/2")]
    [InlineData("label:Cat")]
    [InlineData("-label:*", "dogs/1")]
    [InlineData("tag.side:left OR split:test", "cats/1", "dogs/1")]
    [InlineData("tag.\"the key\":\"a b\"", "cats/2")]
    [InlineData("tag.\"the key\":a*", "cats/2")]
    [InlineData("meta.coat:black", "cats/1", "dogs/1")]
    [InlineData("type:image/*", "cats/1", "cats/2")]
    [InlineData("size:>=2kb", "dogs/1")]
    [InlineData("size:1000..2000 -size:1500", "cats/1", "dogs/1")]
    [InlineData("size:<1.5kb OR tabby", "cats/1", "cats/2")]
    [InlineData("updated:2026-03-01", "cats/1")]
    [InlineData("updated:>2026-03-01 cats", "cats/2")]
    [InlineData("status:trashed", "trash/1")]
    [InlineData("-status:available", "trash/1")]
    [InlineData("status:trashed OR cats", "cats/1", "cats/2", "trash/1")]
    [InlineData("\"black dogs\"")]
    [InlineData("")]
    public async Task A_query_finds(string query, params string[] paths)
    {
        await using var host = await StartAsync();
        await host.Index.PushAsync(
            Document("cats/1") with { Size = 1_000, LabelClasses = ["cat"], Split = "train", Tags = new Dictionary<string, string> { ["side"] = "left" }, Metadata = [new("coat", "black")] },
            Document("cats/2") with { Size = 1_500, LabelClasses = ["cat"], UpdatedAt = Noon.AddDays(1), Tags = new Dictionary<string, string> { ["the key"] = "a b" }, Metadata = [new("coat", "tabby")] },
            Document("dogs/1") with { Size = 2_000, Split = "test", ContentType = "text/plain", UpdatedAt = Noon.AddDays(2), Metadata = [new("coat", "black")] },
            Document("trash/1") with { Status = ItemStatus.Trashed, Size = 1, ContentType = "text/plain", LabelClasses = ["bin"], UpdatedAt = Noon.AddDays(9) });
        var found = await host.Index.AllAsync(new() { Query = query, Sort = "path" });
        string[] expected = query.Length == 0 ? ["cats/1", "cats/2", "dogs/1"] : paths;
        Assert.Equal(expected.Select(ItemId.FromPath), found);
    }

    /// <summary>Of a field with many values, those that begin so are not asked for one by one.</summary>
    [Fact]
    public async Task Beginnings_of_many_values_are_found()
    {
        await using var host = await StartAsync();
        var model = await FillAsync(host.Index, [.. Enumerable.Range(0, 300).Select(n => Document(n % 3 == 0 ? $"cat/{n}" : $"dog/{n}") with
        {
            Tags = n % 4 == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { ["n"] = $"{n:d3}" }, LabelClasses = ["ü", $"c{n}"], Size = n,
        })]);
        foreach (var query in (string[])["tag.n:*", "-tag.n:*", "tag.n:1*", "tag.n:10*", "cat tag.n:1*", "cat OR tag.n:2*", "-(cat tag.n:1*)", "label:c1*", "label:*", "label:c* -label:c1*", "-label:c1*", "tag.n:9*"])
            await ShouldAnswerAsync(host.Index, model, new() { Query = query, Limit = 100, Facets = ["label"] });
    }

    /// <summary>Nothing that a user can type is a fault: it is told to be no query, or it is one and finds what it says.</summary>
    [Fact]
    public async Task Any_text_is_a_query_or_told_to_be_none()
    {
        await using var host = await StartAsync();
        var model = await FillAsync(host.Index, [Document("cats/001.jpg") with { Metadata = [new("m", "DROP TABLE doc; -- 'x'")] }, Document("dogs/ü") with { LabelClasses = ["NEAR"] }]);
        var text = Gen.OneOf(Gen.String, Gen.Char[Nasty].Array[0, 30].Select(chars => new string(chars)), QueryGen.OneOf(s_pieces).Array[0, 12].Select(string.Concat));
        var read = 0;
        await text.SampleAsync(async query =>
        {
            if (ParsedSearch.Of("default", new() { Query = query }).Problem is not null) return;
            Interlocked.Increment(ref read);
            await ShouldAnswerAsync(host.Index, model, new() { Query = query });
        }, iter: 3_000, threads: 1);
        Assert.True(read > 500, $"{read} texts only were queries.");
    }

    [Fact]
    public async Task The_largest_queries_are_answered()
    {
        await using var host = await StartAsync();
        var model = await FillAsync(host.Index, [Document("cats/1"), Document("dogs/2") with { LabelClasses = ["x"], Size = 3 }]);
        var deep = (QueryNode)new Words(["cats"]);
        for (var level = 0; level < QueryLimits.Depth; level++)
            deep = AnyOf.Of(new Words(["w" + level]), AllOf.Of(new Words(["cats"]), new HasValue(QueryField.Label, "", "x"), new Words(["dogs"]), new Not(deep)), new Words(["v" + level]));
        var mixed = (QueryNode)new SizeWithin(3, 4);
        for (var level = 0; level < QueryLimits.Depth; level++) mixed = AnyOf.Of(new Words(["w" + level]), AllOf.Of(new Words(["dogs"]), new Not(mixed)));
        foreach (var query in (string[])[
            deep.ToString(), mixed.ToString(), string.Join(' ', Enumerable.Repeat("cats", QueryLimits.Terms)), string.Join(" OR ", Enumerable.Range(0, QueryLimits.Terms).Select(n => "w" + n)),
            new string('a', QueryLimits.Length), string.Concat(Enumerable.Repeat("a/", QueryLimits.Length / 2)), string.Join(" OR ", Enumerable.Range(0, 30).Select(n => $"(size:{n} w{n})"))])
            await ShouldAnswerAsync(host.Index, model, new() { Query = query });
    }

    /// <summary>Items that stay are on one page each, while others come, go and change between the pages.</summary>
    [Theory]
    [InlineData("relevance")]
    [InlineData("-relevance")]
    [InlineData("path")]
    [InlineData("-path")]
    [InlineData("size")]
    [InlineData("-updatedAt")]
    public async Task Pages_hold_while_items_come_and_go(string sort)
    {
        await using var host = await StartAsync();
        SearchDocument Make(int n, long revision = 1) => Document($"{(n % 3 == 0 ? "zebra" : "p")}/{n:d3}", revision) with
        {
            Size = n % 4, UpdatedAt = Noon.AddHours(n % 5), LabelClasses = n % 2 == 0 ? ["zebra"] : ["horse"], Metadata = [new("m", "zebra")],
        };
        await host.Index.PushAsync([.. Enumerable.Range(0, 60).Select(n => Make(2 * n))]);
        var (seen, request) = (new List<string>(), new SearchRequest { Query = "zebra OR size:9", Sort = sort, Limit = 7, Filter = new() { Status = [ItemStatus.Available] } });
        for (var page = 0; ; page++)
        {
            var hits = await host.Index.SearchAsync("default", request, Ct);
            seen.AddRange(hits.Items.Select(item => item.ItemId));
            if (hits.NextCursor is null) break;
            request = request with { Cursor = hits.NextCursor };
            await host.Index.PushAsync(Make((6 * page) + 1), Make(8 * page, 2) with { Status = ItemStatus.Purged }, Make((8 * page) + 2, 2) with { Tags = new Dictionary<string, string> { ["t"] = "v" } });
        }
        Assert.Equal(seen.Count, seen.Distinct().Count());
        var stayed = Enumerable.Range(0, 60).Select(n => 2 * n).Where(n => n % 8 != 0).Select(n => Make(n).Key.ItemId);
        Assert.Empty(stayed.Except(seen));
    }

    private static readonly string[] s_pieces =
        ["cats", "dogs", "ü", "near", "NEAR", "(", ")", " ", " ", "-", "\"", "*", " OR ", " AND ", " NOT ", "label:", "tag.", "tag.\"k\":", "meta.m:", "size:", "1kb", "..", ">=", ":", "\\", "path:", "'", ";", "{", "}", "^", "+"];

    private static async Task<SearchModel> FillAsync(ISearchIndex index, SearchDocument[] documents)
    {
        var model = new SearchModel();
        foreach (var batch in documents.Chunk(50))
        {
            await index.PushAsync(batch);
            foreach (var document in batch) model.Push(document);
        }
        return model;
    }

    private static async Task ShouldAnswerAsync(ISearchIndex index, SearchModel model, SearchRequest request)
    {
        Assert.True(ParsedSearch.Of("default", request).TryGet(out var search, out var problem), $"{request.Query}: {problem?.Detail}");
        var expected = model.Search(search);
        var hits = await index.SearchAsync(search, Ct);
        Assert.True(expected.Count == hits.Total, $"{request.Query} | {search.Filter} finds {hits.Total}, not {expected.Count}.");
        foreach (var facet in search.Facets) Assert.Equal(SearchModel.Facet(expected.SelectMany(document => SearchModel.ValuesOf(document, facet))).Take(100), Values(hits, facet));
        var (found, cursor) = (hits.Items.ToList(), hits.NextCursor);
        while (cursor is not null)
        {
            Assert.Equal(0, found.Count % search.Limit);
            var page = await index.SearchAsync(search with { Cursor = cursor }, Ct);
            found.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        Assert.Equal(expected.Select(document => document.Key).ToHashSet(), found.ToHashSet());
        Assert.Equal(expected.Count, found.Count);
        var byKey = expected.ToDictionary(document => document.Key);
        Assert.Equal(expected.Select(document => Place(search, document)), found.Select(key => Place(search, byKey[key])));
    }

    /// <summary>What a hit is sorted by.</summary>
    private static string Place(ParsedSearch search, SearchDocument document) => search.Sort.TrimStart('-') switch
    {
        "size" => $"{document.Size}",
        "updatedAt" => $"{document.UpdatedAt:O}",
        "path" => document.Path,
        _ => $"{QueryEvaluator.Tier(search.Query, document)} {document.Path}",
    };
}
