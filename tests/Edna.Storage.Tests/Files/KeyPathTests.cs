using System.Text;
using CsCheck;
using Edna.Objects;
using Xunit;

namespace Edna.Storage.Files;

public sealed class KeyPathTests
{
    private static readonly Gen<string> Key = Gen.OneOf(
        OneOf.Values("..", "../../etc/passwd", "/", "//", "a/../b", "./a", "CON", "a.", "~", "~f", "a~f", "a~f/b", "%", "\0", "a\\b", "/a", "a/"),
        Gen.String[Gen.Char["aA/.~%"], 1, 200],
        Gen.String[1, 100]);

    [Fact]
    public void Every_key_has_a_path_of_its_own_within_its_bucket() => Gen.Select(Key, Key).Sample((one, other) =>
    {
        var path = KeyPath.Of(one);
        Assert.All(path.Split('/'), segment =>
        {
            Assert.InRange(Encoding.UTF8.GetByteCount(segment), 1, 255);
            Assert.NotEqual('.', segment[0]);
            Assert.Matches("^[a-z0-9._%~-]+$", segment);
        });
        var differ = !Encoding.UTF8.GetBytes(one).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(other));
        Assert.Equal(differ, path != KeyPath.Of(other));
    }, iter: 5_000);

    [Fact]
    public void A_path_tells_its_key() => Key.Sample(key =>
    {
        var segments = KeyPath.Of(key).Split('/');
        var read = segments.SelectMany((segment, i) => KeyPath.Read(segment, isFolder: i < segments.Length - 1)!.Value.Bytes).ToArray();
        Assert.Equal(Encoding.UTF8.GetBytes(key), read);
    }, iter: 5_000);

    [Fact]
    public void The_checksum_is_the_one_its_catalogue_entry_tells()
    {
        // CRC-64/NVME, check value for "123456789".
        var crc = new Crc64Nvme();
        crc.Append("123456789"u8);
        Assert.Equal("AE8B14860A799888", Convert.ToHexString(crc.GetCurrentHash()));
        var pieces = new Crc64Nvme();
        foreach (var b in "123456789"u8) pieces.Append([b]);
        Assert.Equal(crc.GetCurrentHash(), pieces.GetCurrentHash());
    }
}
