using System.Globalization;
using System.Text;

namespace Edna.Search.Sqlite;

/// <summary>
/// Reads what a user typed: words and "phrases", all of which must occur; a word that ends in <c>*</c> is a prefix. Whatever is
/// typed, what comes out is valid for FTS5: every word is quoted, and nothing else of it reaches the syntax.
/// </summary>
internal static class QueryText
{
    /// <summary>The FTS5 expression; null when nothing was typed; empty when nothing that could occur was typed.</summary>
    /// <param name="query">Any text.</param>
    public static string? ToExpression(string? query)
    {
        if (string.IsNullOrWhiteSpace(query)) return null;
        var expression = new StringBuilder();
        for (var at = 0; at < query.Length;)
        {
            var quoted = query[at] == '"';
            var start = quoted ? at + 1 : at;
            var end = start;
            while (end < query.Length && (quoted ? query[end] != '"' : !IsBreak(query[end]))) end++;
            Append(expression, query.AsSpan(start, end - start), quoted);
            at = quoted || end == start ? end + 1 : end;
        }
        return expression.ToString();
    }

    private static bool IsBreak(char c) => c == '"' || char.IsWhiteSpace(c) || char.IsControl(c);

    private static void Append(StringBuilder expression, ReadOnlySpan<char> word, bool quoted)
    {
        var prefix = !quoted && word.EndsWith('*');
        if (!HasLetterOrDigit(word)) return;
        if (expression.Length > 0) expression.Append(" AND ");
        expression.Append('"');
        // A NUL would end the expression in the middle of a word.
        foreach (var c in word) expression.Append(char.IsControl(c) ? ' ' : c);
        expression.Append('"');
        if (prefix) expression.Append(" *");
    }

    /// <summary>What the tokenizer takes as part of a word; text without any has no words that could occur.</summary>
    private static bool HasLetterOrDigit(ReadOnlySpan<char> word)
    {
        foreach (var rune in word.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is <= UnicodeCategory.OtherLetter
                or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
                or UnicodeCategory.PrivateUse) return true;
        }
        return false;
    }
}
