using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Edna.Keys;

/// <summary>
/// The path that names an item in its dataset, such as <c>cats/001.jpg</c>: Unicode NFC, segments separated by <c>/</c>,
/// relative, at most <see cref="MaxBytes"/> bytes of UTF-8 (S3's own limit for a key).
/// </summary>
public static class ItemPath
{
    /// <summary>The longest path, in bytes of UTF-8 after normalisation.</summary>
    public const int MaxBytes = 1024;

    /// <summary>Normalises a path to NFC and checks it.</summary>
    /// <param name="path">The path as the client wrote it.</param>
    /// <param name="normalised">The path in NFC.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryNormalise(string? path, [NotNullWhen(true)] out string? normalised, [NotNullWhen(false)] out string? fault)
    {
        normalised = null;
        fault = FaultOf(path);
        if (fault is not null) return false;
        normalised = path!.IsNormalized(NormalizationForm.FormC) ? path : path.Normalize(NormalizationForm.FormC);
        if (Encoding.UTF8.GetByteCount(normalised) > MaxBytes)
        {
            (normalised, fault) = (null, $"must be at most {MaxBytes} bytes of UTF-8");
            return false;
        }
        return true;
    }

    private static string? FaultOf(string? path)
    {
        if (string.IsNullOrEmpty(path)) return "must not be empty";
        if (path[0] == '/') return "must be relative: it must not start with '/'";
        for (var i = 0; i < path.Length; i++)
        {
            var c = path[i];
            if (char.IsControl(c)) return $"must not contain control characters (found U+{(int)c:X4})";
            if (c == '\\') return "must use '/' between segments, not '\\'";
            // The mark of text read in the wrong byte order; .NET takes it for no Unicode at all and does not normalise it.
            if (c == '\uFFFE') return "must not contain U+FFFE, which is no character (was the text read in the wrong byte order?)";
            if (!char.IsSurrogate(c)) continue;
            if (char.IsHighSurrogate(c) && i + 1 < path.Length && char.IsLowSurrogate(path[i + 1])) i++;
            else return "must be well-formed Unicode (found half of a surrogate pair)";
        }
        foreach (var range in path.AsSpan().Split('/'))
        {
            var segment = path.AsSpan()[range];
            if (segment.IsEmpty) return "must not contain empty segments ('//' or a '/' at the end)";
            if (segment is "." or "..") return "must not contain the segments '.' or '..'";
        }
        return null;
    }
}
