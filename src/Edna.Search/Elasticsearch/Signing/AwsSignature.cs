using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Edna.Search.Elasticsearch.Signing;

/// <summary>What requests are signed with. A class without a printed form, so that no log can show the secret.</summary>
internal sealed class AwsKeys(string accessKeyId, string secretAccessKey, string? sessionToken)
{
    public string AccessKeyId => accessKeyId;

    public string SecretAccessKey => secretAccessKey;

    /// <summary>The token that temporary credentials come with; null for lasting ones.</summary>
    public string? SessionToken => string.IsNullOrEmpty(sessionToken) ? null : sessionToken;
}

/// <summary>
/// Signature Version 4 in a header (AWS General Reference, "Create a signed AWS API request"). The storage adapters have a signer of
/// their own for URLs of S3; this is the other form, for other services.
/// </summary>
internal static class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The value of the <c>Authorization</c> header.</summary>
    /// <param name="method">The method.</param>
    /// <param name="address">The address; its path and query are escaped as they are sent.</param>
    /// <param name="headers">The headers to sign, by their names in small letters, <c>host</c> and <c>x-amz-date</c> among them.</param>
    /// <param name="bodyHash">SHA-256 of the body, in small hexadecimal letters.</param>
    /// <param name="keys">The credentials.</param>
    /// <param name="region">The region.</param>
    /// <param name="service">The service.</param>
    public static string Sign(string method, Uri address, SortedDictionary<string, string> headers, string bodyHash, AwsKeys keys, string region, string service)
    {
        var time = headers["x-amz-date"];
        var scope = $"{time[..8]}/{region}/{service}/aws4_request";
        var names = string.Join(';', headers.Keys);
        var canonical = new StringBuilder()
            .Append(method).Append('\n')
            .Append(Path(address)).Append('\n')
            .Append(Query(address)).Append('\n');
        foreach (var (name, value) in headers) canonical.Append(name).Append(':').Append(value.Trim()).Append('\n');
        canonical.Append('\n').Append(names).Append('\n').Append(bodyHash);
        var text = $"{Algorithm}\n{time}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(canonical.ToString()))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + keys.SecretAccessKey);
        foreach (var step in (string[])[time[..8], region, service, "aws4_request", text]) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(step));
        return $"{Algorithm} Credential={keys.AccessKeyId}/{scope}, SignedHeaders={names}, Signature={Convert.ToHexStringLower(key)}";
    }

    /// <summary>A time as AWS writes it.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>SHA-256 in small hexadecimal letters.</summary>
    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Of all services but S3, what is escaped in the path is escaped once more.</summary>
    private static string Path(Uri address) => string.Join('/', address.AbsolutePath.Split('/').Select(Uri.EscapeDataString));

    private static string Query(Uri address) => string.Join('&', address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2)).Select(pair => (Name: Escaped(pair[0]), Value: pair.Length > 1 ? Escaped(pair[1]) : ""))
        .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal).Select(pair => $"{pair.Name}={pair.Value}"));

    private static string Escaped(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));
}
