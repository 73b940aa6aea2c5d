using System.Buffers.Text;
using System.Text.Unicode;
using Edna.Keys;

namespace Edna.Storage.Rows;

/// <summary>A place in a list in path order as text: the last path that was looked at.</summary>
internal static class ListCursor
{
    public static string Format(ReadOnlySpan<byte> path) => Base64Url.EncodeToString(path);

    /// <exception cref="FormatException">The text is not one of ours.</exception>
    public static byte[] Parse(string cursor)
    {
        if (Base64Url.IsValid(cursor) && Base64Url.DecodeFromChars(cursor) is { Length: > 0 and <= ItemPath.MaxBytes } path && Utf8.IsValid(path)) return path;
        throw new FormatException("The cursor is not one of this list's.");
    }
}
