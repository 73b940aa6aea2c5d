using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace Edna.Storage.Signing;

/// <summary>Checks requests that came by URLs of a <see cref="SigV4Presigner"/>, by making the signature once more.</summary>
/// <param name="signer">The signer whose credentials and region count.</param>
/// <param name="time">The clock that expiry is measured by.</param>
public sealed class SigV4Verifier(SigV4Presigner signer, TimeProvider time)
{
    private const int MostParameters = 32;
    private const int MostHeaders = 128;
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~");
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(15);

    /// <summary>Checks a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="parameters">Query parameters that are not the signature's own; to be trusted only with <see cref="SignatureVerdict.Valid"/>.</param>
    public SignatureVerdict Verify(ReceivedRequest request, out IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        ArgumentNullException.ThrowIfNull(request);
        parameters = [];
        var mark = request.RawTarget.IndexOf('?', StringComparison.Ordinal);
        if (mark < 0) return SignatureVerdict.Missing;
        var query = ReadQuery(request.RawTarget.AsSpan(mark + 1));
        if (query is null) return SignatureVerdict.Malformed;
        if (!query.Remove(CanonicalRequest.SignatureName, out var claimed)) return SignatureVerdict.Missing;
        if (ReadSignature(query, claimed) is not { } signature) return SignatureVerdict.Malformed;
        parameters = [.. query];

        var verdict = CheckSignature(request, request.RawTarget[..mark], parameters, signature);
        if (verdict != SignatureVerdict.Valid) return verdict;
        var now = time.GetUtcNow();
        if (signature.SignedAt > now + ClockDifference) return SignatureVerdict.NotYetValid;
        return now >= signature.SignedAt.AddSeconds(signature.Lifetime) ? SignatureVerdict.Expired : SignatureVerdict.Valid;
    }

    private SignatureVerdict CheckSignature(
        ReceivedRequest request, string path, IReadOnlyList<KeyValuePair<string, string>> parameters, Signature signature)
    {
        var key = signer.KeyFor(signature.SignedAt);
        if (signature.Credential != key.Credential || signature.Token != key.Credentials.SessionToken) return SignatureVerdict.WrongCredential;
        var names = signature.SignedHeaders.Split(';');
        if (names.Length > MostHeaders || !names.Contains("host")) return SignatureVerdict.Malformed;
        foreach (var name in request.HeaderNames)
        {
            if (name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) && !names.Contains(name, StringComparer.OrdinalIgnoreCase))
                return SignatureVerdict.UnsignedHeader;
        }

        var headers = new List<KeyValuePair<string, string>>(names.Length);
        foreach (var name in names)
        {
            if (name == "host") continue;
            if (request.Header(name) is not { } value) return SignatureVerdict.Mismatch;
            if (headers.Exists(header => header.Key == name)) return SignatureVerdict.Malformed;
            headers.Add(new(name, value));
        }
        return IsSignedSo(request, path, headers, parameters, signature, key) ? SignatureVerdict.Valid : SignatureVerdict.Mismatch;
    }

    private static bool IsSignedSo(
        ReceivedRequest request, string path, List<KeyValuePair<string, string>> headers,
        IReadOnlyList<KeyValuePair<string, string>> parameters, Signature signature, SigningKey key)
    {
        var rebuilt = new PresignRequest
        {
            Method = request.Method,
            Address = BucketAddress.Received(request.Header("host") ?? ""),
            Key = Uri.UnescapeDataString(path.StartsWith('/') ? path[1..] : path),
            Headers = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(headers),
            Query = parameters.ToArray(),
            PayloadHash = request.Header("x-amz-content-sha256"),
            SignedAt = signature.SignedAt,
            Lifetime = signature.Lifetime,
        };
        var buffer = new Utf8Buffer(stackalloc byte[2048]);
        Span<byte> expected = stackalloc byte[32];
        CanonicalRequest.Sign(rebuilt, key, ref buffer, expected);
        buffer.Dispose();
        return CryptographicOperations.FixedTimeEquals(expected, signature.Bytes);
    }

    /// <summary>Takes the signature's own parameters out of the query; null when one is missing or unreadable.</summary>
    private static Signature? ReadSignature(Dictionary<string, string> query, string claimed)
    {
        var bytes = new byte[32];
        if (claimed.Length != 64 || Convert.FromHexString(claimed, bytes, out _, out _) != OperationStatus.Done) return null;
        if (!query.Remove(CanonicalRequest.AlgorithmName, out var algorithm) || algorithm != CanonicalRequest.Algorithm) return null;
        if (!query.Remove(CanonicalRequest.CredentialName, out var credential)) return null;
        if (!query.Remove(CanonicalRequest.SignedHeadersName, out var signedHeaders)) return null;
        if (!query.Remove(CanonicalRequest.DateName, out var date) || !DateTimeOffset.TryParseExact(
                date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var signedAt)) return null;
        if (!query.Remove(CanonicalRequest.ExpiresName, out var expires)
            || !int.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var lifetime)
            || lifetime is < 1 or > 604_800) return null;
        query.Remove(CanonicalRequest.TokenName, out var token);
        return new(bytes, credential, signedHeaders, signedAt, lifetime, token);
    }

    private static Dictionary<string, string>? ReadQuery(ReadOnlySpan<char> query)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            if (pair.IsEmpty) continue;
            var equals = pair.IndexOf('=');
            var name = Uri.UnescapeDataString(equals < 0 ? pair : pair[..equals]);
            var value = equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
            // A name is signed as it stands: one with '&' or '=' in it could pass for several parameters.
            if (name.AsSpan().ContainsAnyExcept(NameCharacters)) return null;
            if (read.Count == MostParameters || !read.TryAdd(name, value)) return null;
        }
        return read;
    }

    private sealed record Signature(
        byte[] Bytes, string Credential, string SignedHeaders, DateTimeOffset SignedAt, int Lifetime, string? Token);
}
