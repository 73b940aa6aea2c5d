using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Edna.Keys;
using Xunit;

namespace Edna.Grains.Tests.Keys;

public sealed class ItemIdTests
{
    /// <summary>Made with: printf %s PATH | sha256sum | cut -c1-32 | xxd -r -p | base32 | tr A-Z a-z | tr -d =</summary>
    [Theory]
    [InlineData("cats/001.jpg", "4azcj3e24i5t2dvcagsg5ulrhe")]
    [InlineData("ü/日本.png", "u4vqb7eycbm3qj7nnbeibcz4cu")]
    public void An_id_is_128_bits_of_the_paths_sha256_in_base32(string path, string id) => Assert.Equal(id, ItemId.FromPath(path));

    [Fact]
    public void Every_id_is_valid_and_its_shard_is_the_first_four_bits() =>
        Gen.String[Gen.Char.AlphaNumeric, 1, 80].Sample(path =>
        {
            var id = ItemId.FromPath(path);
            var first = SHA256.HashData(Encoding.UTF8.GetBytes(path))[0];
            return ItemId.IsValid(id) && ItemId.ShardOf(id) == first >> 4;
        }, iter: 5_000);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaa1")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaa/")]
    public void Anything_else_is_no_id(string? text) => Assert.False(ItemId.IsValid(text));

    [Fact]
    public void Keys_come_back_from_their_text()
    {
        var item = new ItemKey(new("acme", "cats-2"), ItemId.FromPath("a"));
        Assert.Equal(item, ItemKey.Parse(item.ToString()));
        Assert.Equal(item.Shard, ShardKey.Parse(item.Shard.ToString()));
        Assert.Equal(item.Dataset, DatasetKey.Parse(item.Dataset.ToString()));
    }
}
