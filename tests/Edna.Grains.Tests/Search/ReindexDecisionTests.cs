using CsCheck;
using Edna.Items;
using Edna.Keys;
using Edna.Search;
using Xunit;

namespace Edna.Grains.Tests.Search;

public sealed class ReindexDecisionTests
{
    private static readonly Gen<string> Generation = Gen.OneOf(Gen.Const("old"), Gen.Const("new"), Gen.Const("other"));

    private static readonly Gen<string?> Noted =
        Gen.Select(Generation, Generation.Null(), (serving, next) => new IndexTargets(serving, next).ToString()).Null();

    /// <summary>
    /// Silos that index, writers, a reindex that is killed or cancelled or whose push fails half-way, and an operator who removes the index in
    /// use, in any order of their steps: in the end there is one index, which is the table item by item, and nothing that was removed is in it.
    /// </summary>
    [Fact]
    public void Whatever_happens_in_between_the_index_is_the_table_in_the_end()
    {
        var (switched, given) = (0, 0);
        // Steps of the reindex and the silos come often, kills and faults less so, cancellations and the removal of the index seldom.
        var what = Gen.Frequency(
            (24, Gen.Int[0, 3]), (6, Gen.Const(4)), (1, Gen.Int[5, 6]), (4, Gen.Const(7)), (24, Gen.Const(8)), (4, Gen.Const(9)), (1, Gen.Const(10)), (3, Gen.Const(11)));
        Gen.Select(what, Gen.Int[0, ReindexWorld.Items - 1], Gen.Int[1, 12]).Array[0, 120].Sample(steps =>
        {
            var world = new ReindexWorld();
            for (var item = 0; item < ReindexWorld.Items; item += 2) world.Step(2, item);
            // One of them may get far while the others wait.
            foreach (var (step, item, times) in steps)
                for (var n = 0; n < (step is 0 or 1 or 8 ? times : 1); n++) world.Step(step, item);
            world.Settle();
            Interlocked.Increment(ref world.HasSwitched ? ref switched : ref given);
            Assert.Null(world.Fault());
        }, iter: 4_000);
        Assert.True(switched > 1_000 && given > 100, $"{switched} came into use and {given} were given up: one of the two is hardly tried.");
    }

    /// <summary>
    /// An item is purged, and its row is gone, while its document is on its way; and the reindex is killed before it looks at the row again. Each
    /// place for the one and for the other is tried.
    /// </summary>
    [Fact]
    public void A_page_that_is_begun_again_brings_no_purged_item_back()
    {
        for (var toPurge = 0; toPurge < 20; toPurge++)
            for (var toKill = 0; toKill < 10; toKill++)
            {
                var world = new ReindexWorld();
                world.Step(2, 0);
                for (var n = 0; n < 10; n++) world.Step(0, 0);
                for (var n = 0; n < toPurge; n++) world.Step(8, 0);
                world.Step(3, 0);
                for (var n = 0; n < 10; n++) world.Step(0, 0);
                for (var n = 0; n < toKill; n++) world.Step(8, 0);
                world.Step(4, 0);
                world.Settle();
                Assert.True(world.Fault() is null, $"Purged after {toPurge} steps and killed {toKill} later: {world.Fault()}");
            }
    }

    /// <summary>
    /// An item is purged with its page in hand, the server forgets it, and it begins anew, while the reindex is down: what the reindex has removed then is
    /// the new document, whose row is clean.
    /// </summary>
    [Fact]
    public void An_item_that_began_anew_while_the_reindex_was_down_is_not_lost()
    {
        for (var toPurge = 0; toPurge < 20; toPurge++)
            for (var toForget = 0; toForget < 3; toForget++)
            {
                var world = new ReindexWorld();
                for (var n = 0; n < 2; n++) world.Step(2, 0);
                for (var n = 0; n < 10; n++) world.Step(0, 0);
                for (var n = 0; n < toPurge; n++) world.Step(8, 0);
                world.Step(4, 0);
                world.Step(3, 0);
                for (var n = 0; n < 10; n++) world.Step(0, 0);
                if (toForget > 0) world.Step(11, 0);
                world.Step(2, 0);
                for (var n = 0; n < 10; n++) world.Step(0, 0);
                if (toForget > 1) world.Step(11, 0);
                world.Settle();
                Assert.True(world.Fault() is null, $"Purged after {toPurge} steps, forgotten {toForget} times: {world.Fault()}");
            }
    }

    [Fact]
    public void It_goes_on_only_while_every_push_goes_to_both() => Noted.Sample(noted =>
        Assert.Equal(noted == "old>new" ? ReindexMove.GoOn : ReindexMove.Lost, ReindexDecisions.GoOn(noted, "old", "new").Move));

    /// <summary>What is noted covers the index in use, whatever it was before: no push is ever to another one.</summary>
    [Fact]
    public void What_is_noted_covers_what_is_in_use() => Gen.Select(Noted, Generation).Sample((noted, serving) =>
    {
        var opened = ReindexDecisions.Open(noted, serving, "fresh");
        Assert.True(opened.Note is null || IndexTargets.Read(opened.Note).Cover(serving), $"{opened} while {serving} is in use");
        Assert.NotEqual(serving, opened.Move == ReindexMove.DropOther ? opened.Other : null);
        var given = ReindexDecisions.Abandon(noted, serving, "old", "new");
        Assert.False(given.Move is ReindexMove.Back or ReindexMove.Drop && serving == "new", "The index in use would be dropped.");
        if (noted == "old>new" && serving != "other") Assert.Equal(serving, given.Note);
    });

    [Fact]
    public void A_difference_counts_only_beyond_what_was_under_way() => Gen.Select(Gen.Int[0, 50], Gen.Int[0, 50], Gen.Int[0, 50]).Sample((rows, documents, unsettled) =>
        ReindexDecisions.Agrees(rows, documents, unsettled) == (rows <= documents + unsettled && documents <= rows + unsettled));

    [Fact]
    public void A_document_that_is_as_its_row_or_older_needs_no_other_push() => Gen.Select(Gen.Int[1, 5], Gen.Int[0, 3]).Sample((revision, newer) =>
    {
        var item = ItemInHand.Of(Document(revision));
        SearchDocument row = newer == 0 ? Document(revision) : Document(revision + newer, newer);
        Assert.Empty(Left(item, row));
        Assert.Empty(Left(item with { UpdatedAt = null }, null));
        // Unless the index remembers a removal of it: then it is pushed once more, and a newer one is its writer's.
        Assert.Equal(newer == 0 ? [item] : [], ReindexDecisions.Left([item], [row], new HashSet<ItemKey> { item.Key }));
        Assert.True(ReindexDecisions.IsWaitedFor([item], [item], new HashSet<ItemKey> { item.Key }));
        Assert.False(ReindexDecisions.IsWaitedFor([item], [item], new HashSet<ItemKey>()));
        Assert.False(ReindexDecisions.IsWaitedFor([item], [item with { Revision = 9 }], new HashSet<ItemKey> { item.Key }));
    });

    [Fact]
    public void What_is_gone_or_began_anew_is_removed_with_a_version_above_the_one_that_may_be_there() => Gen.Select(Gen.Int[1, 5], Gen.Int[0, 8], Gen.Bool).Sample((revision, now, isPurged) =>
    {
        var item = ItemInHand.Of(Document(revision));
        SearchDocument? row = now == 0 ? null : Document(now, now) with { Status = isPurged ? ItemStatus.Purged : ItemStatus.Available };
        if (row is not null && !isPurged && now > revision) return;
        var left = Assert.Single(Left(item, row));
        Assert.True(left.Removes && left.Revision > revision && left.Revision >= (isPurged ? now : 0), $"{left}");
        Assert.Equal(now > 0 && !isPurged ? [ItemInHand.Of(row!)] : [], Left(left, row));
    });

    /// <summary>After a crash all that is known of the index is what was noted: so nothing else is pushed, whatever the row is by now.</summary>
    [Fact]
    public void Only_what_is_noted_is_pushed() => Gen.Select(Gen.Int[1, 5], Gen.Int[0, 8], Gen.Int[0, 1], Gen.Bool, Gen.Bool).Sample((revision, now, later, isPurged, removes) =>
    {
        var item = ItemInHand.Of(Document(revision));
        if (removes) item = item with { UpdatedAt = null };
        SearchDocument? row = now == 0 ? null : Document(now, later) with { Status = isPurged ? ItemStatus.Purged : ItemStatus.Available };
        var due = ReindexDecisions.Due([item], [row]);
        if (removes) Assert.True(due.Single() is { Status: ItemStatus.Purged } removal && (removal.Key, removal.Revision) == (item.Key, item.Revision), $"{due.Single()}");
        else Assert.Equal(now == revision && later == 0 && !isPurged ? [row!] : [], due);
    });

    [Fact]
    public void What_is_in_hand_is_read_as_it_was_kept() => Gen.Select(Gen.Long[1, long.MaxValue], Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks], Gen.Bool).Sample((revision, ticks, removes) =>
    {
        var key = new ItemKey(new("t", "d"), ItemId.FromPath($"{revision}"));
        var item = new ItemInHand(key, revision, removes ? null : new(ticks, TimeSpan.Zero));
        Assert.Equal(item, ItemInHand.Read(key.Dataset, item.ToString()));
    });

    private static IReadOnlyList<ItemInHand> Left(ItemInHand item, SearchDocument? row) => ReindexDecisions.Left([item], [row], new HashSet<ItemKey>());

    private static SearchDocument Document(long revision, long later = 0) => new()
    {
        Key = new(new("t", "d"), "a"), Path = "a", Revision = revision, Status = ItemStatus.Available, Size = 1, ContentType = "", UpdatedAt = DateTimeOffset.UnixEpoch.AddTicks(later),
        Tags = new Dictionary<string, string>(), LabelClasses = [], Metadata = [],
    };
}
