using Edna.Changes;
using Edna.Keys;
using Xunit;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Compliance.Items;

/// <summary>This part: the feed of changes.</summary>
public abstract partial class ItemTableCompliance
{
    [Fact]
    public async Task A_change_tells_what_was_written()
    {
        await using var host = await StartAsync();
        await host.Table.PutAsync(Row("a"));
        await host.Table.PutAsync(Row("a", 2), new(ChangeKind.Tagged, Noon.AddTicks(5), "böb"));
        var change = (await host.Table.AllChangesAsync(Pets))[^1];
        Assert.Equal((ItemId.FromPath("a"), "a", ChangeKind.Tagged, 2, Noon.AddTicks(5), "böb"),
            (change.Item, change.Path, change.Kind, change.Revision, change.At, change.By));
    }

    [Fact]
    public async Task Every_write_is_told_once_in_order_also_across_restarts()
    {
        await using var host = await StartAsync();
        var revisions = new long[30];
        var random = new Random(7);
        string? middle = null;
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 60; i++)
            {
                var n = random.Next(revisions.Length);
                await host.Table.PutAsync(Row($"p{n}", ++revisions[n]));
            }
            if (round == 1) middle = (await host.Table.AllChangesAsync(Pets))[^1].Cursor;
            await host.ReopenAsync();
        }
        var changes = await host.Table.AllChangesAsync(Pets);
        Assert.Equal(180, changes.Count);
        Assert.Equal(changes.Select(change => change.Cursor).Distinct().Order(StringComparer.Ordinal), changes.Select(change => change.Cursor));
        foreach (var item in changes.GroupBy(change => change.Path))
            Assert.Equal(Enumerable.Range(1, item.Count()).Select(n => (long)n), item.Select(change => change.Revision));
        Assert.Equal(changes[120..], await host.Table.AllChangesAsync(Pets, middle));
    }

    /// <summary>Such as one of a table that was put back to an earlier time: what its reader was told is not so any more.</summary>
    [Fact]
    public async Task A_cursor_from_beyond_the_end_is_refused()
    {
        await using var host = await StartAsync();
        await host.Table.PutAsync(Row("a"));
        Assert.Null(await host.Table.ReadChangesAsync(Pets, "7fffffffffffffff", 10, Ct));
        Assert.Null(await host.Table.FollowAsync(Row("a").Key.Shard, "7fffffffffffffff", 10, Ct));
    }

    [Fact]
    public async Task A_reader_who_follows_while_others_write_misses_nothing()
    {
        await using var host = await StartAsync();
        var writers = Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var n = 0; n < 40; n++) await host.Table.PutAsync(Row($"w{writer}/{n}"));
        }));
        var (read, since) = (new List<string>(), (string?)null);
        for (var last = false; ;)
        {
            var done = writers.IsCompleted;
            var page = (await host.Table.ReadChangesAsync(Pets, since, 9, Ct))!;
            read.AddRange(page.Changes.Select(change => change.Path));
            since = page.NextCursor;
            if (last && page.Changes.Count == 0) break;
            last = done && page.Changes.Count == 0;
        }
        await writers;
        Assert.Equal(320, read.Distinct().Count());
        Assert.Equal(320, read.Count);
    }

    [Fact]
    public async Task The_end_of_the_feed_has_a_cursor_to_go_on_from()
    {
        await using var host = await StartAsync();
        var empty = (await host.Table.ReadChangesAsync(Pets, null, 10, Ct))!;
        Assert.Empty(empty.Changes);
        await host.Table.PutAsync(Row("a"));
        Assert.Equal("a", Assert.Single((await host.Table.ReadChangesAsync(Pets, empty.NextCursor, 10, Ct))!.Changes).Path);
        var end = (await host.Table.ReadChangesAsync(Pets, (await host.Table.AllChangesAsync(Pets))[^1].Cursor, 10, Ct))!;
        Assert.Empty(end.Changes);
        await host.Table.PutAsync(Row("b"));
        Assert.Equal("b", Assert.Single((await host.Table.ReadChangesAsync(Pets, end.NextCursor, 10, Ct))!.Changes).Path);
    }

    [Fact]
    public async Task The_end_of_a_datasets_changes_lies_between_what_was_written_and_what_comes()
    {
        await using var host = await StartAsync();
        Assert.Empty((await host.Table.ReadChangesAsync(Pets, await host.Table.EndOfChangesAsync(Pets, Ct), 10, Ct))!.Changes);
        await host.Table.PutAsync(Row("a"));
        var end = await host.Table.EndOfChangesAsync(Pets, Ct);
        await host.ReopenAsync();
        Assert.Empty((await host.Table.ReadChangesAsync(Pets, end, 10, Ct))!.Changes);
        await host.Table.PutAsync(Row("b"));
        Assert.Equal("b", Assert.Single((await host.Table.ReadChangesAsync(Pets, end, 10, Ct))!.Changes).Path);
        Assert.True(string.CompareOrdinal(end, await host.Table.EndOfChangesAsync(Pets, Ct)) < 0);
    }

    [Fact]
    public async Task Following_a_shard_starts_at_the_newest_and_tells_of_that_shard_alone()
    {
        await using var host = await StartAsync();
        await host.Table.PutAsync(Row(PathInShard(3)));
        var shard = new ShardKey(Pets, 3);
        var start = (await host.Table.FollowAsync(shard, null, 10, Ct))!;
        Assert.Empty(start.Changes);
        await host.Table.PutAsync(Row(PathInShard(4)));
        await host.Table.PutAsync(Row(PathInShard(3), 2));
        await host.Table.PutAsync(Row(PathInShard(3, 1)));
        var page = (await host.Table.FollowAsync(shard, start.NextCursor, 1, Ct))!;
        Assert.Equal([(PathInShard(3), 2L)], page.Changes.Select(change => (change.Path, change.Revision)));
        page = (await host.Table.FollowAsync(shard, page.NextCursor, 10, Ct))!;
        Assert.Equal([PathInShard(3, 1)], page.Changes.Select(change => change.Path));
        Assert.Empty((await host.Table.FollowAsync(shard, page.NextCursor, 10, Ct))!.Changes);
        Assert.Empty((await host.Table.FollowAsync(new(new("default", "never-there"), 0), start.NextCursor, 10, Ct))!.Changes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("'; DROP TABLE item; --")]
    public async Task A_foreign_cursor_of_the_feed_is_told(string cursor)
    {
        await using var host = await StartAsync();
        await host.Table.PutAsync(Row("a"));
        await Assert.ThrowsAsync<FormatException>(() => host.Table.ReadChangesAsync(Pets, cursor, 10, Ct).AsTask());
        await Assert.ThrowsAsync<FormatException>(() => host.Table.FollowAsync(new(Pets, 1), cursor, 10, Ct).AsTask());
    }
}
