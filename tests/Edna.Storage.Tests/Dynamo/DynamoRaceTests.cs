using Edna.Changes;
using Edna.Compliance.Items;
using Edna.Items;
using Edna.Storage.Dynamo;
using Edna.Storage.Rows;
using Orleans.Storage;
using Xunit;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Storage.Tests.Dynamo;

/// <summary>Several processes on one table.</summary>
public sealed class DynamoRaceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Changes_of_two_processes_have_numbers_in_one_row_and_a_follower_of_both_sees_each_once_in_order()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        IItemTable[] processes = [host.Another(), host.Another()];
        var (followed, since) = (new List<ItemChange>(), await host.Table.EndOfChangesAsync(Pets, Ct));
        var writing = Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var revision = 1; revision <= 25; revision++) await processes[writer % 2].PutAsync(Row($"w{writer}", revision));
        }));
        for (var ended = false; ;)
        {
            var page = (await host.Table.ReadChangesAsync(Pets, since, 9, Ct))!;
            followed.AddRange(page.Changes);
            since = page.NextCursor;
            if (page.Changes.Count > 0) continue;
            if (ended) break;
            ended = writing.IsCompleted;
        }
        await writing;
        var numbers = followed.Select(change => ChangeCursor.Parse(change.Cursor)).ToList();
        Assert.Equal(200, numbers.Count);
        Assert.Equal(Enumerable.Range(0, 200).Select(n => numbers[0] + n), numbers);
        foreach (var item in followed.GroupBy(change => change.Path)) Assert.Equal(Enumerable.Range(1, 25).Select(n => (long)n), item.Select(change => change.Revision));
    }

    /// <summary>The note is read, then rows are marked. Whatever is made dirty in between stays so, also what was dirty already.</summary>
    [Fact(Timeout = 120_000)]
    public async Task A_mark_that_is_under_way_does_not_hold_for_rows_that_are_made_dirty_meanwhile()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        await host.Table.PutAsync(Row("clean"));
        await host.Table.PutAsync(Row("dirty"));
        await host.Table.MarkAllDirtyAsync("first", Ct);
        Assert.True(await host.Table.MarkIndexedAsync([(Row("clean").Key, 1)], "first", Ct));
        var note = await IndexNote.ReadAsync(host.Calls(), Ct);
        await host.Another().MarkAllDirtyAsync("second", Ct);
        await host.Table.PutAsync(Row("new"));
        foreach (var path in (string[])["clean", "dirty"])
        {
            Assert.False(await ItemOutbox.MarkAsync(host.Calls(), Row(path).Key, 1, note.Filling, Ct));
            Assert.Equal(0, (await host.Table.ReadAsync(Row(path).Key, Ct))!.IndexedRevision);
        }
        Assert.False(await host.Table.MarkIndexedAsync([(Row("new").Key, 1)], "first", Ct));
        Assert.True(await host.Table.MarkIndexedAsync([(Row("clean").Key, 1), (Row("dirty").Key, 1), (Row("new").Key, 1)], "second", Ct));
        Assert.Empty(await host.Table.ListDirtyShardsAsync(Ct));
    }

    [Fact(Timeout = 120_000)]
    public async Task Of_writers_of_one_revision_in_two_processes_exactly_one_wins()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        IItemTable[] processes = [host.Another(), host.Another()];
        for (var revision = 1L; revision <= 15; revision++)
        {
            var won = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => TryAsync(() => processes[n % 2].PutAsync(Row("a", revision) with { Split = $"w{n}" }))));
            var winner = Assert.Single(Enumerable.Range(0, 4), n => won[n]);
            Assert.Equal($"w{winner}", (await host.Table.ReadAsync(Row("a").Key, Ct))!.Split);
        }
        Assert.Equal(Enumerable.Range(1, 15).Select(n => (long)n), (await host.Table.AllChangesAsync(Pets)).Select(change => change.Revision));
    }

    [Fact]
    public async Task A_writer_that_slept_while_others_wrote_and_forgot_uses_no_number_again()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        var sleeper = host.Another();
        await sleeper.PutAsync(Row("first"));
        for (var n = 0; n < 3; n++) await host.Table.PutAsync(Row($"p{n}"));
        var last = (await host.Table.AllChangesAsync(Pets))[^1].Cursor;
        Assert.Equal(4, await host.Table.TrimChangesAsync(Pets, Noon.AddDays(1), 100, Ct));
        await sleeper.PutAsync(Row("woken"));
        var woken = Assert.Single(await host.Table.AllChangesAsync(Pets, last));
        Assert.Equal(("woken", ChangeCursor.Parse(last) + 1), (woken.Path, ChangeCursor.Parse(woken.Cursor)));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reader_stops_before_a_change_that_is_not_visible_yet_and_goes_on_when_it_is()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        for (var n = 0; n < 3; n++) await host.Table.PutAsync(Row($"p{n}"));
        var all = await host.Table.AllChangesAsync(Pets);
        var key = host.Keys.Segment(Pets, ChangeCursor.Parse(all[1].Cursor));
        var segment = (await host.Client.GetItemAsync(host.Options.ItemTable, key, Ct)).Item;
        await host.Client.DeleteItemAsync(host.Options.ItemTable, key, Ct);
        Assert.Equal(all[..1], (await host.Table.ReadChangesAsync(Pets, null, 10, Ct))!.Changes);
        var waiting = host.Table.ReadChangesAsync(Pets, all[0].Cursor, 10, Ct).AsTask();
        await Task.WhenAny(waiting, Task.Delay(200, Ct));
        Assert.False(waiting.IsCompleted, "A change was passed by.");
        await host.Client.PutItemAsync(host.Options.ItemTable, segment, Ct);
        Assert.Equal(all[1], (await waiting)!.Changes[0]);
        Assert.Equal(all[1..], await host.Table.AllChangesAsync(Pets, all[0].Cursor));
    }

    /// <summary>A segment may be visible before its head is: who had gone past the head would be told by the next look at it that the cursor is of no use.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_reader_goes_no_further_than_the_head()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        for (var n = 0; n < 3; n++) await host.Table.PutAsync(Row($"p{n}"));
        var all = await host.Table.AllChangesAsync(Pets);
        await SetHeadAsync(all[1].Cursor);
        var page = (await host.Table.ReadChangesAsync(Pets, all[0].Cursor, 10, Ct))!;
        Assert.Equal(all[1..2], page.Changes);
        Assert.Empty((await host.Table.ReadChangesAsync(Pets, page.NextCursor, 10, Ct))!.Changes);
        await SetHeadAsync(all[2].Cursor);
        Assert.Equal(all[2..], (await host.Table.ReadChangesAsync(Pets, page.NextCursor, 10, Ct))!.Changes);

        Task SetHeadAsync(string cursor) => host.Client.UpdateItemAsync(new()
        {
            TableName = host.Options.ItemTable, Key = host.Keys.Head(Pets), UpdateExpression = "SET n = :v",
            ExpressionAttributeValues = new() { [":v"] = StoredAttributes.Of(ChangeCursor.Parse(cursor)) },
        }, Ct);
    }

    [Fact]
    public async Task Services_that_share_a_table_see_nothing_of_each_other()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        var other = new DynamoItemTable(host.Calls(service: "staging"));
        await host.Table.PutAsync(Row("a"));
        await host.Table.MarkAllDirtyAsync("index-1", Ct);
        Assert.Empty(await other.ListDatasetsAsync(Ct));
        Assert.Empty(await other.ListDirtyShardsAsync(Ct));
        Assert.Null(await other.ReadIndexGenerationAsync(Ct));
        Assert.Null(await other.ReadAsync(Row("a").Key, Ct));
        await other.PutAsync(Row("b"));
        Assert.Equal(["b"], (await other.AllChangesAsync(Pets)).Select(change => change.Path));
        await other.RemoveDatasetAsync(Pets, Noon, Ct);
        Assert.Equal(["a"], (await host.Table.AllChangesAsync(Pets)).Select(change => change.Path));
        Assert.Equal(["a"], (await host.Table.ScanAsync(Pets, null, 10, Ct)).Select(row => row.Path));
        Assert.Single(await host.Table.ListDirtyShardsAsync(Ct));
    }

    [Fact]
    public async Task A_cursor_from_after_the_end_as_one_has_after_a_restore_is_told_that_it_is_of_no_use()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        await host.Table.PutAsync(Row("a"));
        var beyond = ChangeCursor.Format(ChangeCursor.Parse(await host.Table.EndOfChangesAsync(Pets, Ct)) + 1);
        Assert.Null(await host.Table.ReadChangesAsync(Pets, beyond, 10, Ct));
        // And one of a table that was lost before: all is told anew.
        Assert.Single((await host.Table.ReadChangesAsync(Pets, ChangeCursor.Format(42), 10, Ct))!.Changes);
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_that_forget_at_the_same_time_forget_what_one_would()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        await host.Table.InsertManyAsync([.. Enumerable.Range(0, 60).Select(n => (Row($"p{n:d2}"), new NewChange(ChangeKind.Created, Noon.AddMinutes(n), "ann")))], Ct);
        var all = await host.Table.AllChangesAsync(Pets);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var table = host.Another();
            while (await table.TrimChangesAsync(Pets, Noon.AddMinutes(40), 3, Ct) > 0) Ct.ThrowIfCancellationRequested();
        }));
        Assert.Equal(all[40..], await host.Table.AllChangesAsync(Pets));
        Assert.Equal(all[39].Cursor, await host.Table.StartOfChangesAsync(Pets, Ct));
    }

    [Fact]
    public async Task A_dataset_leaves_the_list_when_it_is_removed_and_is_back_in_it_with_its_next_row()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        var sleeper = host.Another();
        await sleeper.PutAsync(Row("a"));
        await host.Table.RemoveDatasetAsync(Pets, Noon, Ct);
        Assert.Empty(await DatasetList.ReadAsync(host.Calls(), Ct));
        await sleeper.PutAsync(Row("b"));
        Assert.Equal([Row("b").Key.Shard], await host.Table.ListDirtyShardsAsync(Ct));
        Assert.Equal([Pets], await DatasetList.ReadAsync(host.Calls(), Ct));
        var watched = Row("c", status: ItemStatus.Purged) with { UploadDeadline = Noon.AddHours(1) };
        await host.Table.PutAsync(watched);
        await host.Table.RemoveDatasetAsync(Pets, Noon, Ct);
        Assert.Equal([watched.Key.Shard], await host.Table.ListWatchedShardsAsync(Ct));
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
}
