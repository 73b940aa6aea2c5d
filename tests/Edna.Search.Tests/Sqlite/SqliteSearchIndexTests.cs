using Edna.Compliance.Search;
using Edna.Sqlite;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Search.Tests.Sqlite;

public sealed class SqliteSearchIndexTests : SearchIndexCompliance
{
    protected override Task<ISearchIndexHost> StartAsync() => Task.FromResult<ISearchIndexHost>(new SqliteSearchIndexHost());

    [Fact]
    public async Task A_broken_file_is_set_aside_and_an_empty_one_started()
    {
        await using var host = new SqliteSearchIndexHost();
        var generation = await host.Index.GetGenerationAsync(TestContext.Current.CancellationToken);
        await host.Index.PushAsync(Document("a"));
        await host.CloseAsync();
        await File.WriteAllTextAsync(host.Data.At("search.db"), new string('?', 10_000), TestContext.Current.CancellationToken);
        host.Open();
        Assert.NotEqual(generation, await host.Index.GetGenerationAsync(TestContext.Current.CancellationToken));
        Assert.Empty(await host.Index.AllAsync(new()));
        Assert.True(File.Exists(host.Data.At("search.db.broken")));
    }

    [Fact]
    public async Task A_file_of_a_newer_program_is_refused()
    {
        await using var host = new SqliteSearchIndexHost();
        await host.CloseAsync();
        using (var connection = Connection.OpenForWriting(host.Data.At("search.db"), 64)) connection.Execute("PRAGMA user_version=99");
        var fault = Assert.Throws<SchemaTooNewException>(host.Open);
        Assert.Contains("Upgrade EDNA", fault.Message, StringComparison.Ordinal);
        using (var connection = Connection.OpenForWriting(host.Data.At("search.db"), 64)) connection.Execute("PRAGMA user_version=2");
        host.Open();
    }

    /// <summary>Version 1 left it to SQLite to break text into words: what lies there is of no use, and the silo fills the index anew.</summary>
    [Fact]
    public async Task A_file_of_version_1_starts_empty_with_a_new_generation()
    {
        await using var host = new SqliteSearchIndexHost();
        var generation = await host.Index.GetGenerationAsync(TestContext.Current.CancellationToken);
        await host.Index.PushAsync(Document("a/1"), Document("b/1"));
        await host.CloseAsync();
        using (var connection = Connection.OpenForWriting(host.Data.At("search.db"), 64))
        {
            connection.Execute("""
                DROP TABLE doc_text;
                CREATE VIRTUAL TABLE doc_text USING fts5 (
                    path, metadata, labels, terms,
                    content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2"
                );
                PRAGMA user_version=1;
                """);
        }
        host.Open();
        Assert.NotEqual(generation, await host.Index.GetGenerationAsync(TestContext.Current.CancellationToken));
        Assert.Empty(await host.Index.AllAsync(new()));
        Assert.Empty((await host.Index.CountAsync(Pets, TestContext.Current.CancellationToken)).Items);
        await host.Index.PushAsync(Document("a/1"));
        Assert.Single(await host.Index.AllAsync(new() { Query = "a" }));
        Assert.Equal(1, (await host.Index.CountAsync(Pets, TestContext.Current.CancellationToken)).Items[Items.ItemStatus.Available]);
    }
}
