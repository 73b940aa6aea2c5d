using System.Globalization;
using Edna.Objects;

namespace Edna.Storage.Signing;

/// <summary>The headers that make a signed PUT good once, for exactly one object.</summary>
internal static class ObjectPutHeaders
{
    public const string ContentLength = "content-length";

    /// <summary>The headers to sign for an object, without those of its checksum.</summary>
    public static List<KeyValuePair<string, string>> Of(ObjectPut put)
    {
        var headers = new List<KeyValuePair<string, string>>(5 + put.Metadata.Count)
        {
            new(ContentLength, put.Size.ToString(CultureInfo.InvariantCulture)),
            new("content-type", put.ContentType),
            new("if-none-match", "*"),
        };
        if (put.Tags.Count > 0) headers.Add(new("x-amz-tagging", Tagging(put.Tags)));
        foreach (var (name, value) in put.Metadata) headers.Add(new("x-amz-meta-" + name, value));
        return headers;
    }

    /// <summary>What the client has to send itself: all but the length, which it derives from the body.</summary>
    public static Dictionary<string, string> ToSend(List<KeyValuePair<string, string>> signed)
    {
        var toSend = new Dictionary<string, string>(signed.Count, StringComparer.Ordinal);
        foreach (var (name, value) in signed)
        {
            if (name != ContentLength) toSend.Add(name, value);
        }
        return toSend;
    }

    /// <summary>Tags as <c>x-amz-tagging</c> takes them: a query string, here in the order of the keys.</summary>
    public static string Tagging(IReadOnlyDictionary<string, string> tags) => string.Join('&', tags
        .OrderBy(tag => tag.Key, StringComparer.Ordinal)
        .Select(tag => $"{Uri.EscapeDataString(tag.Key)}={Uri.EscapeDataString(tag.Value)}"));
}
