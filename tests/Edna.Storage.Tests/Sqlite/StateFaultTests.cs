using Edna.Compliance.Items;
using Edna.Items;
using Edna.Results;
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
        await host.Faults.FillDiskAsync();
        await Assert.ThrowsAsync<UnavailableException>(() => host.Table.PutAsync(large));
        await Assert.ThrowsAsync<UnavailableException>(() => host.Table.InsertManyAsync([(large, Created)], Ct));
        Assert.Equal(["a"], await host.Table.ListAllAsync(Pets, new()));
        await host.Table.CheckAsync(Ct);

        await host.Faults.FreeDiskAsync();
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
        using (await host.Faults.HoldAsync())
        {
            await Assert.ThrowsAsync<UnavailableException>(() => host.Table.PutAsync(Row("b")));
            Assert.NotNull(await host.Table.ReadAsync(Row("a").Key, Ct));
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
        await host.Faults.BreakPagesAsync();
        await Assert.ThrowsAsync<UnavailableException>(() => host.Table.ReadAsync(Row("p1").Key, Ct).AsTask());
    }
}
