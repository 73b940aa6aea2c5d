using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Edna.Webhooks;

/// <summary>Secrets and signatures as the Standard Webhooks specification (1.0.0) has them. Pure, but for the making of a secret.</summary>
internal static class WebhookSignature
{
    private const string SecretPrefix = "whsec_";
    private const int SecretBytes = 32;

    /// <summary>A new secret: <c>whsec_</c> and 32 random bytes in base64.</summary>
    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>
    /// The <c>webhook-signature</c> header: for each secret <c>v1,</c> and the base64 of HMAC-SHA256 over <c>id.timestamp.body</c>, separated by
    /// a space.
    /// </summary>
    /// <param name="id">The <c>webhook-id</c>; without a full stop.</param>
    /// <param name="timestamp">The <c>webhook-timestamp</c>, in seconds since 1970.</param>
    /// <param name="body">The very bytes that are sent.</param>
    /// <param name="secrets">The secrets, <c>whsec_…</c>.</param>
    public static string Header(string id, long timestamp, ReadOnlySpan<byte> body, IEnumerable<string> secrets)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));
        byte[] signed = [.. head, .. body];
        return string.Join(' ', secrets.Select(s => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(KeyOf(s), signed))}"));
    }

    private static byte[] KeyOf(string secret) => Convert.FromBase64String(secret[SecretPrefix.Length..]);
}
