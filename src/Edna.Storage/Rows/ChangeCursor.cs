using System.Buffers;
using System.Globalization;

namespace Edna.Storage.Rows;

/// <summary>A place in the change feed as text: 16 hexadecimal digits, so that later ones compare greater.</summary>
internal static class ChangeCursor
{
    private const int Length = 16;

    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");

    public static string Format(long number) => number.ToString("x16", CultureInfo.InvariantCulture);

    /// <exception cref="FormatException">The text is not one of ours.</exception>
    public static long Parse(string cursor)
    {
        if (cursor.Length == Length
            && !cursor.AsSpan().ContainsAnyExcept(s_digits)
            && long.TryParse(cursor, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            && number >= 0)
            return number;
        throw new FormatException("The cursor is not one of this feed's.");
    }
}
