using CsCheck;
using Edna.Datasets;
using Edna.Events;
using Edna.Imports;
using Edna.Keys;
using Edna.Objects;
using Xunit;

namespace Edna.Grains.Tests.Events;

public sealed class EventRouterTests
{
    private static readonly DatasetKey Dataset = new("acme", "cats");
    private static readonly string Id = ItemId.FromPath("a.png");

    private static readonly Gen<string> Prefix = Gen.Int[0, 2].Select(i => new[] { "", "edna/", "edna/prod/" }[i]);

    /// <summary>What may lie below a root: keys of EDNA's own, keys that almost are, paths, and what is none.</summary>
    private static readonly Gen<string> Below = Gen.OneOf(
        Gen.Int[0, 8].Select(i => new[]
        {
            "dataset.json", $"items/{Id}/7", $"items/{Id}/07", $"items/{Id}/item.json", $"labels/{Id}/1.json", $"previews/{Id}/1/256.webp",
            "imports/import-1/00000001.json", "items/short/1", "cafe\u0301/1.png",
        }[i]),
        Gen.String[Gen.Char["ab/.\\ é\u0301"], 0, 8], Gen.String[0, 12]);

    [Theory]
    [InlineData("")]
    [InlineData("edna/prod/")]
    public void Bytes_in_the_services_own_bucket_lead_to_their_item(string prefix)
    {
        var keys = new ObjectKeys(prefix, Dataset, null);
        Assert.Equal(new ItemKey(Dataset, Id), EventRouter.OfOwn(prefix, keys.Content(Id, 7).Key));
    }

    [Fact]
    public void Everything_else_there_leads_nowhere()
    {
        var keys = new ObjectKeys("p/", Dataset, null);
        string[] others =
        [
            keys.Dataset.Key, keys.Item(Id).Key, keys.Labels(Id, 3).Key, keys.Import("import-1", 1).Key, $"p/acme/cats/previews/{Id}/1/256.webp",
            $"acme/cats/items/{Id}/1", "acme/cats/a.png", "p//cats/a.png", $"p//cats/items/{Id}/1", "p/acme/CATS/a.png", $"p/acme/CATS/items/{Id}/1",
            "p/acme/cats/folder/", "p/acme/cats/a//b.png", "p/acme/cats/", "p/", "", "p/acme", "p/acme/cats",
        ];
        Assert.All(others, key => Assert.Null(EventRouter.OfOwn("p/", key)));
    }

    [Fact]
    public void A_key_leads_to_the_item_that_an_import_of_its_object_makes_wherever_the_dataset_keeps_its_objects() =>
        Gen.Select(Prefix, Gen.Bool, Below).Sample((prefix, bound, below) =>
        {
            var keys = new ObjectKeys(prefix, Dataset, bound ? new() { Bucket = "lake", Prefix = "team/" } : null);
            var entry = ImportRules.Read(new(keys.Root + below, 5, "e", DateTimeOffset.UnixEpoch), keys.Root);
            var found = bound ? EventRouter.OfRoot(Dataset, below) : EventRouter.OfOwn(prefix, keys.Root + below);
            // What an import takes for EDNA's own leads to an item only where it is bytes.
            var own = ObjectKeyParts.Read(below);
            ItemKey? expected = entry.Object is { } made ? new(Dataset, ItemId.FromPath(made.Path))
                : own is { Role: ObjectRole.Content, ItemId: { } id } ? new(Dataset, id) : null;
            Assert.Equal(expected, found);
        }, iter: 20_000);

    [Fact]
    public void Below_a_datasets_root_other_objects_are_items_by_their_path()
    {
        Assert.Equal(new ItemKey(Dataset, Id), EventRouter.OfRoot(Dataset, $"items/{Id}/2"));
        Assert.Equal(new ItemKey(Dataset, Id), EventRouter.OfRoot(Dataset, "a.png"));
        Assert.Equal(new ItemKey(Dataset, ItemId.FromPath("caf\u00e9/1.png")), EventRouter.OfRoot(Dataset, "cafe\u0301/1.png"));
        Assert.All([$"labels/{Id}/1.json", "dataset.json", $"items/{Id}/item.json", "folder/", ""], key => Assert.Null(EventRouter.OfRoot(Dataset, key)));
    }

    [Fact]
    public void A_key_falls_under_the_one_prefix_that_it_starts_with() =>
        Gen.Select(Gen.String[Gen.Char["ab/"], 0, 6].Select(p => p + "/").Array[0, 12], Gen.String[Gen.Char["ab/c"], 0, 10]).Sample((prefixes, key) =>
        {
            var apart = new List<string>();
            foreach (var prefix in prefixes)
                if (!apart.Exists(p => p.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(p, StringComparison.Ordinal))) apart.Add(prefix);
            apart.Sort(StringComparer.Ordinal);
            var bindings = apart.Select(p => new StorageBinding { Prefix = p, Dataset = Dataset }).ToArray();
            Assert.Equal(apart.Find(p => key.StartsWith(p, StringComparison.Ordinal)), StorageBindings.Find(bindings, key)?.Prefix);
        }, iter: 10_000);
}
