using Edna.Compliance.Items;
using Edna.Items;
using Edna.Results;
using Edna.Sqlite;
using Xunit;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Storage.Tests.Sqlite;

public sealed class StateFaultTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_disk_is_full_writes_are_refused_and_reads_go_on_and_afterwards_all_is_well()
    {
        await using var host = new SqliteItemTableHost();
        await host.Table.PutAsync(Row("a"));
        var large = Row("b") with { Body = new byte[100_000] };
        // SQLite answers a limit on its pages with what it answers a full disk with.
        await SetAsync(host, "PRAGMA max_page_count=1");
        await Assert.ThrowsAsync<UnavailableException>(() => host.Table.PutAsync(large));
        await Assert.ThrowsAsync<UnavailableException>(() => host.Table.InsertManyAsync([(large, Created)], Ct));
        Assert.Equal(["a"], await host.Table.ListAllAsync(Pets, new()));
        await host.Table.CheckAsync(Ct);

        await SetAsync(host, "PRAGMA max_page_count=1000000");
        await host.Table.PutAsync(large);
        await host.ReopenAsync();
        Assert.Equal(["a", "b"], await host.Table.ListAllAsync(Pets, new()));
        Assert.Equal(["a", "b"], (await host.Table.AllChangesAsync(Pets)).Select(change => change.Path));
    }

    [Fact]
    public async Task While_another_program_holds_the_file_writes_are_refused_and_reads_go_on_and_afterwards_all_is_well()
    {
        await using var host = new SqliteItemTableHost();
        await host.Table.PutAsync(Row("a"));
        await SetAsync(host, "PRAGMA busy_timeout=20");
        using (var other = Connection.OpenForWriting(host.Directory.At("edna.db"), 64))
        {
            other.Execute("BEGIN IMMEDIATE");
            await Assert.ThrowsAsync<UnavailableException>(() => host.Table.PutAsync(Row("b")));
            Assert.NotNull(await host.Table.ReadAsync(Row("a").Key, Ct));
            other.Execute("ROLLBACK");
        }
        Assert.Null(await host.Table.ReadAsync(Row("b").Key, Ct));
        await host.Table.PutAsync(Row("b"));
        Assert.Equal(["a", "b"], (await host.Table.AllChangesAsync(Pets)).Select(change => change.Path));
    }

    [Fact]
    public async Task A_file_whose_pages_are_broken_is_told_and_not_taken_for_an_empty_one()
    {
        await using var host = new SqliteItemTableHost();
        await host.Table.InsertManyAsync([.. Enumerable.Range(0, 500).Select(n => (Row($"p{n}"), Created))], Ct);
        await host.ReopenAsync();
        await BreakPagesAsync(host.Directory.At("edna.db"));
        await Assert.ThrowsAsync<UnavailableException>(() => host.Table.ReadAsync(Row("p1").Key, Ct).AsTask());
    }

    /// <summary>Fills every page but the first, which says what the file is.</summary>
    private static async Task BreakPagesAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        var broken = new byte[file.Length - 4_096];
        Array.Fill(broken, (byte)'?');
        file.Position = 4_096;
        await file.WriteAsync(broken, Ct);
    }

    private static Task<bool> SetAsync(SqliteItemTableHost host, string pragma) => host.Database.WriteAsync(session =>
    {
        session.Connection.Execute(pragma);
        return true;
    }, 1, Ct);
}
