using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Edna.Storage.Signing;

/// <summary>
/// The key of one UTC day and one set of credentials, with the texts that depend on nothing else. Immutable: a signer holds
/// exactly one and replaces it whole, so a signature can never mix two days or two sets of credentials.
/// </summary>
internal sealed class SigningKey
{
    private readonly byte[] _key;

    public SigningKey(SigningCredentials credentials, string region, DateOnly day)
    {
        Credentials = credentials;
        Day = day;
        var date = day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var scope = $"{date}/{region}/s3/aws4_request";
        Scope = Encoding.ASCII.GetBytes(scope);
        Credential = $"{credentials.AccessKeyId}/{scope}";
        _key = Derive(Encoding.UTF8.GetBytes("AWS4" + credentials.SecretAccessKey), date, region, "s3", "aws4_request");
    }

    public SigningCredentials Credentials { get; }

    public DateOnly Day { get; }

    /// <summary>The credential scope: <c>date/region/s3/aws4_request</c>.</summary>
    public byte[] Scope { get; }

    /// <summary>The value of <c>X-Amz-Credential</c>: the key's id and the scope.</summary>
    public string Credential { get; }

    /// <summary>Signs a text.</summary>
    public void Sign(ReadOnlySpan<byte> text, Span<byte> signature) => HMACSHA256.HashData(_key, text, signature);

    private static byte[] Derive(byte[] key, params ReadOnlySpan<string> steps)
    {
        foreach (var step in steps) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(step));
        return key;
    }
}
