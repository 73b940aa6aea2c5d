using Edna.Compliance.Search;
using Edna.Results;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Search.Tests.Sqlite;

public sealed class SearchFaultTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_found_broken_in_use_is_set_aside_at_the_next_start()
    {
        await using var host = new SqliteSearchIndexHost();
        var generation = await host.Index.GetGenerationAsync(Ct);
        await host.Index.PushAsync([.. Enumerable.Range(0, 500).Select(n => Document($"cats/{n}"))]);
        await host.ReopenAsync();
        await host.Faults.BreakPagesAsync();
        await Assert.ThrowsAsync<UnavailableException>(() => host.Index.SearchAsync("default", new() { Query = "cats" }, Ct).AsTask());
        Assert.True(File.Exists(host.Data.At("search.db.is-broken")));

        await host.ReopenAsync();
        Assert.NotEqual(generation, await host.Index.GetGenerationAsync(Ct));
        Assert.Empty(await host.Index.AllAsync(new()));
        Assert.True(File.Exists(host.Data.At("search.db.broken")));
        Assert.False(File.Exists(host.Data.At("search.db.is-broken")));

        generation = await host.Index.GetGenerationAsync(Ct);
        await host.Index.PushAsync(Document("cats/1"));
        await host.ReopenAsync();
        Assert.Equal(generation, await host.Index.GetGenerationAsync(Ct));
        Assert.Single(await host.Index.AllAsync(new() { Query = "cats" }));
    }

    /// <summary>Frequent words are read on start and after a write that failed: neither may end anything but the one write.</summary>
    [Fact]
    public async Task Damage_where_the_frequent_words_are_ends_neither_the_process_nor_the_next_start()
    {
        await using var host = new SqliteSearchIndexHost(frequentFrom: 2);
        await host.Index.PushAsync([.. Enumerable.Range(0, 50).Select(n => Document($"cats/{n}"))]);
        await host.ReopenAsync();
        var roots = await host.Database.ReadAsync(connection =>
        {
            var rows = connection.Prepare("SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'term'");
            var all = new List<long>();
            while (rows.Step()) all.Add(rows.Long(0));
            return all;
        }, Ct);
        await host.CloseAsync();
        host.Open();
        await host.Faults.BreakPagesAsync(roots);
        await host.Database.WriteAsync(session =>
        {
            // Or the pages would be read from memory.
            session.Connection.Execute("PRAGMA shrink_memory");
            return true;
        }, 1, Ct);
        for (var n = 0; n < 2; n++) await Assert.ThrowsAsync<UnavailableException>(() => host.Index.PushAsync(Document($"dogs/{n}") with { Split = "new" }).WaitAsync(TimeSpan.FromSeconds(30), Ct));
        await host.ReopenAsync();
        Assert.Empty(await host.Index.AllAsync(new()));
        Assert.True(File.Exists(host.Data.At("search.db.broken")));

        // Found on start only.
        await host.Index.PushAsync([.. Enumerable.Range(0, 50).Select(n => Document($"cats/{n}"))]);
        await host.CloseAsync();
        await host.Faults.BreakPagesAsync(roots);
        File.Delete(host.Data.At("search.db.broken"));
        host.Open();
        Assert.Empty(await host.Index.AllAsync(new()));
        Assert.True(File.Exists(host.Data.At("search.db.broken")));
    }

    [Fact]
    public async Task While_the_disk_is_full_pushes_are_refused_whole_and_searches_go_on_and_afterwards_all_is_well()
    {
        await using var host = new SqliteSearchIndexHost();
        await host.Index.PushAsync(Document("a"));
        var many = Enumerable.Range(0, 1_000).Select(n => Document($"p/{n}")).ToArray();
        await host.Faults.FillDiskAsync();
        await Assert.ThrowsAsync<UnavailableException>(() => host.Index.PushAsync(many));
        Assert.Single(await host.Index.AllAsync(new()));
        Assert.Equal(1, (await host.Index.CountAsync(Pets, Ct)).Items.Values.Sum());

        await host.Faults.FreeDiskAsync();
        await host.Index.PushAsync(many);
        Assert.Equal(1_000, (await host.Index.AllAsync(new() { Query = "p" })).Count);
        Assert.Equal(1_001, (await host.Index.CountAsync(Pets, Ct)).Items.Values.Sum());
        Assert.False(File.Exists(host.Data.At("search.db.is-broken")));
    }

    [Fact]
    public async Task While_another_program_holds_the_file_pushes_are_refused_and_afterwards_go_on()
    {
        await using var host = new SqliteSearchIndexHost();
        using (await host.Faults.HoldAsync())
        {
            await Assert.ThrowsAsync<UnavailableException>(() => host.Index.PushAsync(Document("a")));
            Assert.Empty(await host.Index.AllAsync(new()));
        }
        await host.Index.PushAsync(Document("a"));
        Assert.Single(await host.Index.AllAsync(new() { Query = "a" }));
    }
}
