using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Edna.Search;

/// <summary>
/// Breaks text into words: the one definition, for what is indexed and for what is asked, on every search index. A word is a run of
/// letters, digits and other numbers, and of the marks that follow them; all else separates. Capitals are small ones, and accents
/// that Unicode knows as marks of their own (U+0300–U+036F) are left out: <c>Größe</c> is <c>große</c> is <c>GROßE</c>. Spelling a word again gives the word.
/// </summary>
public static class SearchWords
{
    /// <summary>The words of a text, in order.</summary>
    /// <param name="text">Any text.</param>
    public static ImmutableArray<string> Of(string text) => [.. Spell(text).Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>The words of a text, in order, with a space between.</summary>
    /// <param name="text">Any text.</param>
    public static string Spell(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Ascii.IsValid(text) ? string.Create(CountAscii(text), text, (to, from) => SpellAscii(from, to)) : SpellUnicode(text);
    }

    /// <summary>Writes <see cref="Spell"/> in UTF-8.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="to">Where to.</param>
    public static void Write(string text, IBufferWriter<byte> to)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(to);
        if (Ascii.IsValid(text)) to.Advance(WriteAscii(text, to.GetSpan(text.Length + 1)));
        else Encoding.UTF8.GetBytes(SpellUnicode(text), to);
    }

    private static int CountAscii(string text)
    {
        var (length, inWord) = (0, false);
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c)) length += inWord || length == 0 ? 1 : 2;
            inWord = char.IsAsciiLetterOrDigit(c);
        }
        return length;
    }

    private static void SpellAscii(string text, Span<char> to)
    {
        var (length, inWord) = (0, false);
        foreach (var c in text)
        {
            var isWord = char.IsAsciiLetterOrDigit(c);
            if (isWord && !inWord && length > 0) to[length++] = ' ';
            if (isWord) to[length++] = char.ToLowerInvariant(c);
            inWord = isWord;
        }
    }

    private static int WriteAscii(string text, Span<byte> to)
    {
        var (length, inWord) = (0, false);
        foreach (var c in text)
        {
            var isWord = char.IsAsciiLetterOrDigit(c);
            if (isWord && !inWord && length > 0) to[length++] = (byte)' ';
            if (isWord) to[length++] = (byte)(char.IsAsciiLetterUpper(c) ? c | 0x20 : c);
            inWord = isWord;
        }
        return length;
    }

    private static string SpellUnicode(string text)
    {
        var (words, inWord) = (new StringBuilder(text.Length), false);
        foreach (var rune in WithoutAccents(text).EnumerateRunes())
        {
            var isWord = IsWord(rune, inWord);
            if (isWord && !inWord && words.Length > 0) words.Append(' ');
            // Up and down again: letters that differ in small only, such as the two small sigmas, become one.
            if (isWord) words.Append(Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)));
            inWord = isWord;
        }
        return words.ToString();
    }

    /// <summary>Taken apart, accents left out, and put together again, so that the marks that are letters' own in other scripts stay.</summary>
    private static string WithoutAccents(string text)
    {
        var whole = new StringBuilder(text.Length);
        // Halves of surrogate pairs and U+FFFE cannot be normalised; as U+FFFD they separate, as they would anyway.
        foreach (var rune in text.EnumerateRunes()) whole.Append(rune.Value == 0xFFFE ? Rune.ReplacementChar : rune);
        var kept = new StringBuilder(whole.Length);
        foreach (var rune in whole.ToString().Normalize(NormalizationForm.FormD).EnumerateRunes())
            if (!IsAccent(rune)) kept.Append(rune);
        return kept.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>Accents, marks around symbols, and choices between glyphs.</summary>
    private static bool IsAccent(Rune rune) =>
        rune.Value is (>= 0x300 and <= 0x36F) or (>= 0x20D0 and <= 0x20FF) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);

    private static bool IsWord(Rune rune, bool inWord) => Rune.GetUnicodeCategory(rune) switch
    {
        <= UnicodeCategory.OtherLetter => true,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.PrivateUse => true,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => inWord,
        _ => false,
    };
}
