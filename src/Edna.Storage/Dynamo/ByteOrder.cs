namespace Edna.Storage.Dynamo;

/// <summary>Bounds of ranges of byte texts, for conditions that know only "between, both ends included". Pure.</summary>
internal static class ByteOrder
{
    /// <summary>The first text after one, of those that are no longer than a limit.</summary>
    /// <param name="text">At most <paramref name="longest"/> bytes, not all of them 255.</param>
    /// <param name="longest">The longest text there can be.</param>
    public static byte[] After(ReadOnlySpan<byte> text, int longest) => text.Length < longest ? [.. text, 0] : AfterAllOf(text);

    /// <summary>A text after every one that begins so; none lies between. For no text at all: one after all of UTF-8.</summary>
    /// <param name="prefix">Not all bytes 255.</param>
    public static byte[] AfterAllOf(ReadOnlySpan<byte> prefix)
    {
        if (prefix.IsEmpty) return [byte.MaxValue];
        var last = prefix.LastIndexOfAnyExcept(byte.MaxValue);
        return [.. prefix[..last], (byte)(prefix[last] + 1)];
    }
}
