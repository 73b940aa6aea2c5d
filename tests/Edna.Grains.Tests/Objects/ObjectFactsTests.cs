using CsCheck;
using Edna.Items;
using Edna.Json;
using Edna.Objects;
using Xunit;

namespace Edna.Grains.Tests.Objects;

public sealed class ObjectFactsTests
{
    private static OpenUpload Upload(JsonText? metadata = null, string? split = null, string by = "ann") => new()
    {
        Attempt = 1, Size = 1, ContentType = "image/png", StartedAt = default, ExpiresAt = default, Deadline = default, By = by,
        Metadata = metadata, Split = split, Checksum = new() { Algorithm = "sha256", Value = Convert.ToBase64String(new byte[32]) },
    };

    [Fact]
    public void Any_text_comes_back_and_travels_as_visible_ASCII() =>
        Gen.String.Where(s => !s.Any(char.IsSurrogate)).Sample(text =>
        {
            var encoded = ObjectFacts.Encode(text);
            return encoded.All(c => c is > ' ' and < '\x7f') && ObjectFacts.Decode(encoded) == text;
        }, iter: 10_000);

    [Fact]
    public void The_facts_never_exceed_what_S3_takes() =>
        Gen.Select(Gen.Int[1, 341], Gen.Int[0, 4000], Gen.Int[1, 64]).Sample((path, metadata, split) =>
        {
            var facts = ObjectFacts.Of(new string('日', path), Upload(new JsonText($"\"{new string('m', metadata)}\""), new string('s', split), new string('b', 300)));
            return facts.Sum(f => f.Key.Length + f.Value.Length) <= ObjectFacts.Budget;
        }, iter: 2_000);

    [Fact]
    public void Metadata_that_does_not_fit_is_left_to_the_item_document()
    {
        var small = Upload(new JsonText("""{"a":1}"""));
        var large = Upload(new JsonText($"\"{new string('m', 3000)}\""));
        Assert.True(ObjectFacts.Carries(ObjectFacts.Of("a", small), small));
        Assert.False(ObjectFacts.Carries(ObjectFacts.Of("a", large), large));
    }
}
