using CsCheck;
using Edna.Items;
using Edna.Json;
using Edna.Keys;
using Edna.Labels;
using Edna.Objects;
using Edna.Rebuild;
using Xunit;

namespace Edna.Grains.Tests.Rebuild;

public sealed class RebuiltTests
{
    private static readonly DateTimeOffset Later = ItemHistory.Noon.AddDays(3);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static readonly Gen<IReadOnlyDictionary<string, string>> Tags = Gen.Int[0, 10].Select(Gen.String[Gen.Char["abcé :/"], 0, 6])
        .Select((count, value) => (IReadOnlyDictionary<string, string>)Enumerable.Range(0, count).ToDictionary(i => $"k{i}", i => value + i));

    private static readonly Gen<JsonText?> Metadata = Gen.OneOf(
        Gen.Const((JsonText?)null), Gen.String[Gen.Char["xyzß %\u4e2d"], 0, 20].Select(s => (JsonText?)new JsonText($$"""{"a":"{{s}}"}""")),
        Gen.Int[600, 3000].Select(n => (JsonText?)new JsonText($$"""{"long":"{{new string('ü', n)}}"}""")));

    private static readonly Gen<string?> Split = OneOf((string?)null, "train", "prüfung 2");

    private static readonly Gen<Checksum?> Checksums = Gen.OneOf(
        Gen.Const((Checksum?)null), Gen.Byte[0, 3].Select(b => (Checksum?)new Checksum { Algorithm = "sha256", Value = Convert.ToBase64String([.. Enumerable.Repeat(b, 32)]) }));

    private static readonly Gen<CreateItem> Requests = Gen.Select(Gen.Long[0, 99], Checksums, Tags, Metadata, Split, Gen.Bool, OneOf("image/png", "text/plain; charset=utf-8"))
        .Select((size, checksum, tags, metadata, split, none, type) => new CreateItem
        {
            Path = "", Size = size, ContentType = type, Checksum = checksum, Tags = none ? null : tags, Metadata = metadata, Split = split,
        });

    private static readonly Gen<IReadOnlyList<Annotation>> Annotations = OneOf("cat", "dog", "a*b", "käfer").Array[0, 14]
        .Select(classes => (IReadOnlyList<Annotation>)[.. classes.Select(c => new Annotation { Kind = AnnotationKind.Classification, Class = c, Source = new() { Kind = "human", Name = "lea" } })]);

    private static readonly Gen<Action<ItemHistory>> Step = Gen.Frequency(
        (1, Gen.Const((Action<ItemHistory>)(h => h.Lose()))),
        (2, Gen.Long[0, 9].Select(Tags).Select((size, tags) => (Action<ItemHistory>)(h => h.Import(size, tags)))),
        (4, Requests.Select(OneOf("ann", "bob", new string('é', 20))).Select((r, by) => (Action<ItemHistory>)(h => h.Announce(r, by)))),
        (4, Gen.Int[0, 4].Select(n => (Action<ItemHistory>)(h => h.Arrive(n > 0)))),
        (4, Gen.Const((Action<ItemHistory>)(h => h.Complete()))),
        (1, Gen.Const((Action<ItemHistory>)(h => h.Abort()))),
        (1, Gen.Const((Action<ItemHistory>)(h => h.Trash()))),
        (1, Gen.Const((Action<ItemHistory>)(h => h.Restore()))),
        (2, Tags.Select(t => (Action<ItemHistory>)(h => h.Tag(t)))),
        (2, Metadata.Select(Split).Select((m, s) => (Action<ItemHistory>)(h => h.Patch(m, s)))),
        (2, Annotations.Select(Gen.Enum<LabelStatus>(), Gen.Int[0, 5]).Select((a, s, n) => (Action<ItemHistory>)(h => h.Label(a, s, n == 0)))));

    [Fact]
    public void A_rebuilt_item_is_what_it_was_in_everything_that_clients_see() =>
        OneOf("a.png", "käfer/100 %/x.jpg", new string('ж', 500)).Select(Step.Array[1, 25]).Sample((path, steps) =>
        {
            var history = new ItemHistory(path);
            foreach (var step in steps) step(history);
            if (history.Found is not { } found)
            {
                Assert.False(history.State?.HasContent ?? false);
                return;
            }
            var (was, rebuilt) = (history.Settled!, Rebuilt.From(found, Later, Later.AddDays(7)));
            if (!was.HasContent)
            {
                // Only an announcement, or labels beside it: the bucket does not tell its path.
                Assert.Null(rebuilt.State);
                Assert.NotNull(rebuilt.Fault);
                return;
            }
            var state = rebuilt.State!;
            // Metadata too large for the object is in the bucket from the confirmation on.
            if (history.State!.Upload is { } open && was.ContentRevision == open.Attempt && !ObjectFacts.Carries(ObjectFacts.Of(path, open), open))
                was = was with { Metadata = state.Metadata };
            // An object in place that an upload is about to replace is noted with the confirmation, where nothing else had to be.
            if (history.State!.Upload?.Attempt == was.ContentRevision && !history.State.HasDocument) was = was with { ReplacedKey = null, ReplacedETag = null };
            Assert.Equal(Seen(was), Seen(state));
            Assert.True(state.Revision > was.Revision);
            Assert.True(state.Attempts > was.Attempts, "a key would be used again");
            Assert.Equal(history.State!.HasDocument, state.HasDocument);
            Assert.Null(state.Upload);
            if (was.HasDocument && was.Upload is null == history.State.Upload is null) Assert.Equal(was.CreatedAt, state.CreatedAt);
        }, iter: 5_000);

    /// <summary>All that must be the same, as text. An item that lost its bytes and is being uploaded again has failed once nothing is known of the upload.</summary>
    private static string Seen(ItemState state) => string.Join('\n',
        state.Path, state is { Status: ItemStatus.Pending, HasContent: true } ? ItemStatus.Failed : state.Status, state.Size, state.ContentType, state.Checksum, state.ETag, state.ContentRevision, state.ContentKey, state.ReplacedKey, state.ReplacedETag,
        string.Join(';', state.Tags.OrderBy(t => t.Key, StringComparer.Ordinal)), state.Metadata?.Text, state.Split, state.LabelRevision,
        state.Labels is not { } head ? "no labels" : $"{head.Status} {head.Digest} {head.By} {head.At:O} {string.Join(';', head.Classes)}",
        state.TrashedFrom, state.TrashedAt, state.CreatedBy);

    private static ItemHistory Confirmed(CreateItem? request = null)
    {
        var history = new ItemHistory("a.png");
        history.Announce(request ?? new() { Path = "a.png", Size = 5, ContentType = "image/png", Split = "train" }, "ann");
        history.Arrive(true);
        history.Complete();
        return history;
    }

    private static RebuiltItem From(FoundItem found) => Rebuilt.From(found, Later, Later);

    [Fact]
    public void An_object_that_belongs_elsewhere_is_no_content()
    {
        var found = Confirmed().Found! with { ItemId = ItemId.FromPath("b.png") };
        Assert.Equal((null, "revision 1 says that it belongs to another item: 'a.png'"), (From(found).State, From(found).Fault));
    }

    [Fact]
    public void An_object_without_facts_is_no_content()
    {
        var found = Confirmed().Found!;
        var bare = found.Contents[0] with { Object = found.Contents[0].Object with { Metadata = new Dictionary<string, string>() } };
        Assert.Equal((null, "revision 1 has no edna-path"), (From(found with { Contents = [bare] }).State, From(found with { Contents = [bare] }).Fault));
    }

    [Fact]
    public void An_item_whose_object_is_gone_is_told_by_its_document_and_does_not_fall_back_to_an_older_content()
    {
        var history = Confirmed();
        history.Announce(new() { Path = "a.png", Size = 7, ContentType = "image/jpeg" }, "ann");
        history.Arrive(true);
        history.Complete();
        history.Patch(new JsonText("""{"a":1}"""), "val");
        var state = From(history.Found! with { Contents = [.. history.Found!.Contents.Where(c => c.Revision == 1)] }).State!;
        Assert.Equal((ItemStatus.Failed, "object.missing", 2L, 7L, "image/jpeg", "val", "ann"),
            (state.Status, state.Failure!.Code, state.ContentRevision, state.Size, state.ContentType, state.Split, state.CreatedBy));
    }

    [Fact]
    public void A_name_too_long_for_the_object_is_in_the_document()
    {
        var history = new ItemHistory("a.png");
        history.Announce(new() { Path = "a.png", Size = 5, ContentType = "image/png" }, new string('é', 60));
        history.Arrive(true);
        history.Complete();
        Assert.Equal(new string('é', 60), From(history.Found!).State!.CreatedBy);
    }

    [Fact]
    public void An_item_in_place_comes_from_its_import_page_and_its_own_upload_outranks_it()
    {
        var imported = new ImportedContent("set/a.png", new() { Key = "a.png", Size = 3, ETag = "x", LastModified = ItemHistory.Noon, ContentType = "image/png" }, "ann");
        var content = new FoundContent
        {
            Revision = 1, InPlace = imported,
            Object = new() { Size = 3, ETag = "x", ContentType = "binary/octet-stream", LastModified = ItemHistory.Noon },
            Tags = new Dictionary<string, string> { ["k"] = "v", ["edna:label:cat"] = "2" },
        };
        var found = new FoundItem { ItemId = ItemId.FromPath("a.png"), Contents = [content] };
        var state = From(found).State!;
        Assert.Equal((ItemStatus.Available, "set/a.png", 3L, "image/png", "ann", 1L),
            (state.Status, state.ContentKey, state.Size, state.ContentType, state.CreatedBy, state.ContentRevision));
        Assert.Equal(["k"], state.Tags.Keys);
        var own = Confirmed().Found!.Contents[0] with { Revision = 2 };
        Assert.Null(From(found with { Contents = [own, content] }).State!.ContentKey);
    }
}
