using CsCheck;
using Edna.Compliance.Search;
using Edna.Items;
using Edna.Results;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Search.Tests.Sqlite;

/// <summary>The index in which every word that two documents have is a frequent one: it must answer as any other.</summary>
public sealed class FrequentWordsIndexTests : SearchIndexCompliance
{
    protected override Task<ISearchIndexHost> StartAsync() => Task.FromResult<ISearchIndexHost>(new SqliteSearchIndexHost(frequentFrom: 2));
}

/// <summary>Which words become terms, and that they stay exact.</summary>
public sealed class FrequentWordsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_word_becomes_frequent_in_the_document_that_makes_it_so_and_stays_so()
    {
        await using var host = new SqliteSearchIndexHost(frequentFrom: 3);
        await host.Index.PushAsync(Document("zebra/1"), Document("zebra/2"));
        Assert.Empty(await FrequentAsync(host));
        await host.Index.PushAsync(Document("horse/3") with { LabelClasses = ["zebra"] });
        Assert.Equal(["zebra"], await FrequentAsync(host));
        await host.ReopenAsync();
        await host.Index.PushAsync(Document("cow/4") with { Metadata = [new("caption", "no Zebra")] }, Document("zebras/5"));
        Assert.Equal(["zebra"], await FrequentAsync(host));
        Assert.Equal(4, (await host.Index.AllAsync(new() { Query = "zebra" })).Count);
        Assert.Equal(2, (await host.Index.AllAsync(new() { Query = "path:zebra" })).Count);
    }

    /// <summary>One that is written again and again is still one: nobody can make a word frequent alone.</summary>
    [Fact]
    public async Task A_document_that_is_written_often_makes_none_of_its_words_frequent()
    {
        await using var host = new SqliteSearchIndexHost(frequentFrom: 3);
        for (var revision = 1; revision <= 20; revision++)
            await host.Index.PushAsync(Document("zebra/1", revision) with { Metadata = [new("m", $"written {revision}")] });
        Assert.Empty(await FrequentAsync(host));
        await host.Index.PushAsync(Document("zebra/2"), Document("zebra/3"));
        Assert.Equal(["zebra"], await FrequentAsync(host));
    }

    /// <summary>A write that fails leaves nothing of a word that was about to become frequent, and the word can become so later.</summary>
    [Fact]
    public async Task A_failed_write_makes_no_word_frequent()
    {
        await using var host = new SqliteSearchIndexHost(frequentFrom: 3);
        await host.Index.PushAsync(Document("zebra/1"), Document("zebra/2"));
        var many = Enumerable.Range(3, 1_000).Select(n => Document($"zebra/{n}")).ToArray();
        await host.Faults.FillDiskAsync();
        await Assert.ThrowsAsync<UnavailableException>(() => host.Index.PushAsync(many));
        Assert.Empty(await FrequentAsync(host));
        Assert.Equal(2, (await host.Index.AllAsync(new() { Query = "zebra" })).Count);
        await host.Faults.FreeDiskAsync();
        await host.Index.PushAsync(many);
        Assert.Equal(["zebra"], await FrequentAsync(host));
        Assert.Equal(1_002, (await host.Index.AllAsync(new() { Query = "zebra" })).Count);
    }

    [Fact]
    public async Task Documents_that_change_or_go_leave_the_words_they_had()
    {
        await using var host = new SqliteSearchIndexHost(frequentFrom: 2);
        await host.Index.PushAsync([.. Enumerable.Range(0, 9).Select(n => Document($"zebra/{n}") with { Metadata = [new("m", "striped horse")] })]);
        await host.Index.PushAsync(Document("zebra/1", 2) with { Metadata = [new("m", "horse")] }, Document("zebra/2", 2) with { Status = ItemStatus.Purged });
        Assert.Equal(7, (await host.Index.AllAsync(new() { Query = "striped" })).Count);
        Assert.Equal(8, (await host.Index.AllAsync(new() { Query = "horse zebra" })).Count);
        await host.Index.RemoveDatasetAsync(Pets, Ct);
        Assert.Equal(0, await host.Database.ReadAsync(connection => connection.QueryLong("SELECT count(*) FROM posting"), Ct));
    }

    [Fact]
    public async Task A_word_that_few_documents_have_by_now_gives_up_its_place_and_can_become_frequent_again()
    {
        await using var host = new SqliteSearchIndexHost(frequentFrom: 8);
        async Task PushAsync(int from, int to, long revision, ItemStatus status) =>
            await host.Index.PushAsync([.. Enumerable.Range(from, to - from).Select(n => Document($"zebra/{n}", revision) with { Status = status })]);
        await PushAsync(0, 10, 1, ItemStatus.Available);
        await PushAsync(0, 7, 2, ItemStatus.Purged);
        Assert.Equal(["zebra"], await FrequentAsync(host));
        await host.ReopenAsync();
        await PushAsync(7, 8, 2, ItemStatus.Purged);
        Assert.Empty(await FrequentAsync(host));
        Assert.Equal(2, (await host.Index.AllAsync(new() { Query = "zebra" })).Count);
        await PushAsync(20, 28, 1, ItemStatus.Available);
        Assert.Equal(["zebra"], await FrequentAsync(host));
        Assert.Equal(10, (await host.Index.AllAsync(new() { Query = "zebra" })).Count);
    }

    /// <summary>One tenant may have all places while it is alone, and yields when another one has need of some.</summary>
    [Fact]
    public async Task Places_are_shared_among_tenants()
    {
        await using var host = new SqliteSearchIndexHost(frequentFrom: 2);
        Task FillAsync(string tenant, int words) => host.Index.PushAsync([.. Enumerable.Range(0, 2).Select(n => Document($"{n}", 1, new(tenant, "d")) with
        {
            Metadata = [new("m", string.Join(' ', Enumerable.Range(0, words).Select(w => $"{tenant}{w}")))],
        })]);
        await FillAsync("greedy", 5_000);
        await FillAsync("late", 50);
        await host.ReopenAsync();
        await FillAsync("later", 50);
        var places = await host.Database.ReadAsync(connection => (connection.QueryLong("SELECT count(*) FROM frequent_word WHERE tenant = 'greedy'"),
            connection.QueryLong("SELECT count(*) FROM frequent_word WHERE tenant = 'late'"), connection.QueryLong("SELECT count(*) FROM frequent_word WHERE tenant = 'later'")), Ct);
        // The two paths are words too: the second tenant to have them made them frequent.
        Assert.Equal((3_994, 52, 50), places);
        foreach (var n in (int[])[0, 1, 2_000, 4_999]) Assert.Equal(2, (await host.Index.AllAsync(new() { Query = $"greedy{n}" }, "greedy")).Count);
        Assert.Equal(2, (await host.Index.AllAsync(new() { Query = "late7 late49" }, "late")).Count);
    }

    /// <summary>Whatever comes, changes and goes, in whatever groups: each word finds the documents that have it by then.</summary>
    [Fact]
    public Task Words_find_what_has_them_after_any_writes() => Gen.Select(s_write.Array[1, 60], Gen.Int[1, 4], Gen.Int[1, 9]).SampleAsync(async (writes, frequentFrom, group) =>
    {
        await using var host = new SqliteSearchIndexHost(frequentFrom);
        var model = new Dictionary<string, SearchDocument>();
        foreach (var some in writes.Select((write, n) => Make(write, n + 1)).Chunk(group))
        {
            await host.Index.PushAsync(some);
            foreach (var document in some) model[document.Path] = document;
        }
        foreach (var word in s_words)
        {
            foreach (var query in (string[])[word, $"path:{word}", $"-{word}"])
            {
                var search = ParsedSearch.Of("default", new() { Query = query }).Value!;
                var expected = model.Values.Where(document => document.Status != ItemStatus.Purged && QueryEvaluator.Holds(search.Query, document) && QueryEvaluator.Holds(search.Filter, document));
                var hits = await host.Index.SearchAsync(search, Ct);
                Assert.Equal(expected.Select(document => document.Key.ItemId).Order(StringComparer.Ordinal), hits.Items.Select(item => item.ItemId).Order(StringComparer.Ordinal));
            }
        }
    }, iter: 60);

    private static readonly string[] s_words = ["zebra", "horse", "cow"];

    private static readonly Gen<(int Path, string[] Words, string[] Labels, ItemStatus Status)> s_write = Gen.Select(
        Gen.Int[0, 11], QueryGen.OneOf(s_words).Array[0, 3], QueryGen.OneOf(s_words).Array[0, 2],
        QueryGen.OneOf(ItemStatus.Available, ItemStatus.Available, ItemStatus.Available, ItemStatus.Failed, ItemStatus.Purged));

    private static SearchDocument Make((int Path, string[] Words, string[] Labels, ItemStatus Status) write, long revision) =>
        Document($"{s_words[write.Path % s_words.Length]}/{write.Path}", revision) with
        {
            Status = write.Status, LabelClasses = [.. write.Labels.Distinct()], Metadata = [new("m", string.Join(' ', write.Words))],
        };

    private static async Task<List<string>> FrequentAsync(SqliteSearchIndexHost host) => await host.Database.ReadAsync(connection =>
    {
        var rows = connection.Prepare("SELECT t.value FROM term t JOIN field f ON f.number = t.field WHERE f.name = 'word:path' AND t.value = 'zebra'");
        var words = new List<string>();
        while (rows.Step()) words.Add(rows.Text(0));
        return words;
    }, Ct);
}
