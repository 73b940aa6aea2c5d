using System.Text;
using CsCheck;
using Edna.Keys;
using Xunit;

namespace Edna.Grains.Tests.Keys;

public sealed class ItemPathTests
{
    [Theory]
    [InlineData(null, "empty")]
    [InlineData("", "empty")]
    [InlineData("/a", "relative")]
    [InlineData("a//b", "empty segments")]
    [InlineData("a/", "empty segments")]
    [InlineData("a/../b", "'..'")]
    [InlineData("..", "'..'")]
    [InlineData("./a", "'.'")]
    [InlineData("a\\b", "'\\'")]
    [InlineData("a\u0000b", "control")]
    [InlineData("a\u0085b", "control")]
    [InlineData("a\ufffeb", "U+FFFE")]
    public void A_bad_path_is_refused_with_its_reason(string? path, string reason)
    {
        Assert.False(ItemPath.TryNormalise(path, out _, out var fault));
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('\ud800')]
    [InlineData('\udc00')]
    public void Half_a_surrogate_pair_is_refused(char half)
    {
        Assert.False(ItemPath.TryNormalise($"a{half}b", out _, out var fault));
        Assert.Contains("surrogate", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cats/001.jpg")]
    [InlineData("a")]
    [InlineData("...")]
    [InlineData(".hidden/..a")]
    [InlineData("with space/ü+%&?#.png")]
    [InlineData("😀/ok")]
    public void A_good_path_is_taken(string path) => Assert.True(ItemPath.TryNormalise(path, out _, out _));

    [Fact]
    public void The_longest_path_is_1024_bytes_after_normalisation()
    {
        Assert.True(ItemPath.TryNormalise(new string('a', 1024), out _, out _));
        Assert.False(ItemPath.TryNormalise(new string('a', 1025), out _, out _));
        Assert.True(ItemPath.TryNormalise(new string('ü', 512), out _, out _));
        Assert.False(ItemPath.TryNormalise(new string('ü', 513), out _, out _));
        Assert.True(ItemPath.TryNormalise(string.Concat(Enumerable.Repeat("u\u0308", 512)), out _, out _));
    }

    [Fact]
    public void Two_spellings_of_one_text_are_one_path_and_one_id()
    {
        Assert.True(ItemPath.TryNormalise("Z\u0065\u0301bre.jpg", out var decomposed, out _));
        Assert.True(ItemPath.TryNormalise("Z\u00e9bre.jpg", out var composed, out _));
        Assert.Equal(composed, decomposed);
        Assert.Equal(ItemId.FromPath(composed), ItemId.FromPath(decomposed));
    }

    [Fact]
    public void Whatever_is_taken_is_normal_relative_and_short() =>
        Gen.String[Gen.Char, 0, 60].Sample(text =>
        {
            if (!ItemPath.TryNormalise(text, out var path, out var fault)) return fault.Length > 0;
            return path.IsNormalized(NormalizationForm.FormC) && Encoding.UTF8.GetByteCount(path) <= ItemPath.MaxBytes
                && path[0] != '/' && path.Split('/').All(s => s is not ("" or "." or ".."))
                && ItemPath.TryNormalise(path, out var again, out _) && again == path;
        }, iter: 20_000);
}
