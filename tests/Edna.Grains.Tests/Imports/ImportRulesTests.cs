using CsCheck;
using Edna.Imports;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Xunit;

namespace Edna.Grains.Tests.Imports;

public sealed class ImportRulesTests
{
    private static readonly Gen<string> Text = Gen.OneOf(OneOf("", "a/", "items/", "a/b.png", "..", "../", "labels/x/1.json", "dataset.json"), Gen.String[0, 12]);

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static ListedEntry Read(string root, string key) => ImportRules.Read(new(root + key, 5, "e", DateTimeOffset.UnixEpoch), root);

    [Fact]
    public void A_prefix_never_leads_out_of_the_root() => Gen.Select(OneOf("", "raw/", "default/set/"), Text).Sample((root, prefix) =>
        Assert.StartsWith(root, ImportRules.KeyPrefix(root, prefix), StringComparison.Ordinal), iter: 10_000);

    [Theory]
    [InlineData("raw/", null, "raw/")]
    [InlineData("raw/", "", "raw/")]
    [InlineData("raw/", "raw/", "raw/")]
    [InlineData("raw/", "raw/cats/", "raw/cats/")]
    [InlineData("raw/", "cats/", "raw/cats/")]
    [InlineData("raw/", "raw", "raw/raw")]
    [InlineData("raw/", "../", "raw/../")]
    [InlineData("", "cats/", "cats/")]
    public void A_prefix_is_taken_whole_when_it_starts_with_the_root(string root, string? prefix, string expected) =>
        Assert.Equal(expected, ImportRules.KeyPrefix(root, prefix));

    [Fact]
    public void What_becomes_an_object_has_a_path_that_items_may_have() => Gen.Select(OneOf("", "raw/"), Text).Sample((root, key) =>
    {
        var (found, reason, _) = Read(root, key);
        if (found is null) return;
        Assert.Null(reason);
        Assert.True(ItemPath.TryNormalise(found.Path, out var path, out _) && path == found.Path);
        Assert.Equal(root + key, found.Key);
        Assert.Null(ObjectKeyParts.Read(key));
    }, iter: 20_000);

    [Theory]
    [InlineData("cats/", "import.folder")]
    [InlineData("", "import.folder")]
    [InlineData("a//b", "import.path_invalid")]
    [InlineData("../b", "import.path_invalid")]
    [InlineData("a\\b", "import.path_invalid")]
    [InlineData("dataset.json", null)]
    [InlineData("items/aaaaaaaaaaaaaaaaaaaaaaaaaa/1", null)]
    [InlineData("imports/import-x-1/00000001.json", null)]
    public void What_is_no_object_says_why_or_is_ednas_own(string key, string? reason)
    {
        var entry = Read("raw/", key);
        Assert.Null(entry.Object);
        Assert.Equal(reason, entry.Skipped);
    }

    [Fact]
    public void A_page_comes_back_as_it_was_written()
    {
        var page = new ImportPage
        {
            Job = "import-x", At = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero), By = "ann",
            Objects =
            [
                new() { Key = "a.png", Size = 1, ETag = "e", LastModified = DateTimeOffset.UnixEpoch, ContentType = "image/png" },
                new()
                {
                    Key = "cafe\u0301", Path = "caf\u00e9", Revision = 2, Size = 0, ETag = "f", LastModified = DateTimeOffset.UnixEpoch, ContentType = "a/b",
                    Tags = new Dictionary<string, string> { ["k"] = "v" }, Metadata = new("""{"m":"n"}"""),
                },
            ],
        };
        var body = ImportPage.Write(page);
        Assert.Equal(
            """{"job":"import-x","at":"2026-11-22T12:00:00+00:00","by":"ann","objects":[{"key":"a.png","size":1,"eTag":"e","lastModified":"1970-01-01T00:00:00+00:00","contentType":"image/png"},{"key":"cafe\u0301","path":"caf\u00E9","revision":2,"size":0,"eTag":"f","lastModified":"1970-01-01T00:00:00+00:00","contentType":"a/b","tags":{"k":"v"},"metadata":{"m":"n"}}]}""",
            System.Text.Encoding.UTF8.GetString(body));
        Assert.Equal(body, ImportPage.Write(ImportPage.Read(body)));
    }
}
