using System.Diagnostics.CodeAnalysis;

namespace Edna.Search;

/// <summary>
/// A range as the language writes it: <c>&gt;=a</c>, <c>&gt;a</c>, <c>&lt;=a</c>, <c>&lt;a</c>, <c>a..b</c> with both ends in it, or <c>a</c>
/// alone. A value covers all that it names, a day all its hours, so each is a start and the end after it.
/// </summary>
/// <param name="Start">At least; null when there is no lower end.</param>
/// <param name="End">Below; null when there is no upper end.</param>
internal readonly record struct QueryRange(long? Start, long? End)
{
    /// <summary>Reads a value: what it covers, or what is wrong with it.</summary>
    public delegate (long Start, long End)? Literal(string text, out string fault);

    /// <summary>Reads a range.</summary>
    /// <param name="text">The range.</param>
    /// <param name="read">Reads a value.</param>
    /// <param name="range">The range.</param>
    /// <param name="fault">What is wrong.</param>
    public static bool TryRead(string text, Literal read, out QueryRange range, [NotNullWhen(false)] out string? fault)
    {
        range = default;
        var sign = text.StartsWith(">=", StringComparison.Ordinal) || text.StartsWith("<=", StringComparison.Ordinal) ? text[..2]
            : text is ['>' or '<', ..] ? text[..1] : "";
        var dots = sign.Length > 0 ? -1 : text.IndexOf("..", StringComparison.Ordinal);
        if (read(dots < 0 ? text[sign.Length..] : text[..dots], out fault) is not { } first) return false;
        if (dots < 0)
        {
            range = sign switch
            {
                ">=" => new(first.Start, null),
                ">" => new(first.End, null),
                "<=" => new(null, first.End),
                "<" => new(null, first.Start),
                _ => new(first.Start, first.End),
            };
            return true;
        }
        if (read(text[(dots + 2)..], out fault) is not { } last) return false;
        range = new(first.Start, last.End);
        if (range.Start < range.End) return true;
        fault = "the range ends before it begins: write the smaller end first";
        return false;
    }
}
