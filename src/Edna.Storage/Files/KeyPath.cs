using System.Globalization;
using System.Text;

namespace Edna.Storage.Files;

/// <summary>
/// Gives every key a file of its own, whatever its characters: each segment is a folder, the last one a file. Only lower-case
/// letters, digits, <c>-</c>, <c>_</c> and <c>.</c> (not first) stand as they are, all else as <c>%xx</c>, so that no key leaves
/// its bucket's folder and none meet on a file system that ignores case. Segments are cut every <see cref="ChunkBytes"/> bytes.
/// </summary>
internal static class KeyPath
{
    /// <summary>The longest key, in bytes of UTF-8 (S3's own limit).</summary>
    public const int MaxKeyBytes = 1024;

    /// <summary>A segment longer than this goes on in a folder below: file names have at most 255 bytes.</summary>
    public const int ChunkBytes = 64;

    /// <summary>Ends the name of an object's file.</summary>
    public const string ObjectSuffix = "~f";

    /// <summary>Ends the name of the file with an object's tags, where they were changed after the object was written.</summary>
    public const string TagsSuffix = "~t";

    /// <summary>Ends the name of a folder in which a cut segment goes on.</summary>
    public const char ChunkSuffix = '~';

    /// <summary>Stands for an empty segment.</summary>
    public const char EmptyFolder = '~';

    /// <summary>The path of an object's file, relative to the bucket's folder.</summary>
    public static string Of(string key)
    {
        var path = new StringBuilder(key.Length + 16);
        var utf8 = Encoding.UTF8.GetBytes(key).AsSpan();
        while (true)
        {
            var slash = utf8.IndexOf((byte)'/');
            var segment = slash < 0 ? utf8 : utf8[..slash];
            for (; segment.Length >= ChunkBytes; segment = segment[ChunkBytes..])
            {
                AppendEscaped(path, segment[..ChunkBytes]);
                path.Append(ChunkSuffix).Append('/');
            }
            AppendEscaped(path, segment);
            if (slash < 0) return path.Append(ObjectSuffix).ToString();
            if (segment.IsEmpty) path.Append(EmptyFolder);
            path.Append('/');
            utf8 = utf8[(slash + 1)..];
        }
    }

    /// <summary>The name of a bucket's folder.</summary>
    public static string OfBucket(string bucket)
    {
        var name = new StringBuilder(bucket.Length);
        AppendEscaped(name, Encoding.UTF8.GetBytes(bucket));
        return name.ToString();
    }

    /// <summary>Reads a file's or folder's name back; null when it is no name of this scheme.</summary>
    public static KeyPathEntry? Read(string name, bool isFolder)
    {
        if (isFolder && name is [EmptyFolder]) return new(KeyPathKind.Folder, "/"u8.ToArray());
        if (isFolder && name.EndsWith(ChunkSuffix)) return Unescape(name[..^1]) is { } chunk ? new(KeyPathKind.Chunk, chunk) : null;
        if (isFolder) return Unescape(name) is { } folder ? new(KeyPathKind.Folder, [.. folder, (byte)'/']) : null;
        if (!name.EndsWith(ObjectSuffix, StringComparison.Ordinal)) return null;
        return Unescape(name[..^ObjectSuffix.Length]) is { } file ? new(KeyPathKind.Object, file) : null;
    }

    private static void AppendEscaped(StringBuilder name, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var c = (char)bytes[i];
            if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' || (c == '.' && i > 0)) name.Append(c);
            else name.Append(CultureInfo.InvariantCulture, $"%{bytes[i]:x2}");
        }
    }

    private static byte[]? Unescape(string name)
    {
        var bytes = new byte[name.Length];
        var length = 0;
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] != '%') bytes[length++] = (byte)name[i];
            else if (i + 2 < name.Length && byte.TryParse(name.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var b))
                (bytes[length++], i) = (b, i + 2);
            else return null;
        }
        return bytes[..length];
    }
}

/// <summary>What an entry of a folder stands for.</summary>
internal enum KeyPathKind
{
    /// <summary>An object: its key ends here.</summary>
    Object = 0,

    /// <summary>A folder: the segment ends here.</summary>
    Folder = 1,

    /// <summary>A folder in which the segment goes on.</summary>
    Chunk = 2,
}

/// <summary>An entry of a folder, read back.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Bytes">The part of the key that it adds, the slash of a folder included.</param>
internal readonly record struct KeyPathEntry(KeyPathKind Kind, byte[] Bytes);
