using Edna.Compliance.Search;
using Edna.Compliance.Search.Elasticsearch;
using Edna.Items;
using Edna.Results;
using Edna.Search.Elasticsearch;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Search.Tests.Elasticsearch;

/// <summary>An index is made beside the one in use, filled, and takes its place, while searches and pages go on.</summary>
public sealed class NextIndexTests
{
    private const string Generation = "0123456789abcdef0123456789abcdef";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<ElasticsearchFlavor> Flavors => [ElasticsearchFlavor.Elasticsearch, ElasticsearchFlavor.OpenSearch];

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task It_takes_the_place_of_the_one_in_use_and_every_step_can_be_done_twice(ElasticsearchFlavor flavor)
    {
        await using var host = await ElasticsearchIndexHost.StartAsync(flavor);
        var documents = Enumerable.Range(0, 7).Select(n => Document($"p{n}", n + 1) with { Metadata = [new("größe", "1.50")], LabelClasses = ["\ud83d"] }).ToArray();
        await host.Index.PushAsync([.. documents, Document("only in the old one")]);
        var next = host.Index.Next!;
        var before = await next.GetServingAsync(Ct);
        Assert.Equal(new("edna-000001", await host.Index.GetGenerationAsync(Ct)), before);
        for (var twice = 0; twice < 2; twice++)
        {
            await next.CreateAsync(Generation, Ct);
            Assert.Empty(await next.PushAsync(Generation, documents, isSeen: false, Ct));
            Assert.Equal(7, await next.CountAsync(Generation, Pets, Ct));
            Assert.Equal(0, await next.CountAsync(Generation, new("default", "other"), Ct));
            Assert.Equal(8, (await host.Index.AllAsync(new())).Count);
        }
        Assert.Equal(
            [(3L, true), (3L, false), (null, false), (null, true), (3L, false)],
            await next.CompareAsync(Generation, [
                documents[2], documents[2] with { Size = 5 }, Document("none"), Document("none") with { Status = ItemStatus.Purged }, documents[2] with { Status = ItemStatus.Purged }], Ct));
        for (var twice = 0; twice < 2; twice++) await next.SwitchAsync(before, Generation, Ct);
        Assert.Equal((7, Generation), ((await host.Index.AllAsync(new())).Count, await host.Index.GetGenerationAsync(Ct)));
        // Who still pushes to both pushes twice to the same.
        await next.PushAsync(Generation, [Document("late")], isSeen: true, Ct);
        for (var twice = 0; twice < 2; twice++) await next.RetireAsync(before, Generation, Ct);
        Assert.Equal(["edna"], Assert.Single(host.Server.Indexes).Value);
        Assert.Equal(8, (await host.Index.AllAsync(new())).Count);
        // It is gone for good: no push makes an index by its name.
        Assert.Equal("index_not_found_exception", (await Assert.ThrowsAsync<UnavailableException>(() => next.PushAsync(Generation, documents, false, Ct))).Refusal);
        Assert.Single(host.Server.Indexes);
    }

    [Fact]
    public async Task It_is_dropped_and_the_one_in_use_never_is()
    {
        await using var host = await ElasticsearchIndexHost.StartAsync();
        await host.Index.PushAsync(Document("a"));
        var next = host.Index.Next!;
        var before = await next.GetServingAsync(Ct);
        await next.CreateAsync(Generation, Ct);
        Assert.Equal("index_in_use", (await Assert.ThrowsAsync<UnavailableException>(() => next.RetireAsync(before, Generation, Ct))).Refusal);
        for (var twice = 0; twice < 2; twice++) await next.DropAsync(Generation, Ct);
        Assert.Equal(["edna-000001"], host.Server.Indexes.Keys);
        await next.CreateAsync("fedcba", Ct);
        Assert.Equal("index_changed", (await Assert.ThrowsAsync<UnavailableException>(() => next.SwitchAsync(new("edna-other", "x"), "fedcba", Ct))).Refusal);
        await next.SwitchAsync(before, "fedcba", Ct);
        Assert.Equal("index_in_use", (await Assert.ThrowsAsync<UnavailableException>(() => next.DropAsync("fedcba", Ct))).Refusal);
    }

    [Fact]
    public async Task Without_an_index_in_use_there_is_no_next_one_to_switch_to()
    {
        await using var host = await ElasticsearchIndexHost.StartAsync();
        Assert.Equal("index_not_found_exception", (await Assert.ThrowsAsync<UnavailableException>(() => host.Index.Next!.GetServingAsync(Ct))).Refusal);
        Assert.Empty(host.Server.Indexes);
    }

    /// <summary>Pages that were begun in the old index go on in the new one: nothing that stays as it is is skipped or repeated.</summary>
    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task Pages_go_on_in_the_new_index(ElasticsearchFlavor flavor)
    {
        await using var host = await ElasticsearchIndexHost.StartAsync(flavor);
        var documents = Enumerable.Range(0, 30).Select(n => Document($"p{n:d2}")).ToArray();
        await host.Index.PushAsync(documents);
        var (found, cursor) = (new List<string>(), default(string));
        for (var page = 0; page == 0 || cursor is not null; page++)
        {
            if (page == 3)
            {
                Assert.True(host.Server.OpenPoints > 0);
                await ReplaceAsync(host, documents);
                Assert.Equal(0, host.Server.OpenPoints);
            }
            var hits = await host.Index.SearchAsync("default", new() { Limit = 4, Cursor = cursor }, Ct);
            found.AddRange(hits.Items.Select(item => item.ItemId));
            cursor = hits.NextCursor;
        }
        Assert.Equal(documents.Select(document => document.Key.ItemId), found);
    }

    /// <summary>The alias moves on and the old index goes between a request's arrival and what it does: it is asked again.</summary>
    [Theory]
    [InlineData(404, "index_not_found_exception")]
    [InlineData(503, "search_phase_execution_exception")]
    public async Task A_search_that_meets_the_old_index_going_is_done_again(int status, string type)
    {
        await using var host = await ElasticsearchIndexHost.StartAsync();
        await host.Index.PushAsync(Document("a"), Document("b"));
        var first = await host.Index.SearchAsync("default", new() { Limit = 1 }, Ct);
        var left = 1;
        host.Server.Fault = request => request.Call == "_search" && left-- > 0 ? new FakeFault.Refuse(status, type) : null;
        Assert.Equal(2, (await host.Index.AllAsync(new())).Count);
        left = 1;
        Assert.Equal(2, (await host.Index.CountAsync(Pets, Ct)).Items[ItemStatus.Available]);
        left = 2;
        Assert.Single((await host.Index.SearchAsync("default", new() { Limit = 1, Cursor = first.NextCursor }, Ct)).Items);
        // For good is for good.
        left = int.MaxValue;
        await Assert.ThrowsAsync<UnavailableException>(() => host.Index.AllAsync(new()));
    }

    private static async Task ReplaceAsync(ElasticsearchIndexHost host, SearchDocument[] documents)
    {
        var next = host.Index.Next!;
        var before = await next.GetServingAsync(Ct);
        await next.CreateAsync(Generation, Ct);
        await next.PushAsync(Generation, documents, isSeen: false, Ct);
        await next.SwitchAsync(before, Generation, Ct);
        await next.RetireAsync(before, Generation, Ct);
    }
}
