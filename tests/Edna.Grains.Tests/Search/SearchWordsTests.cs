using System.Buffers;
using System.Text;
using CsCheck;
using Edna.Search;
using Xunit;

namespace Edna.Grains.Tests.Search;

/// <summary>What is indexed and what is asked is broken into words here and nowhere else: a change here needs an index that starts anew.</summary>
public sealed class SearchWordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("!!! - */", "")]
    [InlineData("cats/IMG_001 (2).JPG", "cats img 001 2 jpg")]
    [InlineData("-2.5e10", "2 5e10")]
    [InlineData("Größe Ångström TROMSØ", "große angstrom tromsø")]
    [InlineData("Gro\u0308\u00dfe", "große")]
    [InlineData("Việt Nam", "viet nam")]
    [InlineData("ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ")]
    [InlineData("Йод", "иод")]
    [InlineData("か\u3099っこう がっこう", "がっこう がっこう")]
    [InlineData("각 \u1100\u1161\u11a8", "각 각")]
    [InlineData("हिन्दी पाठ", "हिन्दी पाठ")]
    [InlineData("a\u2764\ufe0fb 1\ufe0f\u20e3", "a b 1")]
    [InlineData("½ Ⅷ ²", "½ ⅷ ²")]
    [InlineData("a\0b\ud800c\udc00", "a b c")]
    [InlineData("𝒳 𐐀 猫", "𝒳 𐐨 猫")]
    public void Text_is_broken_into_words(string text, string words)
    {
        Assert.Equal(words, SearchWords.Spell(text));
        Assert.Equal(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), SearchWords.Of(text));
    }

    [Fact]
    public void Every_character_spelt_is_spelt_the_same_again()
    {
        for (var code = 0; code <= 0x10FFFF; code++)
        {
            if (!Rune.IsValid(code)) continue;
            var spelt = SearchWords.Spell(new Rune(code).ToString());
            Assert.True(spelt == SearchWords.Spell(spelt), $"U+{code:X4} is spelt '{spelt}', and that '{SearchWords.Spell(spelt)}'.");
        }
    }

    [Fact]
    public void Any_text_is_spelt_the_same_in_characters_bytes_and_again() =>
        Gen.OneOf(Gen.String, Gen.Char[" Aa1-\u0308é\ud83d\ude00ßΣ\u3099か"].Array[0, 40].Select(chars => new string(chars))).Sample(text =>
        {
            var spelt = SearchWords.Spell(text);
            var bytes = new ArrayBufferWriter<byte>();
            SearchWords.Write(text, bytes);
            Assert.Equal(spelt, Encoding.UTF8.GetString(bytes.WrittenSpan));
            Assert.Equal(spelt, SearchWords.Spell(spelt));
            Assert.Equal(spelt, string.Join(' ', SearchWords.Of(text)));
        });
}
