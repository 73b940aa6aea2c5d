using CsCheck;
using Edna.Changes;
using Edna.Items;
using Edna.Objects;
using Xunit;

namespace Edna.Grains.Tests.Items;

public sealed class UploadDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly UploadLimits Limits = new(TimeSpan.FromHours(1), TimeSpan.FromMinutes(15));
    private static readonly Checksum ChecksumA = new() { Algorithm = "sha256", Value = Convert.ToBase64String(new byte[32]) };
    private static readonly Checksum ChecksumB = new() { Algorithm = "md5", Value = Convert.ToBase64String(new byte[16]) };

    private static CreateItem Asking(long size = 10, Checksum? checksum = null, string type = "image/png") =>
        new() { Path = "a.png", ContentType = type, Size = size, Checksum = checksum };

    private static ItemState Planned(CreateItem request, ItemState? before = null, DateTimeOffset? at = null) =>
        UploadDecisions.Plan(before, request, "a.png", Limits, at ?? Now, "ann").Next!;

    private static StoredObject Stored(long size = 10, string type = "image/png") =>
        new() { Size = size, ETag = "e", ContentType = type, LastModified = Now };

    private static ItemState Available(Checksum? checksum = null) =>
        UploadDecisions.Confirm(Planned(Asking(checksum: checksum)), Stored(), ChecksumVerdict.Match, Now).Next!;

    [Fact]
    public void A_new_item_is_pending_with_its_first_attempt()
    {
        var outcome = UploadDecisions.Plan(null, Asking(), "a.png", Limits, Now, "ann");
        Assert.Equal(ChangeKind.Created, outcome.Kind);
        Assert.Equal((ItemStatus.Pending, 1L, 1L, 0L), (outcome.Next!.Status, outcome.Next.Revision, outcome.Next.Attempts, outcome.Next.ContentRevision));
        Assert.Equal(Now + TimeSpan.FromMinutes(75), outcome.Next.Upload!.Deadline);
    }

    [Fact]
    public void The_same_announcement_again_goes_on_with_the_same_attempt()
    {
        var outcome = UploadDecisions.Plan(Planned(Asking(checksum: ChecksumA)), Asking(checksum: ChecksumA), "a.png", Limits, Now.AddMinutes(1), "ann");
        Assert.Null(outcome.Next);
        Assert.Null(outcome.Problem);
    }

    [Fact]
    public void The_same_announcement_late_gets_more_time_for_the_same_attempt()
    {
        var next = Planned(Asking(), Planned(Asking()), Now.AddMinutes(40));
        Assert.Equal((2L, 1L, Now.AddMinutes(100)), (next.Revision, next.Upload!.Attempt, next.Upload.ExpiresAt));
        Assert.Equal(next.Upload.Deadline, next.SignedUntil);
    }

    [Fact]
    public void Another_announcement_of_a_pending_item_is_a_new_attempt_and_discards_the_old()
    {
        var outcome = UploadDecisions.Plan(Planned(Asking(10)), Asking(11), "a.png", Limits, Now, "ann");
        Assert.Equal((2L, 11L, 1L), (outcome.Next!.Upload!.Attempt, outcome.Next.Size, outcome.Discard!.Attempt));
    }

    [Fact]
    public void Content_with_the_same_checksum_needs_no_upload()
    {
        Assert.Equal(ItemOutcome.Unchanged, UploadDecisions.Plan(Available(ChecksumA), Asking(checksum: ChecksumA), "a.png", Limits, Now, "ann"));
        Assert.NotNull(UploadDecisions.Plan(Available(ChecksumA), Asking(checksum: ChecksumB), "a.png", Limits, Now, "ann").Next);
        Assert.NotNull(UploadDecisions.Plan(Available(), Asking(), "a.png", Limits, Now, "ann").Next);
    }

    [Fact]
    public void Uploading_an_available_item_again_keeps_its_content_until_the_new_one_is_confirmed()
    {
        var beside = Planned(Asking(20, ChecksumB, "image/jpeg"), Available(ChecksumA));
        Assert.Equal((ItemStatus.Available, 1L, 10L, "image/png"), (beside.Status, beside.ContentRevision, beside.Size, beside.ContentType));
        var swapped = UploadDecisions.Confirm(beside, Stored(20, "image/jpeg"), ChecksumVerdict.Match, Now).Next!;
        Assert.Equal((2L, 20L, "image/jpeg", ChecksumB), (swapped.ContentRevision, swapped.Size, swapped.ContentType, swapped.Checksum));
    }

    [Theory]
    [InlineData(9, "image/png", ChecksumVerdict.Match, UploadErrors.SizeMismatch)]
    [InlineData(11, "image/png", ChecksumVerdict.Match, UploadErrors.SizeMismatch)]
    [InlineData(10, "text/html", ChecksumVerdict.Match, UploadErrors.ContentTypeMismatch)]
    [InlineData(10, "image/png", ChecksumVerdict.Mismatch, UploadErrors.ChecksumMismatch)]
    public void What_arrived_differently_fails_and_is_discarded_and_says_so_again(long size, string type, ChecksumVerdict checksum, string code)
    {
        var outcome = UploadDecisions.Confirm(Planned(Asking(checksum: ChecksumA)), Stored(size, type), checksum, Now);
        Assert.Equal((code, ItemStatus.Failed, 1L), (outcome.Problem!.Code, outcome.Next!.Status, outcome.Discard!.Attempt));
        var again = UploadDecisions.Confirm(outcome.Next, null, ChecksumVerdict.NotDeclared, Now.AddDays(1));
        Assert.Equal((code, null), (again.Problem!.Code, again.Next));
    }

    [Fact]
    public void A_failed_second_upload_leaves_the_content_as_it_was()
    {
        var before = Available(ChecksumA);
        var failed = UploadDecisions.Confirm(Planned(Asking(20), before), Stored(19), ChecksumVerdict.NotDeclared, Now).Next!;
        Assert.Equal((ItemStatus.Available, 1L, 10L, ChecksumA), (failed.Status, failed.ContentRevision, failed.Size, failed.Checksum));
        Assert.Equal(UploadErrors.SizeMismatch, failed.Failure!.Code);
    }

    [Fact]
    public void Nothing_in_the_store_changes_nothing()
    {
        var outcome = UploadDecisions.Confirm(Planned(Asking()), null, ChecksumVerdict.NotDeclared, Now);
        Assert.Equal(("upload.not_found_in_store", null), (outcome.Problem!.Code, outcome.Next));
    }

    [Fact]
    public void Completing_twice_answers_the_same() =>
        Assert.Equal(ItemOutcome.Unchanged, UploadDecisions.Confirm(Available(), null, ChecksumVerdict.NotDeclared, Now));

    [Theory]
    [InlineData(10L, null, false)]
    [InlineData(10L, true, true)]
    [InlineData(0L, true, true)]
    [InlineData((64L << 20) - 1, null, false)]
    [InlineData(64L << 20, null, true)]
    [InlineData(64L << 20, false, false)]
    [InlineData((5L << 30) + 1, null, true)]
    public void An_upload_is_multipart_when_asked_for_or_from_64_MiB_on(long size, bool? asked, bool multipart)
    {
        var upload = Planned(Asking(size) with { Multipart = asked }).Upload!;
        Assert.Equal((multipart, multipart ? UploadParts.SizeFor(size) : 0), (upload.IsMultipart, upload.PartSize));
    }

    [Fact]
    public void Asking_for_parts_where_a_single_PUT_is_open_is_another_upload()
    {
        var outcome = UploadDecisions.Plan(Planned(Asking()), Asking() with { Multipart = true }, "a.png", Limits, Now, "ann");
        Assert.Equal((2L, 1L), (outcome.Next!.Upload!.Attempt, outcome.Discard!.Attempt));
    }

    [Fact]
    public void A_multipart_upload_that_somebody_else_aborted_has_failed()
    {
        var lost = UploadDecisions.Lost(Planned(Asking() with { Multipart = true }), Now);
        Assert.Equal((ItemStatus.Failed, UploadErrors.Aborted, UploadErrors.Aborted), (lost.Next!.Status, lost.Next.Failure!.Code, lost.Problem!.Code));
    }

    [Fact]
    public void Facts_that_a_store_dropped_from_a_multipart_object_are_noticed()
    {
        var pending = Planned(Asking() with { Multipart = true });
        Assert.True(UploadDecisions.Confirm(pending, Stored(), ChecksumVerdict.NotDeclared, Now).FactsMissing);
        var carrying = Stored() with { Metadata = ObjectFacts.Of("a.png", pending.Upload!).ToDictionary() };
        Assert.False(UploadDecisions.Confirm(pending, carrying, ChecksumVerdict.NotDeclared, Now).FactsMissing);
    }

    [Fact]
    public void A_purged_item_that_comes_back_never_uses_a_key_again()
    {
        var purged = EditDecisions.Purge(Available(), Now).Next!;
        var reborn = UploadDecisions.Plan(purged, Asking(), "a.png", Limits, Now, "bob");
        Assert.Equal((ChangeKind.Created, 2L, purged.Revision + 1, "bob", ItemStatus.Pending),
            (reborn.Kind, reborn.Next!.Upload!.Attempt, reborn.Next.Revision, reborn.Next.CreatedBy, reborn.Next.Status));
    }

    private enum Step { PlanA, PlanB, ConfirmGood, ConfirmBad, ConfirmNothing, Abort, Trash, Restore, Tag, Purge }

    [Fact]
    public void Along_any_life_revisions_rise_by_one_attempts_are_never_used_twice_and_content_is_lost_only_by_purging() =>
        Gen.Enum<Step>().Array[1, 30].Sample(steps =>
        {
            ItemState? state = null;
            var confirmed = new HashSet<long>();
            var now = Now;
            foreach (var step in steps)
            {
                now = now.AddMinutes(7);
                var outcome = Apply(step, state, now);
                if (outcome.Next is not { } next) continue;
                Assert.Equal((state?.Revision ?? 0) + 1, next.Revision);
                Assert.True(next.Attempts >= (state?.Attempts ?? 0));
                if (next.Upload is { } open && open.Attempt != state?.Upload?.Attempt) Assert.Equal((state?.Attempts ?? 0) + 1, open.Attempt);
                if (outcome.Kind == ChangeKind.Available) Assert.True(confirmed.Add(next.ContentRevision), "an attempt was confirmed twice");
                if (state is { HasContent: true } && outcome.Kind != ChangeKind.Deleted) Assert.True(next.HasContent);
                Assert.NotEqual(next.ContentRevision, outcome.Discard?.Attempt ?? -1);
                Assert.Equal(next.Status == ItemStatus.Pending, next is { Upload: not null, HasContent: false, Status: not ItemStatus.Trashed });
                if (next.Status == ItemStatus.Available) Assert.True(next.HasContent);
                state = next;
            }
        }, iter: 20_000);

    private static ItemOutcome Apply(Step step, ItemState? state, DateTimeOffset now)
    {
        if (step is Step.PlanA) return UploadDecisions.Plan(state, Asking(10, ChecksumA), "a.png", Limits, now, "ann");
        if (step is Step.PlanB) return UploadDecisions.Plan(state, Asking(20, ChecksumB), "a.png", Limits, now, "ann");
        if (state is null or { Status: ItemStatus.Purged }) return ItemOutcome.Unchanged;
        return step switch
        {
            Step.ConfirmGood => UploadDecisions.Confirm(state, Stored(state.Upload?.Size ?? 0), ChecksumVerdict.Match, now),
            Step.ConfirmBad => UploadDecisions.Confirm(state, Stored(7), ChecksumVerdict.Match, now),
            Step.ConfirmNothing => UploadDecisions.Confirm(state, null, ChecksumVerdict.NotDeclared, now),
            Step.Abort => UploadDecisions.Abort(state, now),
            Step.Trash => EditDecisions.Trash(state, now),
            Step.Restore => EditDecisions.Restore(state, now),
            Step.Tag => EditDecisions.Tag(state, new Dictionary<string, string> { ["at"] = now.ToString("HHmm", null) }, now),
            _ => EditDecisions.Purge(state, now),
        };
    }
}
