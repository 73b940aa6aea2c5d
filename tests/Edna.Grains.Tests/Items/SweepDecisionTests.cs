using CsCheck;
using Edna.Changes;
using Edna.Items;
using Edna.Objects;
using Xunit;

namespace Edna.Grains.Tests.Items;

public sealed class SweepDecisionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly UploadLimits Limits = new(TimeSpan.FromHours(1), TimeSpan.FromMinutes(15));
    private static readonly TimeSpan Retention = TimeSpan.FromDays(3);

    private static readonly Gen<int> Minutes = Gen.Int[0, 10 * 24 * 60];

    private static ItemState Announced(ItemState? before = null, long size = 10) =>
        UploadDecisions.Plan(before, new() { Path = "a.png", ContentType = "image/png", Size = size }, "a.png", Limits, Noon, "ann").Next!;

    private static StoredObject Stored(long size = 10, string type = "image/png") => new() { Size = size, ETag = "e", ContentType = type, LastModified = Noon };

    private static ItemState Available() => UploadDecisions.Confirm(Announced(), Stored(), ChecksumVerdict.Match, Noon).Next!;

    private static OpenUpload Multipart(long size, long partSize) => Announced(size: size).Upload! with { UploadId = "u", PartSize = partSize };

    [Fact]
    public void An_open_upload_is_overdue_from_its_deadline_on_and_never_before() => Gen.Select(Minutes, Gen.Bool).Sample((minutes, again) =>
    {
        var state = Announced(again ? Available() : null, size: 11);
        var due = SweepDecisions.DueOf(state, Retention, Noon.AddMinutes(minutes));
        Assert.Equal(minutes >= 75 ? SweepDue.Upload : SweepDue.Nothing, due);
    }, iter: 5_000);

    [Fact]
    public void The_trash_keeps_an_item_for_as_long_as_the_dataset_says_now() => Gen.Select(Minutes, Gen.Int[0, 9].Nullable(), Gen.Bool).Sample((minutes, days, hasContent) =>
    {
        var trashed = EditDecisions.Trash(hasContent ? Available() : Announced(), Noon).Next!;
        TimeSpan? retention = days is { } d ? TimeSpan.FromDays(d) : null;
        var due = SweepDecisions.DueOf(trashed, retention, Noon.AddMinutes(minutes));
        // The upload that was open went with it, and something may come by its URL.
        var late = !hasContent && minutes >= 75 ? SweepDue.Late : SweepDue.Nothing;
        Assert.Equal(minutes >= days * 24 * 60 ? SweepDue.Trash : late, due);
        Assert.Equal(late, SweepDecisions.DueOf(EditDecisions.Restore(trashed, Noon).Next!, retention, Noon.AddMinutes(minutes)));
    }, iter: 5_000);

    [Fact]
    public void A_purged_row_is_let_go_when_nothing_can_arrive_for_it_any_more() => Minutes.Sample(minutes =>
    {
        var purged = EditDecisions.Purge(EditDecisions.Trash(Announced(), Noon).Next!, Noon).Next!;
        Assert.Equal(minutes >= 75 ? SweepDue.Purged : SweepDue.Nothing, SweepDecisions.DueOf(purged, Retention, Noon.AddMinutes(minutes)));
    }, iter: 5_000);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_did_not_arrive_is_failed_as_expired_and_a_content_stays_as_it_was(bool hadContent)
    {
        var before = Announced(hadContent ? Available() : null, size: 20);
        var outcome = SweepDecisions.Settle(before, null, ChecksumVerdict.NotDeclared, Noon.AddHours(2));
        Assert.Equal((ChangeKind.Failed, null, null), (outcome.Kind, outcome.Problem, outcome.Discard));
        var after = outcome.Next!;
        Assert.Equal((UploadErrors.Expired, Noon.AddHours(2), null), (after.Failure!.Code, after.Failure.At, after.Upload));
        Assert.Equal(hadContent ? (ItemStatus.Available, 1L, 10L) : (ItemStatus.Failed, 0L, 20L), (after.Status, after.ContentRevision, after.Size));
        var again = UploadDecisions.Plan(after, new() { Path = "a.png", ContentType = "image/png", Size = 30 }, "a.png", Limits, Noon.AddHours(3), "ann");
        Assert.Equal(before.Attempts + 1, again.Next!.Upload!.Attempt);
    }

    [Fact]
    public void What_arrived_is_settled_exactly_as_if_the_client_had_completed_it() =>
        Gen.Select(Gen.Int[9, 11], Gen.Bool, Gen.Enum<ChecksumVerdict>(), Gen.Bool, Gen.Int[75, 10_000]).Sample((size, rightType, checksum, again, minutes) =>
        {
            var state = Announced(again ? Available() : null);
            var (found, now) = (Stored(size, rightType ? "image/png" : "text/plain"), Noon.AddMinutes(minutes));
            // But nobody need look again for what comes late: nothing can.
            Assert.Equal(UploadDecisions.Confirm(state, found, checksum, now).Map(next => next with { LateUntil = null }), SweepDecisions.Settle(state, found, checksum, now));
        }, iter: 5_000);

    [Fact]
    public void What_is_not_overdue_is_left_alone_whatever_lies_in_the_store() => Gen.Select(Gen.Int[0, 74], Gen.Bool).Sample((minutes, arrived) =>
    {
        var (found, now) = (arrived ? Stored() : null, Noon.AddMinutes(minutes));
        foreach (var state in (ItemState[])[Announced(), Available(), EditDecisions.Trash(Announced(), Noon).Next!, EditDecisions.Purge(Announced(), Noon).Next!])
            Assert.Equal(ItemOutcome.Unchanged, SweepDecisions.Settle(state, found, ChecksumVerdict.Match, now));
    }, iter: 2_000);

    [Fact]
    public void An_open_multipart_upload_is_an_orphan_when_it_is_old_and_its_item_does_not_name_it() =>
        Gen.Select(Minutes, Gen.Int[0, 2].Select(n => n == 0 ? "u" : n == 1 ? "other" : null)).Sample((minutes, named) =>
        {
            var open = new OpenMultipart("x", "u", Noon);
            var state = named is null ? null : Announced() with { Upload = Multipart(10, 5) with { UploadId = named } };
            var orphan = minutes > 75 && named != "u";
            Assert.Equal(orphan, SweepDecisions.IsOrphan(open, state, Limits, Noon.AddMinutes(minutes)));
            Assert.Equal(minutes > 75, SweepDecisions.IsOrphan(open, Available(), Limits, Noon.AddMinutes(minutes)));
        }, iter: 5_000);
}
