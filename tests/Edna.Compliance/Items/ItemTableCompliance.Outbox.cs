using Edna.Items;
using Edna.Keys;
using Orleans.Storage;
using Xunit;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Compliance.Items;

/// <summary>This part: what the index has taken in, what is purged, and which uploads are overdue.</summary>
public abstract partial class ItemTableCompliance
{
    [Fact]
    public async Task A_row_is_dirty_until_its_newest_revision_is_indexed()
    {
        await using var host = await StartAsync();
        var row = Row(PathInShard(5));
        await host.Table.PutAsync(row);
        await host.Table.PutAsync(row with { Revision = 2 });
        Assert.Equal([row.Key.Shard], await host.Table.ListDirtyShardsAsync(Ct));
        Assert.Equal(2, Assert.Single(await host.Table.ReadDirtyAsync(row.Key.Shard, 10, Ct)).Revision);
        Assert.Empty(await host.Table.ReadDirtyAsync(new(Pets, 6), 10, Ct));

        await host.Table.MarkIndexedAsync([(row.Key, 1)], Ct);
        Assert.Equal(1, Assert.Single(await host.Table.ReadDirtyAsync(row.Key.Shard, 10, Ct)).IndexedRevision);

        await host.Table.MarkIndexedAsync([(row.Key, 2)], Ct);
        Assert.Empty(await host.Table.ReadDirtyAsync(row.Key.Shard, 10, Ct));
        Assert.Empty(await host.Table.ListDirtyShardsAsync(Ct));
    }

    [Fact]
    public async Task What_is_indexed_is_never_lowered_and_survives_a_write()
    {
        await using var host = await StartAsync();
        await host.Table.PutAsync(Row("a"));
        await host.Table.PutAsync(Row("a", 2));
        await host.Table.MarkIndexedAsync([(Row("a").Key, 2)], Ct);
        await host.Table.MarkIndexedAsync([(Row("a").Key, 1)], Ct);
        await host.Table.PutAsync(Row("a", 3) with { IndexedRevision = 3 });
        var row = await host.Table.ReadAsync(Row("a").Key, Ct);
        Assert.Equal((3, 2), (row!.Revision, row.IndexedRevision));
        Assert.Single(await host.Table.ReadDirtyAsync(row.Key.Shard, 10, Ct));
    }

    [Fact]
    public async Task A_new_row_is_dirty_whatever_it_says_of_itself()
    {
        await using var host = await StartAsync();
        await host.Table.PutAsync(Row("a") with { IndexedRevision = 1 });
        await host.Table.InsertManyAsync([(Row("b") with { IndexedRevision = 1 }, Created)], Ct);
        Assert.Equal(0, (await host.Table.ReadAsync(Row("a").Key, Ct))!.IndexedRevision);
        Assert.Equal(0, (await host.Table.ReadAsync(Row("b").Key, Ct))!.IndexedRevision);
    }

    [Fact]
    public async Task A_late_word_of_a_row_that_is_gone_says_nothing_of_its_successor()
    {
        await using var host = await StartAsync();
        await host.Table.PutAsync(Row("a", status: ItemStatus.Purged));
        await host.Table.MarkIndexedAsync([(Row("a").Key, 1)], Ct);
        Assert.Null(await host.Table.ReadAsync(Row("a").Key, Ct));
        await host.Table.PutAsync(Row("a"));
        await host.Table.MarkIndexedAsync([(Row("a").Key, 7)], Ct);
        Assert.Single(await host.Table.ReadDirtyAsync(Row("a").Key.Shard, 10, Ct));
    }

    [Fact]
    public async Task A_purged_row_goes_when_it_is_indexed_and_no_upload_is_open()
    {
        await using var host = await StartAsync();
        var row = Row("a", status: ItemStatus.Purged) with { UploadDeadline = Noon };
        await host.Table.PutAsync(row);
        await host.Table.MarkIndexedAsync([(row.Key, 1)], Ct);
        Assert.NotNull(await host.Table.ReadAsync(row.Key, Ct));

        await host.Table.PutAsync(row with { Revision = 2, UploadDeadline = null });
        Assert.NotNull(await host.Table.ReadAsync(row.Key, Ct));
        await host.Table.MarkIndexedAsync([(row.Key, 1)], Ct);
        Assert.NotNull(await host.Table.ReadAsync(row.Key, Ct));
        await host.Table.MarkIndexedAsync([(row.Key, 2), (Row("never-there").Key, 1)], Ct);
        Assert.Null(await host.Table.ReadAsync(row.Key, Ct));
        Assert.Equal(2, (await host.Table.AllChangesAsync(Pets)).Count);
    }

    /// <summary>Who pushed to one index cannot make a row clean for another, and not while all rows are being made dirty either.</summary>
    [Fact]
    public async Task A_row_is_clean_only_for_the_index_that_is_filled()
    {
        await using var host = await StartAsync();
        await host.Table.PutAsync(Row("a"));
        Assert.False(await host.Table.MarkIndexedAsync([(Row("a").Key, 1)], "first", Ct));
        Assert.False(await host.Table.NoteIndexGenerationAsync("first", "second", Ct));
        await host.Table.MarkAllDirtyAsync("first", Ct);
        Assert.True(await host.Table.NoteIndexGenerationAsync("first", "second", Ct));
        Assert.False(await host.Table.NoteIndexGenerationAsync("first", "third", Ct));
        await host.ReopenAsync();
        Assert.Equal("second", await host.Table.ReadIndexGenerationAsync(Ct));
        Assert.False(await host.Table.MarkIndexedAsync([(Row("a").Key, 1)], "first", Ct));
        Assert.Equal(0, (await host.Table.ReadAsync(Row("a").Key, Ct))!.IndexedRevision);
        Assert.True(await host.Table.MarkIndexedAsync([(Row("a").Key, 1)], "second", Ct));
        Assert.Empty(await host.Table.ListDirtyShardsAsync(Ct));
        // Another note leaves rows as they are.
        Assert.True(await host.Table.NoteIndexGenerationAsync("second", "third", Ct));
        Assert.Empty(await host.Table.ListDirtyShardsAsync(Ct));
    }

    [Fact]
    public async Task Datasets_with_rows_are_listed()
    {
        await using var host = await StartAsync();
        Assert.Empty(await host.Table.ListDatasetsAsync(Ct));
        DatasetKey[] datasets = [new("b", "pets"), new("a-b", "x"), new("a", "zoo"), new("a", "pets")];
        foreach (var dataset in datasets) await host.Table.PutAsync(Row("p") with { Key = new(dataset, ItemId.FromPath("p")) });
        Assert.Equal(datasets.OrderBy(d => d.ToString(), StringComparer.Ordinal), await host.Table.ListDatasetsAsync(Ct));
        await host.Table.RemoveDatasetAsync(new("a", "zoo"), Noon, Ct);
        await host.ReopenAsync();
        Assert.Equal(3, (await host.Table.ListDatasetsAsync(Ct)).Count);
    }

    [Fact]
    public async Task Everything_can_be_made_dirty_again()
    {
        await using var host = await StartAsync();
        var rows = Enumerable.Range(0, 100).Select(n => Row($"p{n}")).ToList();
        await host.Table.InsertManyAsync([.. rows.Select(row => (row, Created))], Ct);
        await host.Table.MarkIndexedAsync([.. rows.Select(row => (row.Key, 1L))], Ct);
        Assert.Empty(await host.Table.ListDirtyShardsAsync(Ct));
        Assert.Null(await host.Table.ReadIndexGenerationAsync(Ct));
        await host.Table.MarkAllDirtyAsync("first", Ct);
        await host.Table.MarkAllDirtyAsync("second", Ct);
        await host.ReopenAsync();
        Assert.Equal("second", await host.Table.ReadIndexGenerationAsync(Ct));
        var shards = await host.Table.ListDirtyShardsAsync(Ct);
        Assert.Equal(rows.Select(row => row.Key.Shard).ToHashSet(), shards.ToHashSet());
        var dirty = 0;
        foreach (var shard in shards) dirty += (await host.Table.ReadDirtyAsync(shard, 1000, Ct)).Count;
        Assert.Equal(100, dirty);
    }

    [Fact]
    public async Task Shards_with_a_deadline_or_a_trash_are_listed_whether_they_are_indexed_or_not()
    {
        await using var host = await StartAsync();
        await host.Table.PutAsync(Row(PathInShard(2)) with { UploadDeadline = Noon });
        await host.Table.PutAsync(Row(PathInShard(2, 1)) with { UploadDeadline = Noon });
        await host.Table.PutAsync(Row(PathInShard(5), status: ItemStatus.Trashed));
        await host.Table.PutAsync(Row(PathInShard(7)));
        await host.Table.MarkIndexedAsync([(Row(PathInShard(2)).Key, 1), (Row(PathInShard(2, 1)).Key, 1), (Row(PathInShard(5)).Key, 1)], Ct);
        Assert.Equal([2, 5], (await host.Table.ListWatchedShardsAsync(Ct)).Select(s => s.Shard).Order());
    }

    [Fact]
    public async Task Overdue_uploads_come_earliest_first()
    {
        await using var host = await StartAsync();
        for (var n = 0; n < 4; n++) await host.Table.PutAsync(Row(PathInShard(2, n)) with { UploadDeadline = Noon.AddMinutes(10 - n) });
        await host.Table.PutAsync(Row(PathInShard(2, 4)));
        await host.Table.PutAsync(Row(PathInShard(3)) with { UploadDeadline = Noon });
        var shard = new ShardKey(Pets, 2);
        Assert.Equal([PathInShard(2, 3), PathInShard(2, 2)],
            (await host.Table.ReadOverdueAsync(shard, Noon.AddMinutes(9), 10, Ct)).Select(row => row.Path));
        Assert.Equal([PathInShard(2, 3)], (await host.Table.ReadOverdueAsync(shard, Noon.AddMinutes(20), 1, Ct)).Select(row => row.Path));
        await host.Table.PutAsync(Row(PathInShard(2, 3), 2));
        Assert.Equal([PathInShard(2, 2)], (await host.Table.ReadOverdueAsync(shard, Noon.AddMinutes(9), 10, Ct)).Select(row => row.Path));
    }

    [Fact]
    public async Task What_is_in_the_trash_comes_oldest_first()
    {
        await using var host = await StartAsync();
        for (var n = 0; n < 4; n++) await host.Table.PutAsync(Row(PathInShard(2, n), status: ItemStatus.Trashed) with { UpdatedAt = Noon.AddDays(-n) });
        await host.Table.PutAsync(Row(PathInShard(2, 4), status: ItemStatus.Available) with { UpdatedAt = Noon.AddDays(-9) });
        await host.Table.PutAsync(Row(PathInShard(3), status: ItemStatus.Trashed) with { UpdatedAt = Noon.AddDays(-9) });
        await host.ReopenAsync();
        var shard = new ShardKey(Pets, 2);
        Assert.Equal([PathInShard(2, 3), PathInShard(2, 2)], (await host.Table.ReadTrashedAsync(shard, Noon.AddDays(-1), 10, Ct)).Select(row => row.Path));
        Assert.Equal([PathInShard(2, 3)], (await host.Table.ReadTrashedAsync(shard, DateTimeOffset.MaxValue, 1, Ct)).Select(row => row.Path));
        await host.Table.PutAsync(Row(PathInShard(2, 3), 2, ItemStatus.Available) with { UpdatedAt = Noon.AddDays(-3) });
        Assert.Equal([PathInShard(2, 2)], (await host.Table.ReadTrashedAsync(shard, Noon.AddDays(-1), 10, Ct)).Select(row => row.Path));
        Assert.Empty(await host.Table.ReadTrashedAsync(new(new("default", "none"), 2), DateTimeOffset.MaxValue, 10, Ct));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_purged_row_that_is_not_watched_any_more_goes_once_the_index_has_it_and_tells_no_change(bool indexedFirst)
    {
        await using var host = await StartAsync();
        var row = Row("a", status: ItemStatus.Purged) with { UploadDeadline = Noon };
        await host.Table.PutAsync(row);
        if (indexedFirst) await host.Table.MarkIndexedAsync([(row.Key, 1)], Ct);
        await host.Table.EndWatchAsync(row with { UploadDeadline = null }, Ct);
        await host.ReopenAsync();
        Assert.Empty(await host.Table.ReadOverdueAsync(row.Key.Shard, DateTimeOffset.MaxValue, 10, Ct));
        Assert.Equal(indexedFirst, await host.Table.ReadAsync(row.Key, Ct) is null);
        await host.Table.MarkIndexedAsync([(row.Key, 1)], Ct);
        Assert.Null(await host.Table.ReadAsync(row.Key, Ct));
        await host.Table.EndWatchAsync(row with { UploadDeadline = null }, Ct);
        Assert.Single(await host.Table.AllChangesAsync(Pets));
    }

    [Fact]
    public async Task A_row_that_is_not_watched_any_more_stays_as_it_is_for_whoever_reads_and_tells_no_change()
    {
        await using var host = await StartAsync();
        var row = Row("a", status: ItemStatus.Failed) with { UploadDeadline = Noon };
        await host.Table.PutAsync(row);
        await host.Table.MarkIndexedAsync([(row.Key, 1)], Ct);
        await host.Table.EndWatchAsync(row with { UploadDeadline = null, Body = "{\"path\":\"b\"}"u8.ToArray() }, Ct);
        await host.ReopenAsync();
        var ended = (await host.Table.ReadAsync(row.Key, Ct))!;
        Assert.Equal((ItemStatus.Failed, 1, 1, null), (ended.Status, ended.Revision, ended.IndexedRevision, ended.UploadDeadline));
        Assert.Equal("{\"path\":\"b\"}"u8.ToArray(), ended.Body);
        Assert.Empty(await host.Table.ReadOverdueAsync(row.Key.Shard, DateTimeOffset.MaxValue, 10, Ct));
        Assert.Empty(await host.Table.ListDirtyShardsAsync(Ct));
        Assert.Single(await host.Table.AllChangesAsync(Pets));
        await host.Table.PutAsync(row with { Revision = 2 });
    }

    [Theory]
    [InlineData(ItemStatus.Purged, 1)]
    [InlineData(ItemStatus.Purged, 3)]
    [InlineData(ItemStatus.Pending, 2)]
    public async Task The_watch_over_a_row_of_another_revision_or_status_is_not_ended(ItemStatus status, long revision)
    {
        await using var host = await StartAsync();
        await host.Table.PutAsync(Row("a", status: ItemStatus.Purged));
        var row = Row("a", 2, ItemStatus.Purged) with { UploadDeadline = Noon };
        await host.Table.PutAsync(row);
        await host.Table.MarkIndexedAsync([(row.Key, 2)], Ct);
        await Assert.ThrowsAsync<InconsistentStateException>(() => host.Table.EndWatchAsync(Row("a", revision, status), Ct));
        Assert.Equal(Noon, (await host.Table.ReadAsync(row.Key, Ct))!.UploadDeadline);
        await Assert.ThrowsAsync<ArgumentException>(() => host.Table.EndWatchAsync(row, Ct));
    }
}
