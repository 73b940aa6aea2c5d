using System.Globalization;

namespace Edna.Search;

/// <summary>A size: a number, and a unit unless it is bytes. <c>kb</c> is 1,000 bytes, <c>kib</c> 1,024.</summary>
internal static class SizeLiteral
{
    private static readonly (string Unit, long Bytes)[] s_units =
    [
        ("kib", 1L << 10), ("mib", 1L << 20), ("gib", 1L << 30), ("tib", 1L << 40),
        ("kb", 1_000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("tb", 1_000_000_000_000), ("b", 1), ("", 1),
    ];

    /// <summary>The size, and the one after it.</summary>
    public static (long Start, long End)? Read(string text, out string fault)
    {
        fault = "a size is a number with b, kb, mb, gb, tb, kib, mib, gib or tib, such as 1000 or 1.5mb, of whole bytes and at most a million tb";
        var (unit, factor) = s_units.First(u => text.EndsWith(u.Unit, StringComparison.OrdinalIgnoreCase));
        var number = text.AsSpan(0, text.Length - unit.Length);
        if (number.IsEmpty || !char.IsAsciiDigit(number[0]) || !char.IsAsciiDigit(number[^1])
            || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || value > QueryLimits.Size / factor || decimal.Truncate(value * factor) != value * factor) return null;
        var bytes = (long)(value * factor);
        return (bytes, bytes + 1);
    }
}
