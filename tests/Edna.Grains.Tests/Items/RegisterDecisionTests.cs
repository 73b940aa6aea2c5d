using CsCheck;
using Edna.Changes;
using Edna.Items;
using Xunit;

namespace Edna.Grains.Tests.Items;

public sealed class RegisterDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<RegisterObject> Objects =
        Gen.Select(OneOf("raw/a.png", "raw/b.png"), Gen.Long[0, 3], OneOf("e1", "e2"), OneOf("image/png", "model/stl"),
            OneOf<IReadOnlyDictionary<string, string>?>(null, ItemState.NoTags, new Dictionary<string, string> { ["k"] = "v" }), Gen.Bool)
        .Select((key, size, etag, type, tags, metadata) => new RegisterObject
        {
            Key = key, Path = "a.png", Size = size, ETag = etag, LastModified = Now.AddYears(-1), ContentType = type, Tags = tags,
            Metadata = tags is not null && metadata ? new("""{"m":"n"}""") : null,
        });

    private static readonly Gen<ItemState?> States =
        Gen.Select(Gen.Enum<ItemStatus>(), Gen.Int[0, 3], OneOf<string?>(null, "raw/a.png", "raw/b.png"), Gen.Bool, Gen.Bool, Gen.Bool, Gen.Long[0, 3])
        .Select((status, kind, key, open, document, tagged, size) => kind == 0 ? null : State(status, key, open, document, tagged, size));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    // What can be: a purged item has nothing, a pending one an upload and no content, an available one content.
    private static ItemState State(ItemStatus status, string? key, bool open, bool document, bool tagged, long size)
    {
        var bare = new ItemState
        {
            Path = "a.png", Status = status, Revision = 7, Attempts = 3, ContentType = "image/png", CreatedAt = Now.AddDays(-2), CreatedBy = "bob", UpdatedAt = Now.AddDays(-1),
        };
        if (status == ItemStatus.Purged) return bare;
        var hasContent = status == ItemStatus.Available || (status != ItemStatus.Pending && size > 1);
        return bare with
        {
            ContentRevision = hasContent ? 2 : 0, ContentKey = hasContent ? key : null, Size = size, ETag = hasContent ? "e1" : null, HasDocument = document && hasContent,
            Tags = tagged ? new Dictionary<string, string> { ["own"] = "1" } : ItemState.NoTags,
            Upload = status == ItemStatus.Pending || (open && status != ItemStatus.Trashed)
                ? new() { Attempt = 3, Size = 1, ContentType = "image/png", StartedAt = Now, ExpiresAt = Now, Deadline = Now, By = "bob" } : null,
        };
    }

    [Fact]
    public void Whatever_is_registered_is_available_with_the_objects_bytes_and_registering_it_again_changes_nothing() => Gen.Select(States, Objects).Sample((before, found) =>
    {
        var outcome = RegisterDecisions.Register(before, found, Now, "ann");
        if (outcome.Next is not { } next) return;
        Assert.Equal((ItemStatus.Available, found.Key, found.Size, found.ETag), (next.Status, next.ContentKey, next.Size, next.ETag));
        Assert.Equal((before?.Revision ?? 0) + 1, next.Revision);
        if (outcome.Kind == ChangeKind.Available) Assert.Null(next.Upload);
        Assert.True(next.ContentRevision is var revision && revision > 0 && revision <= next.Attempts);
        // Tags that an item without content had are brought to the object; with details they are then the object's own.
        var again = RegisterDecisions.Register(next, found.Tags is null ? found : found with { Tags = next.Tags, Metadata = next.HasDocument ? found.Metadata : next.Metadata }, Now.AddDays(1), "eve");
        Assert.Equal((null, null), (again.Next, again.Problem));
    }, iter: 20_000);

    [Fact]
    public void An_item_with_a_content_of_its_own_is_never_touched() => Gen.Select(States, Objects).Sample((before, found) =>
    {
        var outcome = RegisterDecisions.Register(before, found, Now, "ann");
        if (before is { HasContent: true, Status: not ItemStatus.Purged } && before.ContentKey != found.Key) Assert.Null(outcome.Next);
        if (before is { Status: ItemStatus.Trashed }) Assert.Equal("item.trashed", outcome.Problem?.Code);
        if (before is { Status: ItemStatus.Available, ContentKey: null }) Assert.Equal("import.path_taken", outcome.Problem?.Code);
    }, iter: 20_000);

    [Fact]
    public void A_content_revision_is_never_used_twice_and_an_open_upload_is_discarded_only_where_there_was_no_content() => Gen.Select(States, Objects).Sample((before, found) =>
    {
        var outcome = RegisterDecisions.Register(before, found, Now, "ann");
        if (outcome.Kind == ChangeKind.Available && outcome.Next is { } next) Assert.True(next.ContentRevision > (before?.Attempts ?? 0));
        Assert.Equal(outcome.Next is not null && before is { HasContent: false } ? before.Upload : null, outcome.Discard);
    }, iter: 20_000);

    [Fact]
    public void Another_content_revision_than_was_announced_in_the_bucket_is_refused() => Gen.Select(States, Objects, Gen.Long[1, 6]).Sample((before, found, said) =>
    {
        var free = RegisterDecisions.Register(before, found, Now, "ann");
        var bound = RegisterDecisions.Register(before, found with { Revision = said }, Now, "ann");
        if (free.Kind != ChangeKind.Available || free.Next is null) Assert.Equal((free.Next is null, free.Problem?.Code), (bound.Next is null, bound.Problem?.Code));
        else if (free.Next.ContentRevision == said) Assert.Equal(said, bound.Next?.ContentRevision);
        else Assert.Equal("import.item_changed", bound.Problem?.Code);
    }, iter: 20_000);

    [Fact]
    public void Details_change_tags_type_and_metadata_of_the_same_bytes_but_not_metadata_that_was_edited()
    {
        var before = State(ItemStatus.Available, "raw/a.png", false, false, true, 2);
        var found = new RegisterObject
        {
            Key = "raw/a.png", Path = "a.png", Size = 2, ETag = "e1", LastModified = Now, ContentType = "model/stl", Tags = ItemState.NoTags, Metadata = new("""{"m":"n"}"""),
        };
        var outcome = RegisterDecisions.Register(before, found, Now, "ann");
        Assert.Equal((ChangeKind.Updated, "model/stl", 0, """{"m":"n"}""", 2L), (outcome.Kind, outcome.Next!.ContentType, outcome.Next.Tags.Count, outcome.Next.Metadata?.Text, outcome.Next.ContentRevision));
        outcome = RegisterDecisions.Register(before with { HasDocument = true }, found with { ContentType = "image/png" }, Now, "ann");
        Assert.Equal((ChangeKind.Tagged, null), (outcome.Kind, outcome.Next!.Metadata));
        Assert.Null(RegisterDecisions.Register(before, found with { Tags = null }, Now, "ann").Next);
    }

    [Fact]
    public void A_confirmed_upload_takes_the_place_of_a_content_in_place_and_remembers_where_that_lies()
    {
        var open = State(ItemStatus.Available, "raw/a.png", true, false, false, 2);
        var next = UploadDecisions.Confirm(open, new() { Size = 1, ETag = "x", ContentType = "image/png", LastModified = Now }, Edna.Objects.ChecksumVerdict.NotDeclared, Now).Next!;
        Assert.Equal((null, "raw/a.png", 3L), (next.ContentKey, next.ReplacedKey, next.ContentRevision));
    }
}
