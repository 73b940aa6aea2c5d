using CsCheck;
using Edna.Datasets;
using Edna.Items;
using Edna.Json;
using Xunit;

namespace Edna.Grains.Tests.Items;

public sealed class ItemRulesTests
{
    private static readonly Dataset Open = new() { Name = "cats", CreatedAt = default, CreatedBy = "ann", Revision = 1 };
    private static readonly CreateItem Good = new() { Path = "a.png", ContentType = "image/png", Size = 3 };

    private static IReadOnlyDictionary<string, string[]> FaultsOf(CreateItem request, Dataset? dataset = null)
    {
        var errors = new FieldErrors();
        ItemRules.Check(request, dataset ?? Open, errors, out _);
        return errors.ToDictionary();
    }

    private static Dictionary<string, string> Tags(int count) => Enumerable.Range(0, count).ToDictionary(i => $"k{i}", i => $"v{i}");

    [Fact]
    public void A_plain_announcement_is_fine() => Assert.Empty(FaultsOf(Good));

    [Fact]
    public void Every_fault_is_named_at_once()
    {
        var faults = FaultsOf(new() { Path = "../a", Size = -1, ContentType = "png", Checksum = new() { Algorithm = "sha1", Value = "" }, Split = "", Tags = Tags(11) });
        Assert.Equal(["checksum.algorithm", "contentType", "path", "size", "split", "tags"], faults.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(-1L, false)]
    [InlineData(0L, true)]
    [InlineData(50_000_000_000_000L, true)]
    [InlineData(50_000_000_000_001L, false)]
    public void Size_is_0_to_50_TB(long size, bool fine) => Assert.Equal(fine, FaultsOf(Good with { Size = size }).Count == 0);

    [Theory]
    [InlineData("image/png", true)]
    [InlineData("text/plain; charset=utf-8", true)]
    [InlineData("application/vnd.x+json", true)]
    [InlineData("png", false)]
    [InlineData("image/", false)]
    [InlineData("a/b/c", false)]
    [InlineData("image/pñg", false)]
    [InlineData("image/png\n", false)]
    public void Content_type_is_a_media_type(string type, bool fine) => Assert.Equal(fine, FaultsOf(Good with { ContentType = type }).Count == 0);

    [Fact]
    public void Ten_tags_are_fine_and_eleven_are_not()
    {
        Assert.Empty(FaultsOf(Good with { Tags = Tags(10) }));
        Assert.Contains("tags", FaultsOf(Good with { Tags = Tags(11) }));
    }

    [Theory]
    [InlineData(128, 256, true)]
    [InlineData(129, 0, false)]
    [InlineData(1, 257, false)]
    [InlineData(0, 1, false)]
    public void Tag_lengths_end_where_S3s_do(int key, int value, bool fine) =>
        Assert.Equal(fine, FaultsOf(Good with { Tags = new Dictionary<string, string> { [new('k', key)] = new('v', value) } }).Count == 0);

    [Theory]
    [InlineData("a b_c.d:e/f=g+h-i@j", true)]
    [InlineData("größe", true)]
    [InlineData("a&b", false)]
    [InlineData("a,b", false)]
    [InlineData("a*", false)]
    [InlineData("tab\t", false)]
    public void Tag_characters_are_S3s(string text, bool fine) =>
        Assert.Equal(fine, FaultsOf(Good with { Tags = new Dictionary<string, string> { [text] = text } }).Count == 0);

    [Theory]
    [InlineData("edna:x")]
    [InlineData("EDNA:x")]
    [InlineData("aws:x")]
    public void Reserved_tag_keys_are_refused(string key) => Assert.NotEmpty(FaultsOf(Good with { Tags = new Dictionary<string, string> { [key] = "" } }));

    [Fact]
    public void Metadata_is_an_object_of_at_most_8_KiB()
    {
        Assert.Empty(FaultsOf(Good with { Metadata = new JsonText($"{{\"a\":\"{new string('x', 8192 - 8)}\"}}") }));
        Assert.NotEmpty(FaultsOf(Good with { Metadata = new JsonText($"{{\"a\":\"{new string('x', 8192 - 7)}\"}}") }));
        Assert.NotEmpty(FaultsOf(Good with { Metadata = new JsonText("[1]") }));
    }

    [Fact]
    public void A_split_is_one_of_the_datasets_when_it_names_any()
    {
        var named = Open with { Splits = ["train", "test"] };
        Assert.Empty(FaultsOf(Good with { Split = "train" }, named));
        Assert.NotEmpty(FaultsOf(Good with { Split = "other" }, named));
        Assert.Empty(FaultsOf(Good with { Split = "other" }));
        Assert.Empty(FaultsOf(Good with { Split = new string('s', 64) }));
        Assert.NotEmpty(FaultsOf(Good with { Split = new string('s', 65) }));
    }

    [Fact]
    public void A_checksum_is_base64_of_its_algorithms_length() =>
        Gen.Select(Gen.Int[0, 3].Select(i => new[] { "sha256", "md5", "crc64nvme", "sha1" }[i]), Gen.Byte.Array[0, 40]).Sample((algorithm, digest) =>
        {
            var right = algorithm switch { "sha256" => 32, "md5" => 16, "crc64nvme" => 8, _ => -1 };
            var faults = FaultsOf(Good with { Checksum = new() { Algorithm = algorithm, Value = Convert.ToBase64String(digest) } });
            return faults.Count == 0 == (digest.Length == right);
        }, iter: 2_000);
}
