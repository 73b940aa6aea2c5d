using Edna.Changes;
using Edna.Items;
using Edna.Keys;
using Xunit;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Compliance.Items;

/// <summary>This part: changes that are forgotten.</summary>
public abstract partial class ItemTableCompliance
{
    [Fact]
    public async Task What_is_trimmed_ends_exactly_where_the_feed_says_also_after_a_restart()
    {
        await using var host = await StartAsync();
        await PutMinutesAsync(host.Table, 0, 10);
        var all = await host.Table.AllChangesAsync(Pets);
        var nothing = await host.Table.StartOfChangesAsync(Pets, Ct);
        Assert.Equal(all, await host.Table.AllChangesAsync(Pets, nothing));
        Assert.Equal(4, await host.Table.TrimChangesAsync(Pets, Noon.AddMinutes(4), 100, Ct));
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(all[3].Cursor, await host.Table.StartOfChangesAsync(Pets, Ct));
            Assert.Equal(all[4..], await host.Table.AllChangesAsync(Pets));
            Assert.Equal(all[4..], await host.Table.AllChangesAsync(Pets, all[3].Cursor));
            Assert.Equal(all[6..], await host.Table.AllChangesAsync(Pets, all[5].Cursor));
            Assert.Null(await host.Table.ReadChangesAsync(Pets, all[2].Cursor, 100, Ct));
            Assert.Null(await host.Table.ReadChangesAsync(Pets, nothing, 100, Ct));
            await host.ReopenAsync();
        }
        Assert.Equal(0, await host.Table.TrimChangesAsync(Pets, Noon.AddMinutes(4), 100, Ct));
        Assert.Equal(all[3].Cursor, await host.Table.StartOfChangesAsync(Pets, Ct));
    }

    [Fact]
    public async Task One_trimming_forgets_no_more_than_asked_and_nothing_behind_a_younger_change()
    {
        await using var host = await StartAsync();
        await PutMinutesAsync(host.Table, 0, 5);
        await host.Table.PutAsync(Row("fast clock"), new(ChangeKind.Created, Noon.AddHours(2), "ann"));
        await PutMinutesAsync(host.Table, 5, 3);
        var all = await host.Table.AllChangesAsync(Pets);
        Assert.Equal(3, await host.Table.TrimChangesAsync(Pets, Noon.AddHours(1), 3, Ct));
        Assert.Equal(all[3..], await host.Table.AllChangesAsync(Pets));
        Assert.Equal(2, await host.Table.TrimChangesAsync(Pets, Noon.AddHours(1), 3, Ct));
        Assert.Equal(0, await host.Table.TrimChangesAsync(Pets, Noon.AddHours(1), 3, Ct));
        Assert.Equal(all[5..], await host.Table.AllChangesAsync(Pets));
        Assert.Equal(3, await host.Table.TrimChangesAsync(Pets, Noon.AddHours(3), 3, Ct));
        Assert.Equal(all[8..], await host.Table.AllChangesAsync(Pets));
    }

    [Fact]
    public async Task Where_everything_is_forgotten_whoever_has_read_it_goes_on_without_a_gap()
    {
        await using var host = await StartAsync();
        await PutMinutesAsync(host.Table, 0, 3);
        var (last, end) = ((await host.Table.AllChangesAsync(Pets))[^1].Cursor, await host.Table.EndOfChangesAsync(Pets, Ct));
        Assert.Equal(3, await host.Table.TrimChangesAsync(Pets, Noon.AddDays(1), 100, Ct));
        await host.ReopenAsync();
        var fresh = (await host.Table.ReadChangesAsync(Pets, null, 10, Ct))!;
        Assert.Empty(fresh.Changes);
        await host.Table.PutAsync(Row("next"));
        foreach (var since in new[] { last, end, fresh.NextCursor, null })
            Assert.Equal(["next"], (await host.Table.AllChangesAsync(Pets, since)).Select(change => change.Path));
    }

    [Fact]
    public async Task Only_feeds_that_have_old_changes_are_listed_and_each_is_trimmed_alone()
    {
        await using var host = await StartAsync();
        var (other, young) = (new DatasetKey("default", "others"), new DatasetKey("default", "young"));
        await PutMinutesAsync(host.Table, 0, 3);
        await host.Table.PutAsync(Row("a", dataset: other));
        await host.Table.PutAsync(Row("a", dataset: young), new(ChangeKind.Created, Noon.AddDays(1), "ann"));
        Assert.Equal(new HashSet<DatasetKey> { Pets, other }, [.. await host.Table.ListToTrimAsync(Noon.AddHours(1), Ct)]);
        Assert.Empty(await host.Table.ListToTrimAsync(Noon, Ct));
        Assert.Equal(3, await host.Table.TrimChangesAsync(Pets, Noon.AddHours(1), 100, Ct));
        Assert.Equal([other], await host.Table.ListToTrimAsync(Noon.AddHours(1), Ct));
        Assert.Single(await host.Table.AllChangesAsync(other));
        Assert.Equal(0, await host.Table.TrimChangesAsync(new("default", "never-there"), Noon.AddDays(9), 100, Ct));
    }

    [Fact]
    public async Task Who_follows_a_shard_is_told_as_well_that_changes_are_gone()
    {
        await using var host = await StartAsync();
        var shard = new ShardKey(Pets, 3);
        var start = (await host.Table.FollowAsync(shard, null, 10, Ct))!;
        await host.Table.PutAsync(Row(PathInShard(3)));
        await host.Table.PutAsync(Row(PathInShard(3, 1)));
        var (first, all) = ((await host.Table.FollowAsync(shard, start.NextCursor, 1, Ct))!, await host.Table.AllChangesAsync(Pets));
        Assert.Equal(1, await host.Table.TrimChangesAsync(Pets, Noon.AddHours(1), 1, Ct));
        Assert.Null(await host.Table.FollowAsync(shard, start.NextCursor, 10, Ct));
        Assert.Equal(all[1..], (await host.Table.FollowAsync(shard, first.NextCursor, 10, Ct))!.Changes);
    }

    [Fact]
    public async Task A_reader_of_a_dataset_that_was_removed_and_made_again_is_told_that_changes_are_gone()
    {
        await using var host = await StartAsync();
        await PutMinutesAsync(host.Table, 0, 3);
        var all = await host.Table.AllChangesAsync(Pets);
        await host.Table.RemoveDatasetAsync(Pets, DateTimeOffset.UnixEpoch, Ct);
        await host.Table.PutAsync(Row("again"));
        Assert.Null(await host.Table.ReadChangesAsync(Pets, all[1].Cursor, 10, Ct));
        Assert.Equal(["again"], (await host.Table.AllChangesAsync(Pets, all[2].Cursor)).Select(change => change.Path));
    }

    [Fact]
    public async Task A_reader_while_changes_are_forgotten_misses_none_without_being_told()
    {
        await using var host = await StartAsync();
        await host.Table.InsertManyAsync([.. Enumerable.Range(0, Rounds(1_000)).Select(n => (Row($"p{n}"), Created))], Ct);
        var all = await host.Table.AllChangesAsync(Pets, limit: 1_000);
        var trimming = Task.Run(async () =>
        {
            while (await host.Table.TrimChangesAsync(Pets, Noon.AddHours(1), 2, Ct) > 0)
            {
                // Two more.
            }
        }, Ct);
        var read = 0;
        while (!trimming.IsCompleted)
        {
            // What comes next is what goes next.
            var since = await host.Table.StartOfChangesAsync(Pets, Ct);
            var at = all.FindIndex(change => change.Cursor == since) + 1;
            if (await host.Table.ReadChangesAsync(Pets, since, 5, Ct) is not { } page) continue;
            Assert.Equal(all[at..Math.Min(at + 5, all.Count)], page.Changes);
            read++;
        }
        await trimming;
        Assert.InRange(read, Rounds(100), int.MaxValue);
        Assert.Empty(await host.Table.AllChangesAsync(Pets));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_is_written_and_trimmed_a_cursor_is_answered_as_if_the_feed_were_a_list(int seed)
    {
        await using var host = await StartAsync();
        var random = new Random(seed);
        var (all, gone, revision) = (new List<ItemChange>(), 0, 0L);
        for (var step = 0; step < 30 + Rounds(120); step++)
        {
            if (random.Next(3) > 0)
            {
                // Clocks that differ by up to a quarter of an hour.
                await host.Table.PutAsync(Row("a", ++revision), new(ChangeKind.Tagged, Noon.AddMinutes(step + random.Next(15)), "ann"));
                all.Add((await host.Table.AllChangesAsync(Pets))[^1]);
            }
            else
            {
                var (before, limit) = (Noon.AddMinutes(step - random.Next(30)), random.Next(1, 12));
                var expected = 0;
                while (expected < limit && gone + expected < all.Count && all[gone + expected].At < before) expected++;
                Assert.Equal(expected, await host.Table.TrimChangesAsync(Pets, before, limit, Ct));
                gone += expected;
            }
            if (random.Next(40) == 0) await host.ReopenAsync();
            if (all.Count == 0) continue;
            var at = random.Next(all.Count);
            var page = await host.Table.ReadChangesAsync(Pets, all[at].Cursor, 1_000, Ct);
            Assert.Equal(at + 1 < gone ? null : all[(at + 1)..], page?.Changes);
            Assert.Equal(all[gone..], await host.Table.AllChangesAsync(Pets));
            if (gone > 0) Assert.Equal(all[gone - 1].Cursor, await host.Table.StartOfChangesAsync(Pets, Ct));
        }
        Assert.True(gone > 10, $"Only {gone} were forgotten.");
    }

    /// <summary>Writes new items, each with a change a minute after the one before.</summary>
    private static async Task PutMinutesAsync(IItemTable table, int first, int count)
    {
        for (var minute = first; minute < first + count; minute++)
            await table.PutAsync(Row($"minute {minute}"), new(ChangeKind.Created, Noon.AddMinutes(minute), "ann"));
    }
}
