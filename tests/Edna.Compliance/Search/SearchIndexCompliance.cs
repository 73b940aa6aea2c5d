using Edna.Items;
using Edna.Keys;
using Edna.Search;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Compliance.Search;

/// <summary>What every search index must do. This part: what is pushed, and words.</summary>
public abstract partial class SearchIndexCompliance
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Starts an empty index.</summary>
    protected abstract Task<ISearchIndexHost> StartAsync();

    [Theory]
    [InlineData("cats")]
    [InlineData("001")]
    [InlineData("JPG")]
    [InlineData("cats/001.jpg")]
    [InlineData("001 cats")]
    [InlineData("\"cats 001\"")]
    [InlineData("ca*")]
    [InlineData("tabby")]
    [InlineData("sleepy \"in the sun\"")]
    [InlineData("TROMSØ")]
    [InlineData("cats !!! -")]
    public async Task Words_are_found_in_path_labels_and_metadata(string query)
    {
        await using var host = await StartAsync();
        await host.Index.PushAsync(
            Document("cats/001.jpg") with { LabelClasses = ["tabby"], Metadata = [new("caption", "sleepy, in the sun"), new("place.city", "Tromsø")] },
            Document("dogs/002.png"));
        Assert.Equal([ItemId.FromPath("cats/001.jpg")], await host.Index.AllAsync(new() { Query = query }));
    }

    [Theory]
    [InlineData("cat")]
    [InlineData("cats dogs")]
    [InlineData("\"001 cats\"")]
    [InlineData("caption")]
    [InlineData("d1")]
    [InlineData("x1")]
    [InlineData("!!!")]
    [InlineData("NOT cats")]
    [InlineData("path:asleep")]
    public async Task Words_that_do_not_all_stand_there_find_nothing(string query)
    {
        await using var host = await StartAsync();
        await host.Index.PushAsync(Document("cats/001.jpg") with { Metadata = [new("caption", "asleep")] }, Document("dogs/002.png"));
        Assert.Empty(await host.Index.AllAsync(new() { Query = query }));
    }

    [Fact]
    public async Task An_older_or_repeated_push_changes_nothing()
    {
        await using var host = await StartAsync();
        await host.Index.PushAsync(Document("a", 3) with { Split = "train" });
        await host.Index.PushAsync(Document("a", 2) with { Split = "test" }, Document("a", 3) with { Split = "val" });
        await host.Index.PushAsync(Document("a", 2) with { Status = ItemStatus.Purged });
        Assert.Single(await host.Index.AllAsync(new() { Filter = new() { Split = ["train"] } }));
        Assert.Equal(1, (await host.Index.CountAsync(Pets, Ct)).Items[ItemStatus.Available]);
    }

    [Fact]
    public async Task A_newer_push_replaces_every_word_and_value()
    {
        await using var host = await StartAsync();
        await host.Index.PushAsync(Document("a/b") with { Split = "train", LabelClasses = ["cat"], Metadata = [new("m", "old")], Tags = new Dictionary<string, string> { ["t"] = "1" } });
        await host.Index.PushAsync(Document("a/b", 2) with { Split = "test", LabelClasses = ["dog"], Metadata = [new("m", "new")], Tags = new Dictionary<string, string> { ["t"] = "2" } });
        foreach (var gone in (SearchRequest[])[
            new() { Query = "cat" }, new() { Query = "old" }, new() { Filter = new() { Split = ["train"] } }, new() { Filter = new() { Labels = ["cat"] } },
            new() { Filter = new() { Tags = new Dictionary<string, string> { ["t"] = "1" } } },
            new() { Filter = new() { Metadata = new Dictionary<string, string> { ["m"] = "old" } } }])
            Assert.Empty(await host.Index.AllAsync(gone));
        Assert.Single(await host.Index.AllAsync(new() { Query = "dog new", Filter = new() { Split = ["test"], Labels = ["dog"] } }));
    }

    [Fact]
    public async Task A_purged_item_is_gone_and_may_come_again()
    {
        await using var host = await StartAsync();
        await host.Index.PushAsync(Document("a", 4));
        await host.Index.PushAsync(Document("a", 5) with { Status = ItemStatus.Purged }, Document("b") with { Status = ItemStatus.Purged });
        Assert.Empty(await host.Index.AllAsync(new()));
        Assert.Empty((await host.Index.CountAsync(Pets, Ct)).Items);
        await host.Index.PushAsync(Document("a"));
        Assert.Single(await host.Index.AllAsync(new() { Query = "a" }));
    }

    [Fact]
    public async Task Counts_tell_items_by_status_and_bytes_of_available_ones()
    {
        await using var host = await StartAsync();
        await host.Index.PushAsync(
            Document("a") with { Size = 10 }, Document("b") with { Size = 20 }, Document("c") with { Size = 40, Status = ItemStatus.Pending },
            Document("d", dataset: new("default", "other")));
        await host.Index.PushAsync(Document("b", 2) with { Size = 25 }, Document("c", 2) with { Size = 40, Status = ItemStatus.Trashed });
        await host.ReopenAsync();
        var (items, bytes) = await host.Index.CountAsync(Pets, Ct);
        Assert.Equal(new Dictionary<ItemStatus, long> { [ItemStatus.Available] = 2, [ItemStatus.Trashed] = 1 }, items);
        Assert.Equal(35, bytes);
        Assert.Empty((await host.Index.CountAsync(new("default", "never-there"), Ct)).Items);
    }

    [Fact]
    public async Task Removing_a_dataset_leaves_the_others()
    {
        await using var host = await StartAsync();
        await host.Index.PushAsync([.. Enumerable.Range(0, 50).Select(n => Document($"p{n}")), Document("p1", dataset: new("default", "other"))]);
        await host.Index.RemoveDatasetAsync(Pets, Ct);
        Assert.Single(await host.Index.AllAsync(new()));
        Assert.Empty((await host.Index.CountAsync(Pets, Ct)).Items);
        await host.Index.PushAsync(Document("p1"));
        Assert.Equal(2, (await host.Index.AllAsync(new() { Query = "p1" })).Count);
    }

    [Fact]
    public async Task The_generation_stays_over_a_restart_and_what_was_pushed_too()
    {
        await using var host = await StartAsync();
        var generation = await host.Index.GetGenerationAsync(Ct);
        await host.Index.PushAsync(Document("a"));
        await host.ReopenAsync();
        Assert.Equal(generation, await host.Index.GetGenerationAsync(Ct));
        Assert.Single(await host.Index.AllAsync(new() { Query = "a" }));
        await host.Index.CheckAsync(Ct);
        await using var another = await StartAsync();
        Assert.NotEqual(generation, await another.Index.GetGenerationAsync(Ct));
    }
}
