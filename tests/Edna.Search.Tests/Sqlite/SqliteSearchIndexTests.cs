using Edna.Compliance.Search;
using Edna.Search.Sqlite;
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
        using (var connection = Connection.OpenForWriting(host.Data.At("search.db"), 64)) connection.Execute("PRAGMA user_version=4");
        host.Open();
    }

    /// <summary>What earlier versions left is of no use: the silo fills the index anew.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_file_of_an_earlier_version_starts_empty_with_a_new_generation(int version)
    {
        await using var host = new SqliteSearchIndexHost();
        var generation = await host.Index.GetGenerationAsync(TestContext.Current.CancellationToken);
        await host.CloseAsync();
        foreach (var file in Directory.GetFiles(host.Data.Path, "search.db*")) File.Delete(file);
        using (var connection = Connection.OpenForWriting(host.Data.At("search.db"), 64))
        {
            SearchSchema.Migrations.UpTo(version).Apply(connection, "search.db");
            connection.Execute($"""
                UPDATE generation SET name = '{generation}';
                INSERT INTO dataset VALUES (1, 'default', 'pets');
                INSERT INTO field VALUES (1, 'tenant');
                INSERT INTO term VALUES (1, 1, 'default');
                INSERT INTO doc VALUES (1, 1, x'8D07FD4F9069B4E2945F3355C6DAD7BC80', 3, 1, 100, 0, x'', {(version < 3 ? "" : "x'', ")}0, 'a/1');
                INSERT INTO doc_text (rowid, path, metadata, labels, {(version < 3 ? "terms" : "tokens")}) VALUES (1, 'a 1', '', '', 'd1 x1');
                INSERT INTO tally VALUES (1, 1, 1, 100);
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
