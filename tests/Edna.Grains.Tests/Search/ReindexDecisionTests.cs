using CsCheck;
using Edna.Items;
using Edna.Search;
using Xunit;

namespace Edna.Grains.Tests.Search;

public sealed class ReindexDecisionTests
{
    private static readonly Gen<string> Generation = Gen.OneOf(Gen.Const("old"), Gen.Const("new"), Gen.Const("other"));

    private static readonly Gen<string?> Noted =
        Gen.Select(Generation, Generation.Null(), (serving, next) => new IndexTargets(serving, next).ToString()).Null();

    /// <summary>
    /// Silos that index, writers, a reindex that is killed or cancelled, and an operator who removes the index in use, in any order of their
    /// steps: in the end there is one index, which is the table item by item, and nothing that was removed is in it.
    /// </summary>
    [Fact]
    public void Whatever_happens_in_between_the_index_is_the_table_in_the_end()
    {
        var (switched, given) = (0, 0);
        // Steps of the reindex and the silos come often, kills and cancellations seldom, and the removal of the index most seldom.
        var what = Gen.Frequency((12, Gen.Int[0, 3]), (1, Gen.Int[0, 4].Select(n => Math.Max(4, n + 2))), (2, Gen.Const(7)), (12, Gen.Const(8)));
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
        var document = Document(revision);
        Assert.Empty(ReindexDecisions.Left([document], [newer == 0 ? document : Document(revision + newer) with { UpdatedAt = document.UpdatedAt.AddTicks(newer) }]));
        Assert.Empty(ReindexDecisions.Left([document with { Status = ItemStatus.Purged }], [null]));
    });

    [Fact]
    public void What_is_gone_or_began_anew_is_removed_with_a_version_above_the_one_that_may_be_there() => Gen.Select(Gen.Int[1, 5], Gen.Int[0, 8], Gen.Bool).Sample((revision, now, isPurged) =>
    {
        var document = Document(revision);
        SearchDocument? row = now == 0 ? null : Document(now) with { Status = isPurged ? ItemStatus.Purged : ItemStatus.Available, UpdatedAt = document.UpdatedAt.AddTicks(now) };
        if (row is not null && !isPurged && now > revision) return;
        var left = Assert.Single(ReindexDecisions.Left([document], [row]));
        Assert.True(left.Status == ItemStatus.Purged && left.Revision > revision && left.Revision >= (isPurged ? now : 0), $"{left}");
        Assert.Equal(now > 0 && !isPurged ? [row!] : [], ReindexDecisions.Left([left], [row]));
    });

    private static SearchDocument Document(long revision) => new()
    {
        Key = new(new("t", "d"), "a"), Path = "a", Revision = revision, Status = ItemStatus.Available, Size = 1, ContentType = "", UpdatedAt = DateTimeOffset.UnixEpoch,
        Tags = new Dictionary<string, string>(), LabelClasses = [], Metadata = [],
    };
}
