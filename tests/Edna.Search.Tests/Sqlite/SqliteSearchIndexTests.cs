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
}
