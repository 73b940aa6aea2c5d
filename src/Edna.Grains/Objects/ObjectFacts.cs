using System.Text;
using Edna.Items;

namespace Edna.Objects;

/// <summary>
/// The facts of an item that travel with its bytes as object metadata (<c>x-amz-meta-edna-…</c>), so that the bucket alone
/// tells what an object is. Values are percent-encoded UTF-8; S3 allows 2 KB for all names and values together.
/// </summary>
public static class ObjectFacts
{
    /// <summary>Bytes that S3 allows for all user metadata of an object.</summary>
    public const int Budget = 2 << 10;

    /// <summary>The path, percent-encoded; absent when <see cref="Path64"/> is there.</summary>
    public const string Path = "edna-path";

    /// <summary>The path in base64url, for paths that percent-encoding would make too long.</summary>
    public const string Path64 = "edna-path64";

    /// <summary>Who opened the upload.</summary>
    public const string By = "edna-by";

    /// <summary>Who announced the item, where that was another than <see cref="By"/>.</summary>
    public const string CreatedBy = "edna-created-by";

    /// <summary>The declared checksum, <c>algorithm:base64</c>.</summary>
    public const string Checksum = "edna-checksum";

    /// <summary>The split.</summary>
    public const string Split = "edna-split";

    /// <summary>The user's metadata; absent when it does not fit, and then in the item document.</summary>
    public const string Metadata = "edna-metadata";

    private const int LongestEncodedPath = 1_024;
    private const int LongestBy = 128;

    /// <summary>The object metadata of an upload, in name order.</summary>
    /// <param name="path">The item's path.</param>
    /// <param name="upload">The upload.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(string path, OpenUpload upload)
    {
        var facts = new List<KeyValuePair<string, string>>(6);
        facts.Add(new(By, Short(upload.By)));
        if (upload.CreatedBy is { } createdBy) facts.Add(new(CreatedBy, Short(createdBy)));
        if (upload.Checksum is { } checksum) facts.Add(new(Checksum, $"{checksum.Algorithm}:{checksum.Value}"));
        var encodedPath = Encode(path);
        facts.Add(encodedPath.Length <= LongestEncodedPath
            ? new(Path, encodedPath)
            : new(Path64, System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(path))));
        if (upload.Split is { } split) facts.Add(new(Split, Encode(split)));
        if (upload.Metadata is { } metadata)
        {
            var encoded = new KeyValuePair<string, string>(Metadata, Encode(metadata.Text));
            if (facts.Sum(Length) + Length(encoded) <= Budget) facts.Add(encoded);
        }
        facts.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return facts;
    }

    /// <summary>Whether the facts of an upload carry all of its metadata.</summary>
    /// <param name="facts">What <see cref="Of"/> answered.</param>
    /// <param name="upload">The upload.</param>
    public static bool Carries(IReadOnlyList<KeyValuePair<string, string>> facts, OpenUpload upload) =>
        upload.Metadata is null || facts.Any(f => f.Key == Metadata);

    /// <summary>Whether the object of a confirmed upload tells everything of its item that tags do not: also who made it. (A caller's name may be too long.)</summary>
    /// <param name="state">The item.</param>
    /// <param name="upload">The upload.</param>
    public static bool CarriesAll(ItemState state, OpenUpload upload) =>
        Encode(state.CreatedBy).Length <= LongestBy && Carries(Of(state.Path, upload), upload);

    /// <summary>Percent-encodes everything but visible ASCII; and <c>%</c> itself.</summary>
    /// <param name="text">Any text.</param>
    public static string Encode(string text)
    {
        var plain = true;
        foreach (var c in text) plain &= c is > ' ' and < '\x7f' and not '%';
        if (plain) return text;
        var encoded = new StringBuilder(text.Length * 2);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is > 0x20 and < 0x7f and not (byte)'%') encoded.Append((char)b);
            else encoded.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
        return encoded.ToString();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <param name="text">The encoded text.</param>
    public static string Decode(string text) => Uri.UnescapeDataString(text);

    private static string Short(string name) => Encode(name) is { Length: > LongestBy } encoded ? encoded[..LongestBy] : Encode(name);

    private static int Length(KeyValuePair<string, string> fact) => fact.Key.Length + fact.Value.Length;
}
