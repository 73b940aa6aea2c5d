using Edna.Items;
using Edna.Keys;
using Edna.Search;
using Xunit;

namespace Edna.Grains.Tests.Search;

/// <summary>Rows that the index takes later are passed by for longer each time, and are never forgotten before they are tried again.</summary>
public sealed class PostponedRowsTests
{
    private static readonly DatasetKey s_pets = new("default", "pets");

    [Fact]
    public void A_row_is_passed_by_for_longer_each_time_until_it_is_taken()
    {
        var (clock, told) = (new SteppedTime(), new List<ShardKey>());
        using var postponed = new PostponedRows(clock, told.Add);
        var (row, seconds) = (Row("a", 1), new List<int>());
        for (var n = 0; n < 7; n++)
        {
            postponed.Add([Push(row)]);
            var waited = 0;
            for (; postponed.Holds(row); waited++) clock.Step(TimeSpan.FromSeconds(1));
            seconds.Add(waited);
            Assert.Equal(n + 1, told.Count);
            Assert.All(told, shard => Assert.Equal(row.Key.Shard, shard));
        }
        Assert.Equal([1, 2, 4, 8, 15, 15, 15], seconds);
        postponed.Remove([row.Key]);
        postponed.Add([Push(row)]);
        clock.Step(TimeSpan.FromSeconds(1));
        Assert.False(postponed.Holds(row));
    }

    [Fact]
    public void A_row_that_is_written_again_is_tried_at_once()
    {
        using var postponed = new PostponedRows(new SteppedTime(), _ => { });
        postponed.Add([Push(Row("a", 1))]);
        Assert.True(postponed.Holds(Row("a", 1)));
        Assert.False(postponed.Holds(Row("a", 2)));
        Assert.False(postponed.Holds(Row("b", 1)));
    }

    /// <summary>More rows of a shard than are noted one by one: what counts is that its shard is told of again.</summary>
    [Fact]
    public void However_many_rows_a_shard_has_so_many_are_noted_and_it_is_told_of_again()
    {
        var (clock, told) = (new SteppedTime(), new List<ShardKey>());
        using var postponed = new PostponedRows(clock, told.Add);
        var shard = Row("p0", 1).Key.Shard;
        var rows = Enumerable.Range(0, int.MaxValue).Select(n => Row($"p{n}", 1)).Where(r => r.Key.Shard == shard).Take(PostponedRows.MostOfAShard + 200).ToList();
        postponed.Add(rows.Select(Push));
        Assert.Equal((PostponedRows.MostOfAShard, PostponedRows.MostOfAShard), (postponed.Count, postponed.CountOf(shard)));
        clock.Step(TimeSpan.FromSeconds(1));
        Assert.Equal([shard], told);
        Assert.Equal(0, postponed.CountOf(shard));
        // Those that nobody tries again, for they went meanwhile, take no other row's place.
        postponed.Add([Push(rows[^1])]);
        Assert.True(postponed.Holds(rows[^1]));
        clock.Step(TimeSpan.FromSeconds(1));
        Assert.Equal([shard, shard], told);
    }

    /// <summary>A row that went with its dataset is told of once, and then it is as if it had never been tried.</summary>
    [Fact]
    public void Rows_that_nobody_comes_back_to_are_forgotten()
    {
        var (clock, told) = (new SteppedTime(), new List<ShardKey>());
        using var postponed = new PostponedRows(clock, told.Add);
        for (var n = 0; n < 4; n++)
        {
            postponed.Add([Push(Row("a", 1))]);
            clock.Step(TimeSpan.FromSeconds(15));
        }
        clock.Step(TimeSpan.FromMinutes(2));
        Assert.Equal(4, told.Count);
        Assert.False(clock.IsArmed);
        postponed.Add([Push(Row("a", 1))]);
        clock.Step(TimeSpan.FromSeconds(1));
        Assert.Equal(5, told.Count);
    }

    private static RefusedPush Push(ItemRow row) => new(row.Key, row.Revision, "removed moments ago", RefusalKind.NotYet);

    private static ItemRow Row(string path, long revision) => new()
    {
        Key = new(s_pets, ItemId.FromPath(path)), Path = path, Status = ItemStatus.Available, Revision = revision, UpdatedAt = DateTimeOffset.UnixEpoch, Body = [],
    };

    /// <summary>A clock with one timer, which goes off as time is put forward past it.</summary>
    private sealed class SteppedTime : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;
        private DateTimeOffset? _rings;
        private TimerCallback _ring = _ => { };

        public bool IsArmed => _rings is not null;

        public override DateTimeOffset GetUtcNow() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _ring = callback;
            return new Alarm(this);
        }

        public void Step(TimeSpan step)
        {
            var end = _now + step;
            while (_rings is { } at && at <= end)
            {
                (_now, _rings) = (at, null);
                _ring(null);
            }
            _now = end;
        }

        private sealed class Alarm(SteppedTime clock) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                clock._rings = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
                return true;
            }

            public void Dispose() => clock._rings = null;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
