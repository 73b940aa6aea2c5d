using Edna.Items;
using Edna.Keys;
using Orleans.Storage;
using Xunit;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Compliance.Items;

/// <summary>What every item table must do. This part: rows and conditional writes.</summary>
public abstract partial class ItemTableCompliance
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Starts an empty table.</summary>
    protected abstract Task<IItemTableHost> StartAsync();

    /// <summary>How many rounds of something are gone through where many are wanted: fewer on a server that takes its time.</summary>
    protected virtual int Rounds(int many) => many;

    [Fact]
    public async Task A_written_row_is_read_back_whole()
    {
        await using var host = await StartAsync();
        var row = Row("cats/ünï 001.jpg") with
        {
            Status = ItemStatus.Available,
            Split = "train",
            UploadDeadline = Noon.AddTicks(1_234_567),
            UpdatedAt = Noon.AddTicks(7_654_321),
            Body = [.. Enumerable.Repeat((byte)'x', 30_000)],
        };
        await host.Table.PutAsync(row);
        AssertSame(row, await host.Table.ReadAsync(row.Key, Ct));
    }

    [Fact]
    public async Task There_is_no_row_where_none_was_written()
    {
        await using var host = await StartAsync();
        Assert.Null(await host.Table.ReadAsync(Row("a").Key, Ct));
        await host.Table.PutAsync(Row("a"));
        Assert.Null(await host.Table.ReadAsync(Row("b").Key, Ct));
        Assert.Null(await host.Table.ReadAsync(Row("a", dataset: new("other", "pets")).Key, Ct));
        Assert.Null(await host.Table.ReadAsync(new(Pets, "not an id"), Ct));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_write_on_another_revision_leaves_row_and_feed_as_they_were(long expected)
    {
        await using var host = await StartAsync();
        await host.Table.PutAsync(Row("a"));
        await host.Table.PutAsync(Row("a", 2));
        var changes = await host.Table.AllChangesAsync(Pets);
        await Assert.ThrowsAsync<InconsistentStateException>(() =>
            host.Table.WriteAsync(Row("a", expected + 1, ItemStatus.Trashed), expected, Created, Ct));
        AssertSame(Row("a", 2), await host.Table.ReadAsync(Row("a").Key, Ct));
        Assert.Equal(changes, await host.Table.AllChangesAsync(Pets));
    }

    [Fact]
    public async Task A_write_over_a_row_that_is_not_there_is_refused()
    {
        await using var host = await StartAsync();
        await Assert.ThrowsAsync<InconsistentStateException>(() => host.Table.PutAsync(Row("a", 2)));
        Assert.Null(await host.Table.ReadAsync(Row("a").Key, Ct));
        Assert.Empty(await host.Table.AllChangesAsync(Pets));
    }

    [Fact]
    public async Task Of_parallel_writers_of_one_revision_exactly_one_wins()
    {
        await using var host = await StartAsync();
        for (var revision = 1L; revision <= 20; revision++)
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => TryAsync(() => host.Table.PutAsync(Row("a", revision) with { Split = $"w{writer}" }))));
            var winner = Assert.Single(Enumerable.Range(0, 16), writer => outcomes[writer]);
            var row = await host.Table.ReadAsync(Row("a").Key, Ct);
            Assert.Equal((revision, $"w{winner}"), (row!.Revision, row.Split));
        }
        Assert.Equal(20, (await host.Table.AllChangesAsync(Pets)).Count);
    }

    [Fact]
    public async Task A_refused_write_fails_alone()
    {
        await using var host = await StartAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => TryAsync(() => host.Table.PutAsync(Row($"p{n}", n % 2 + 1)))));
        for (var n = 0; n < outcomes.Length; n++) Assert.Equal(n % 2 == 0, outcomes[n]);
        Assert.Equal(100, (await host.Table.ListAllAsync(Pets, new())).Count);
    }

    [Fact]
    public async Task Inserting_many_leaves_the_rows_that_are_there_alone()
    {
        await using var host = await StartAsync();
        await host.Table.PutAsync(Row("b", status: ItemStatus.Failed));
        var written = await host.Table.InsertManyAsync([(Row("a"), Created), (Row("b"), Created), (Row("c"), Created)], Ct);
        Assert.Equal([true, false, true], written);
        Assert.Equal(ItemStatus.Failed, (await host.Table.ReadAsync(Row("b").Key, Ct))!.Status);
        Assert.Equal(["b", "a", "c"], (await host.Table.AllChangesAsync(Pets)).Select(change => change.Path));
    }

    [Fact]
    public async Task Of_many_writes_those_whose_revision_is_there_are_made_and_the_others_are_not()
    {
        await using var host = await StartAsync();
        await host.Table.InsertManyAsync([(Row("a"), Created), (Row("b"), Created), (Row("c"), Created)], Ct);
        await host.Table.PutAsync(Row("b", 2, ItemStatus.Failed));
        var written = await host.Table.WriteManyAsync(
        [
            new(Row("a", 2, ItemStatus.Available), 1, Created), new(Row("b", 2, ItemStatus.Available), 1, Created),
            new(Row("none", 2), 1, Created), new(Row("c"), 0, Created), new(Row("new"), 0, Created),
        ], Ct);
        Assert.Equal([true, false, false, false, true], written);
        AssertSame(Row("a", 2, ItemStatus.Available), await host.Table.ReadAsync(Row("a").Key, Ct));
        AssertSame(Row("b", 2, ItemStatus.Failed), await host.Table.ReadAsync(Row("b").Key, Ct));
        Assert.Null(await host.Table.ReadAsync(Row("none").Key, Ct));
        Assert.Equal(["a", "b", "c", "b", "a", "new"], (await host.Table.AllChangesAsync(Pets)).Select(change => change.Path));
    }

    [Fact]
    public async Task Of_two_batches_with_the_same_items_each_item_is_written_once()
    {
        await using var host = await StartAsync();
        var rows = Enumerable.Range(0, 300).Select(n => (Row($"p{n:d3}"), Created)).ToList();
        var written = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.Table.InsertManyAsync(rows, Ct)));
        for (var n = 0; n < rows.Count; n++) Assert.Equal(1, written.Count(batch => batch[n]));
        Assert.Equal(300, (await host.Table.AllChangesAsync(Pets, limit: 1000)).Count);
    }

    [Fact]
    public async Task Many_rows_are_read_in_the_order_asked_for()
    {
        await using var host = await StartAsync();
        await host.Table.InsertManyAsync([(Row("a"), Created), (Row("b"), Created)], Ct);
        string[] ids = [ItemId.FromPath("b"), ItemId.FromPath("none"), ItemId.FromPath("a"), ItemId.FromPath("b")];
        var rows = await host.Table.ReadManyAsync(Pets, ids, Ct);
        Assert.Equal(["b", null, "a", "b"], rows.Select(row => row?.Path));
        Assert.Equal(4, (await host.Table.ReadManyAsync(new("default", "none"), ids, Ct)).Count);
    }

    [Fact]
    public async Task What_was_written_is_there_after_a_restart()
    {
        await using var host = await StartAsync();
        await host.Table.PutAsync(Row("a"));
        await host.Table.PutAsync(Row("a", 2, ItemStatus.Available));
        var before = await host.Table.AllChangesAsync(Pets);
        await host.ReopenAsync();
        AssertSame(Row("a", 2, ItemStatus.Available), await host.Table.ReadAsync(Row("a").Key, Ct));
        Assert.Equal(before, await host.Table.AllChangesAsync(Pets));
    }

    [Fact]
    public async Task Scanning_goes_through_every_row_in_the_order_of_ids()
    {
        await using var host = await StartAsync();
        var rows = Enumerable.Range(0, 50).Select(n => Row($"p{n}", status: n % 3 == 0 ? ItemStatus.Purged : ItemStatus.Pending)).ToList();
        await host.Table.InsertManyAsync([.. rows.Select(row => (row, Created))], Ct);
        await host.Table.PutAsync(Row("x", dataset: new("default", "other")));
        var scanned = new List<string>();
        while (await host.Table.ScanAsync(Pets, scanned.LastOrDefault(), 7, Ct) is { Count: > 0 } some)
        {
            Assert.InRange(some.Count, 1, 7);
            scanned.AddRange(some.Select(row => row.Key.ItemId));
        }
        Assert.Equal(rows.Select(row => row.Key.ItemId).Order(StringComparer.Ordinal), scanned);
    }

    [Fact]
    public async Task A_dataset_has_any_row_while_one_is_not_purged()
    {
        await using var host = await StartAsync();
        Assert.False(await host.Table.AnyAsync(Pets, Ct));
        await host.Table.PutAsync(Row("a", status: ItemStatus.Trashed));
        Assert.True(await host.Table.AnyAsync(Pets, Ct));
        Assert.False(await host.Table.AnyAsync(new("default", "other"), Ct));
        await host.Table.PutAsync(Row("a", 2, ItemStatus.Purged));
        Assert.False(await host.Table.AnyAsync(Pets, Ct));
    }

    [Fact]
    public async Task Rows_are_counted_but_purged_ones()
    {
        await using var host = await StartAsync();
        Assert.Equal(0, await host.Table.CountAsync(Pets, Ct));
        await host.Table.InsertManyAsync([.. Enumerable.Range(0, 40).Select(n => (Row($"p{n}"), Created))], Ct);
        await host.Table.PutAsync(Row("p7", 2, ItemStatus.Purged));
        await host.Table.PutAsync(Row("p8", 2, ItemStatus.Trashed));
        await host.Table.PutAsync(Row("p1", dataset: new("default", "other")));
        Assert.Equal(39, await host.Table.CountAsync(Pets, Ct));
    }

    [Fact]
    public async Task Removing_a_dataset_leaves_nothing_of_it_and_all_of_the_others()
    {
        await using var host = await StartAsync();
        var other = new DatasetKey("default", "other");
        await host.Table.InsertManyAsync([.. Enumerable.Range(0, 40).Select(n => (Row($"p{n}"), Created))], Ct);
        await host.Table.PutAsync(Row("a", dataset: other));
        await host.Table.PutAsync(Row("newest"));
        var last = (await host.Table.AllChangesAsync(Pets))[^1].Cursor;
        await host.Table.RemoveDatasetAsync(Pets, DateTimeOffset.UnixEpoch, Ct);
        await host.Table.RemoveDatasetAsync(new("default", "never-there"), DateTimeOffset.UnixEpoch, Ct);
        Assert.Empty(await host.Table.ScanAsync(Pets, null, 10, Ct));
        Assert.Empty(await host.Table.AllChangesAsync(Pets));
        Assert.Single(await host.Table.ListAllAsync(other, new()));
        await host.ReopenAsync();
        await host.Table.PutAsync(Row("p1"));
        var change = Assert.Single(await host.Table.AllChangesAsync(Pets));
        Assert.True(string.CompareOrdinal(change.Cursor, last) > 0, "Numbers of the feed are not used again.");
    }

    [Fact]
    public async Task It_gives_a_sign_of_life()
    {
        await using var host = await StartAsync();
        await host.Table.CheckAsync(Ct);
    }

    private static async Task<bool> TryAsync(Func<Task> write)
    {
        try
        {
            await write();
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }

    private static void AssertSame(ItemRow expected, ItemRow? found)
    {
        Assert.NotNull(found);
        Assert.Equal(expected.Body, found.Body);
        Assert.Equal(expected, found with { Body = expected.Body });
    }
}
