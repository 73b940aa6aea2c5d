using CsCheck;
using Edna.Changes;
using Edna.Items;
using Edna.Objects;
using Xunit;

namespace Edna.Grains.Tests.Items;

public sealed class ObjectDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly Gen<string> Tag = OneOf("etag-a", "etag-b");
    private static readonly Gen<string?> Place = OneOf<string?>(null, "in/place.png");

    /// <summary>States that an item with content can be in, whole or lost, in the trash or not, uploaded again or not.</summary>
    private static readonly Gen<ItemState> AnyState = Gen.Select(
        OneOf(ItemStatus.Available, ItemStatus.Failed, ItemStatus.Trashed, ItemStatus.Pending), Gen.Bool, Gen.Bool, Place, (status, lost, open, place) => State(place) with
        {
            Status = status, TrashedFrom = status == ItemStatus.Trashed ? lost ? ItemStatus.Failed : ItemStatus.Available : null,
            Failure = status == ItemStatus.Failed || (status == ItemStatus.Trashed && lost) ? new() { Code = ObjectErrors.Missing, Detail = "x", At = Now } : null,
            Upload = status == ItemStatus.Pending || (open && status == ItemStatus.Available) ? Upload : null,
        });

    private static readonly Gen<StoredObject?> AnyObject = Gen.Select(Gen.Bool, Tag, Gen.Long[9, 10],
        (there, etag, size) => there ? new StoredObject { Size = size, ETag = etag, ContentType = "image/jpeg", LastModified = Now } : null);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static OpenUpload Upload => new() { Attempt = 2, Size = 11, ContentType = "image/gif", StartedAt = Now, ExpiresAt = Now, Deadline = Now, By = "ann" };

    private static ItemState State(string? place = null) => new()
    {
        Path = "a.png", Status = ItemStatus.Available, Revision = 5, Attempts = 2, ContentRevision = 1, ContentKey = place, Size = 10, ContentType = "image/png",
        ETag = "etag-a", Tags = new Dictionary<string, string> { ["k"] = "v" }, CreatedAt = Now, CreatedBy = "ann", UpdatedAt = Now,
    };

    [Fact]
    public void What_an_item_says_after_a_look_is_what_was_found_and_looking_again_finds_nothing_new() => Gen.Select(AnyState, AnyObject).Sample((state, found) =>
    {
        var (outcome, _) = ObjectDecisions.Observe(state, found, null, Now);
        var after = outcome.Next ?? state;
        var readable = found is not null && (state.ContentKey is not null || (found.ETag == "etag-a" && found.Size == 10));
        Assert.Equal(readable, after.IsWhole);
        Assert.Equal(!readable, after.IsLost);
        Assert.Equal(state.Status == ItemStatus.Trashed, after.Status == ItemStatus.Trashed);
        Assert.Equal((state.Upload, state.ContentRevision, state.Attempts), (after.Upload, after.ContentRevision, after.Attempts));
        if (readable) Assert.Equal((found!.ETag, found.Size), (after.ETag, after.Size));
        Assert.Equal((ItemOutcome.Unchanged, ObjectFinding.Same), ObjectDecisions.Observe(after, found, null, Now));
        if (outcome.Next is { } next) Assert.Equal(state.Revision + 1, next.Revision);
    }, iter: 5_000);

    [Fact]
    public void Only_lost_items_fail_and_each_says_why() => Gen.Select(AnyState, AnyObject).Sample((state, found) =>
    {
        var (outcome, finding) = ObjectDecisions.Observe(state, found, null, Now);
        var code = finding switch { ObjectFinding.Missing => ObjectErrors.Missing, ObjectFinding.Overwritten => ObjectErrors.Overwritten, _ => null };
        Assert.Equal(code is not null, outcome.Next is not null && outcome.Kind == ChangeKind.Failed);
        if (code is not null) Assert.Equal(code, outcome.Next!.Failure?.Code);
        Assert.Null(outcome.Problem);
        Assert.Null(outcome.Discard);
    }, iter: 5_000);

    [Fact]
    public void Tags_of_the_user_are_taken_over_and_those_of_EDNA_and_the_store_are_not()
    {
        var same = new StoredObject { Size = 10, ETag = "ETAG-A", ContentType = "image/png", LastModified = Now };
        var tags = new Dictionary<string, string> { ["k"] = "v", ["edna:label:cat"] = "2", ["aws:cloudformation:stack"] = "s" };
        Assert.Equal((ItemOutcome.Unchanged, ObjectFinding.Same), ObjectDecisions.Observe(State(), same, tags, Now));
        tags["k"] = "w";
        var (outcome, finding) = ObjectDecisions.Observe(State() with { Upload = Upload }, same, tags, Now);
        Assert.Equal((ObjectFinding.Retagged, ChangeKind.Tagged), (finding, outcome.Kind));
        Assert.Equal([new("k", "w")], outcome.Next!.Tags);
        Assert.True(outcome.Next.Upload!.KeepTags);
    }

    [Fact]
    public void Bytes_of_an_owner_are_taken_over_with_their_type_and_without_the_old_checksum()
    {
        var before = State("in/place.png") with { Checksum = new() { Algorithm = "md5", Value = "x" } };
        var found = new StoredObject { Size = 9, ETag = "etag-b", ContentType = "image/jpeg", LastModified = Now };
        var after = ObjectDecisions.Observe(before, found, null, Now).Outcome.Next!;
        Assert.Equal((9L, "etag-b", "image/jpeg", null), (after.Size, after.ETag, after.ContentType, after.Checksum));
        Assert.Equal("image/png", ObjectDecisions.Observe(before, found with { ContentType = "binary/octet-stream" }, null, Now).Outcome.Next!.ContentType);
    }

    [Fact]
    public void The_same_bytes_encrypted_anew_are_known_by_their_checksum()
    {
        var state = State() with { Checksum = new() { Algorithm = "sha256", Value = "abc" } };
        var found = new StoredObject
        {
            Size = 10, ETag = "etag-b", ContentType = "image/png", LastModified = Now, Checksums = new Dictionary<string, string> { ["sha256"] = "abc" },
        };
        Assert.Equal(ObjectFinding.Same, ObjectDecisions.Observe(state, found, null, Now).Finding);
        Assert.Equal(ObjectFinding.Overwritten, ObjectDecisions.Observe(state with { Checksum = new() { Algorithm = "sha256", Value = "abd" } }, found, null, Now).Finding);
    }

    [Fact]
    public void Lost_content_is_uploaded_again_as_if_there_were_none_and_an_upload_that_fails_leaves_it_failed()
    {
        var limits = new UploadLimits(TimeSpan.FromHours(1), TimeSpan.FromMinutes(15));
        var lost = ObjectDecisions.Observe(State(), null, null, Now).Outcome.Next!;
        var again = UploadDecisions.Plan(lost, new() { Path = "a.png", ContentType = "image/gif", Size = 3 }, "a.png", limits, Now, "ann").Next!;
        Assert.Equal((ItemStatus.Pending, 3L), (again.Status, again.Upload!.Attempt));
        Assert.Equal(ItemStatus.Failed, UploadDecisions.Abort(again, Now).Next!.Status);
        var arrived = new StoredObject { Size = 3, ETag = "new", ContentType = "image/gif", LastModified = Now };
        var confirmed = UploadDecisions.Confirm(again, arrived, ChecksumVerdict.NotDeclared, Now).Next!;
        Assert.Equal((ItemStatus.Available, 3L, null), (confirmed.Status, confirmed.ContentRevision, confirmed.Failure));
        var trashed = EditDecisions.Trash(again, Now).Next!;
        Assert.Equal(ItemStatus.Failed, EditDecisions.Restore(trashed, Now).Next!.Status);
    }

    [Fact]
    public void A_new_upload_takes_the_place_of_content_that_lay_in_place()
    {
        var beside = State("in/place.png") with { Upload = Upload, Sequencer = "55" };
        var confirmed = UploadDecisions.Confirm(beside, new() { Size = 11, ETag = "n", ContentType = "image/gif", LastModified = Now }, ChecksumVerdict.NotDeclared, Now).Next!;
        Assert.Equal((null, null, 2L), (confirmed.ContentKey, confirmed.Sequencer, confirmed.ContentRevision));
    }
}
