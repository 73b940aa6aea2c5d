using Edna.Changes;
using Edna.Compliance.Items;
using Edna.Items;
using Edna.Sqlite;
using Edna.Storage.Rows;
using Edna.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Storage.Tests.Sqlite;

public sealed class StateFileTests
{
    [Fact]
    public async Task A_data_directory_has_one_user_at_a_time()
    {
        await using var host = new SqliteItemTableHost();
        var fault = Assert.Throws<DataDirectoryInUseException>(() => new StateDatabase(host.Directory, new(), NullLogger<StateDatabase>.Instance));
        Assert.Contains(host.Directory.Path, fault.Message, StringComparison.Ordinal);
        await host.ReopenAsync();
    }

    [Fact]
    public async Task A_file_of_a_newer_program_is_refused_and_left_as_it_is()
    {
        await using var host = new SqliteItemTableHost();
        await host.Table.PutAsync(Row("a"));
        await host.Database.DisposeAsync();
        SetVersion(host, 99);
        var fault = Assert.Throws<SchemaTooNewException>(() => new StateDatabase(host.Directory, new(), NullLogger<StateDatabase>.Instance));
        Assert.Contains("version 99", fault.Message, StringComparison.Ordinal);
        SetVersion(host, StateSchema.Migrations.Version);
        await host.ReopenAsync();
        Assert.NotNull(await host.Table.ReadAsync(Row("a").Key, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_of_the_first_version_gets_what_came_after_it()
    {
        await using var host = new SqliteItemTableHost();
        await host.Table.PutAsync(Row("a", status: ItemStatus.Trashed));
        await host.Database.DisposeAsync();
        using (var connection = Connection.OpenForWriting(host.Directory.At("edna.db"), 64)) connection.Execute("DROP INDEX item_trashed; DROP TABLE change_start; DROP TABLE change_gap; PRAGMA user_version=1");
        await host.ReopenAsync();
        Assert.Equal(["item_trashed"], await ReadAsync(host, "SELECT name FROM sqlite_schema WHERE name = 'item_trashed'"));
        Assert.Single(await host.Table.ReadTrashedAsync(Row("a").Key.Shard, Noon.AddDays(1), 10, TestContext.Current.CancellationToken));
        Assert.Single(await host.Table.AllChangesAsync(Pets, await host.Table.StartOfChangesAsync(Pets, TestContext.Current.CancellationToken)));
    }

    /// <summary>What a copy takes back, no reader goes on from: numbers are not given again, and a cursor from that time is refused before and after the next change.</summary>
    [Fact]
    public async Task A_cursor_from_after_a_copy_that_was_put_back_is_refused_and_one_from_before_it_goes_on()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var host = new SqliteItemTableHost();
        await host.Table.PutAsync(Row("a"));
        var (file, before) = (host.Directory.At("edna.db"), await host.Table.EndOfChangesAsync(Pets, ct));
        await host.Database.DisposeAsync();
        var copy = await File.ReadAllBytesAsync(file, ct);
        await host.ReopenAsync();
        await host.Table.PutAsync(Row("b"));
        var after = await host.Table.EndOfChangesAsync(Pets, ct);
        await host.Database.DisposeAsync();
        foreach (var old in Directory.GetFiles(host.Directory.Path, "edna.db*")) File.Delete(old);
        await File.WriteAllBytesAsync(file, copy, ct);
        await host.ReopenAsync();
        Assert.Null(await host.Table.ReadChangesAsync(Pets, after, 10, ct));
        Assert.Null(await host.Table.FollowAsync(Row("b").Key.Shard, after, 10, ct));
        Assert.Empty((await host.Table.ReadChangesAsync(Pets, before, 10, ct))!.Changes);
        foreach (var path in (string[])["c", "d", "e"]) await host.Table.PutAsync(Row(path));
        Assert.Null(await host.Table.ReadChangesAsync(Pets, after, 10, ct));
        Assert.Equal(["c", "d", "e"], (await host.Table.ReadChangesAsync(Pets, before, 10, ct))!.Changes.Select(change => change.Path));
        var end = await host.Table.EndOfChangesAsync(Pets, ct);
        await host.ReopenAsync();
        Assert.Empty((await host.Table.ReadChangesAsync(Pets, end, 10, ct))!.Changes);
    }

    /// <summary>A sweeper asks every minute: neither question may go through all rows.</summary>
    [Theory]
    [InlineData("status = 3 AND updated_at < 1 ORDER BY updated_at", "item_trashed")]
    [InlineData("upload_deadline IS NOT NULL AND upload_deadline < 1 ORDER BY upload_deadline", "item_deadline")]
    public async Task What_is_overdue_is_found_by_an_index(string question, string index)
    {
        await using var host = new SqliteItemTableHost();
        var plan = await host.Database.ReadAsync(connection =>
        {
            var rows = connection.Prepare($"EXPLAIN QUERY PLAN SELECT body FROM item WHERE shard = 1 AND {question} LIMIT 1");
            var all = new List<string>();
            while (rows.Step()) all.Add(rows.Text(3));
            return all;
        }, TestContext.Current.CancellationToken);
        Assert.Contains($"USING INDEX {index}", Assert.Single(plan), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_queued_when_the_file_is_closed_is_written()
    {
        await using var host = new SqliteItemTableHost();
        var writes = Enumerable.Range(0, 500).Select(n => host.Table.PutAsync(Row($"p{n}"))).ToList();
        await host.ReopenAsync();
        await Task.WhenAll(writes);
        Assert.Equal(500, (await host.Table.ListAllAsync(Pets, new() { Limit = 1000 })).Count);
    }

    [Fact]
    public async Task A_faulty_write_fails_alone_and_leaves_nothing()
    {
        await using var host = new SqliteItemTableHost();
        var before = host.Table.PutAsync(Row("a"));
        var faulty = host.Database.WriteAsync<bool>(session =>
        {
            session.Connection.Prepare("DELETE FROM item").Run();
            session.NextChange();
            throw new InvalidOperationException("on purpose");
        }, 1, TestContext.Current.CancellationToken);
        var after = host.Table.PutAsync(Row("b"));
        await Task.WhenAll(before, after);
        await Assert.ThrowsAsync<InvalidOperationException>(() => faulty);
        Assert.Equal(["a", "b"], await host.Table.ListAllAsync(Pets, new()));
    }

    /// <summary>What is stored under these names and numbers must be readable for good: a change here needs a migration.</summary>
    [Fact]
    public async Task The_schema_is_as_it_was_released()
    {
        await using var host = new SqliteItemTableHost();
        var columns = await ReadAsync(host, """
            SELECT m.name || '(' || group_concat(c.name, ' ') || ')' FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) c
            WHERE m.name NOT LIKE 'sqlite_%' GROUP BY m.name ORDER BY m.name
            """);
        Assert.Equal([
            "change(dataset number shard item_id kind revision at by path)",
            "change_gap(after next)",
            "change_start(dataset number)",
            "dataset(number tenant name)",
            "grain_state(service grain name revision body)",
            "item(id dataset shard item_id status revision indexed_revision upload_deadline updated_at split path body)",
            "last_change(number)",
            "reminder(service grain name hash start_at period revision)",
            "search_index(generation)",
        ], columns);
        Assert.Equal(4, StateSchema.Migrations.Version);
    }

    [Fact]
    public async Task Statuses_and_kinds_of_change_are_stored_under_the_numbers_that_were_released()
    {
        await using var host = new SqliteItemTableHost();
        foreach (var status in Enum.GetValues<ItemStatus>()) await host.Table.PutAsync(Row($"{status}", status: status));
        foreach (var (kind, n) in Enum.GetValues<ChangeKind>().Select((kind, n) => (kind, n)))
            await host.Table.PutAsync(Row("kinds", n + 1), new(kind, Noon, $"{kind}"));
        Assert.Equal(
            ["Pending 0", "Available 1", "Failed 2", "Trashed 3", "Purged 4"],
            await ReadAsync(host, "SELECT path || ' ' || status FROM item WHERE path <> 'kinds' ORDER BY status"));
        Assert.Equal(
            ["Created 0", "UploadOpened 1", "Available 2", "Failed 3", "Updated 4", "Tagged 5", "Labeled 6", "Reviewed 7", "Trashed 8", "Restored 9", "Deleted 10"],
            await ReadAsync(host, "SELECT by || ' ' || kind FROM change WHERE path = 'kinds' ORDER BY kind"));
    }

    [Fact]
    public void Cursors_and_packed_ids_are_as_they_were_released()
    {
        Assert.Equal("000000000000002a", ChangeCursor.Format(42));
        Assert.Equal(42, ChangeCursor.Parse("000000000000002a"));
        var packed = new byte[PackedItemId.Size];
        Assert.True(PackedItemId.TryPack("234567abcdefghijklmnopqrst", packed));
        Assert.Equal("00443214C74254B635CF84653A56D7C640", Convert.ToHexString(packed));
        Assert.Equal("234567abcdefghijklmnopqrst", PackedItemId.Unpack(packed));
    }

    /// <summary>The texts that a query answers.</summary>
    private static async Task<List<string>> ReadAsync(SqliteItemTableHost host, string sql) => await host.Database.ReadAsync(connection =>
    {
        var rows = connection.Prepare(sql);
        var all = new List<string>();
        while (rows.Step()) all.Add(rows.Text(0));
        return all;
    }, TestContext.Current.CancellationToken);

    private static void SetVersion(SqliteItemTableHost host, int version)
    {
        using var connection = Connection.OpenForWriting(host.Directory.At("edna.db"), 64);
        connection.Execute(FormattableString.Invariant($"PRAGMA user_version={version}"));
    }
}
