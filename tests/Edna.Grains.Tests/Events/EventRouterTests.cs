using CsCheck;
using Edna.Datasets;
using Edna.Events;
using Edna.Keys;
using Edna.Objects;
using Xunit;

namespace Edna.Grains.Tests.Events;

public sealed class EventRouterTests
{
    private static readonly DatasetKey Dataset = new("acme", "cats");
    private static readonly string Id = ItemId.FromPath("a.png");

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
            $"acme/cats/items/{Id}/1", $"p/acme/items/{Id}/1", $"p//cats/items/{Id}/1", $"p/acme/CATS/items/{Id}/1", $"p/acme/cats/items/{Id}/01",
            $"p/acme/cats/items/{Id}/1/x", "p/acme/cats/items/short/1", "p/", "", "p/acme", "p/acme/cats",
        ];
        Assert.All(others, key => Assert.Null(EventRouter.OfOwn("p/", key)));
    }

    [Fact]
    public void In_a_datasets_own_storage_other_objects_are_items_by_their_path()
    {
        Assert.Equal(new ItemKey(Dataset, Id), EventRouter.OfBound(Dataset, $"items/{Id}/2"));
        Assert.Equal(new ItemKey(Dataset, Id), EventRouter.OfBound(Dataset, "a.png"));
        Assert.Equal(new ItemKey(Dataset, ItemId.FromPath("caf\u00e9/1.png")), EventRouter.OfBound(Dataset, "cafe\u0301/1.png"));
        Assert.All([$"labels/{Id}/1.json", "dataset.json", $"items/{Id}/item.json", "folder/", ""], key => Assert.Null(EventRouter.OfBound(Dataset, key)));
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
