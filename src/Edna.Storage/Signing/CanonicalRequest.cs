using System.Security.Cryptography;

namespace Edna.Storage.Signing;

/// <summary>
/// The text that a SigV4 signature in a query is made over (AWS General Reference, "Create a signed AWS API request"), and the
/// signature. Signer and verifier both go through here.
/// </summary>
internal static class CanonicalRequest
{
    public const string Algorithm = "AWS4-HMAC-SHA256";
    public const string UnsignedPayload = "UNSIGNED-PAYLOAD";
    public const string AlgorithmName = "X-Amz-Algorithm";
    public const string CredentialName = "X-Amz-Credential";
    public const string DateName = "X-Amz-Date";
    public const string ExpiresName = "X-Amz-Expires";
    public const string TokenName = "X-Amz-Security-Token";
    public const string SignedHeadersName = "X-Amz-SignedHeaders";
    public const string SignatureName = "X-Amz-Signature";

    /// <summary>The characters of a time of signing, <c>20260102T030405Z</c>.</summary>
    public const int TimeLength = 16;

    // Both in the order of their bytes: the others are sorted in among them.
    private static readonly string[] LastingNames = [AlgorithmName, CredentialName, DateName, ExpiresName, SignedHeadersName];
    private static readonly string[] TemporaryNames = [AlgorithmName, CredentialName, DateName, ExpiresName, TokenName, SignedHeadersName];

    /// <summary>Writes the canonical request and signs it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="key">The key of the day.</param>
    /// <param name="buffer">Takes the canonical request.</param>
    /// <param name="signature">Takes the signature, 32 bytes.</param>
    /// <returns>Where in the buffer the path and the query stand, with a line feed between them.</returns>
    public static (Range Path, Range Query) Sign(in PresignRequest request, SigningKey key, ref Utf8Buffer buffer, Span<byte> signature)
    {
        Span<char> time = stackalloc char[TimeLength];
        request.SignedAt.UtcDateTime.TryFormat(time, out _, "yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        Span<int> headers = stackalloc int[request.Headers.Length + 1];
        SortHeaders(request.Headers, headers);

        buffer.Append(request.Method);
        buffer.Append((byte)'\n');
        var path = buffer.Length;
        buffer.Append(request.Address.PathPrefix);
        buffer.AppendEscaped(request.Key, keepSlash: true);
        var query = buffer.Length;
        buffer.Append((byte)'\n');
        WriteQuery(request, key, time, headers, ref buffer);
        var end = buffer.Length;
        buffer.Append((byte)'\n');
        foreach (var i in headers)
        {
            buffer.Append(i < 0 ? "host" : request.Headers[i].Key);
            buffer.Append((byte)':');
            buffer.AppendTrimmed(i < 0 ? request.Address.Host : request.Headers[i].Value);
            buffer.Append((byte)'\n');
        }
        buffer.Append((byte)'\n');
        WriteNames(request.Headers, headers, escaped: false, ref buffer);
        buffer.Append((byte)'\n');
        buffer.Append(request.PayloadHash ?? UnsignedPayload);
        SignText(buffer.Written, time, key, signature);
        return (path..query, (query + 1)..end);
    }

    private static void SignText(ReadOnlySpan<byte> canonical, ReadOnlySpan<char> time, SigningKey key, Span<byte> signature)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(canonical, digest);
        var text = new Utf8Buffer(stackalloc byte[256]);
        text.Append("AWS4-HMAC-SHA256\n"u8);
        text.Append(time);
        text.Append((byte)'\n');
        text.Append(key.Scope);
        text.Append((byte)'\n');
        text.AppendHex(digest);
        key.Sign(text.Written, signature);
        text.Dispose();
    }

    private static void WriteQuery(
        in PresignRequest request, SigningKey key, scoped ReadOnlySpan<char> time, scoped ReadOnlySpan<int> headers, ref Utf8Buffer buffer)
    {
        var own = key.Credentials.SessionToken is null ? LastingNames : TemporaryNames;
        Span<int> order = stackalloc int[request.Query.Length + own.Length];
        SortQuery(request.Query, order, own);
        for (var n = 0; n < order.Length; n++)
        {
            if (n > 0) buffer.Append((byte)'&');
            var i = order[n];
            buffer.Append(NameOf(request.Query, own, i));
            buffer.Append((byte)'=');
            if (i >= 0)
            {
                buffer.AppendEscaped(request.Query[i].Value, keepSlash: false);
                continue;
            }
            switch (own[~i])
            {
                case AlgorithmName: buffer.Append("AWS4-HMAC-SHA256"u8); break;
                case CredentialName: buffer.AppendEscaped(key.Credential, keepSlash: false); break;
                case DateName: buffer.Append(time); break;
                case ExpiresName: buffer.Append(request.Lifetime); break;
                case TokenName: buffer.AppendEscaped(key.Credentials.SessionToken, keepSlash: false); break;
                default: WriteNames(request.Headers, headers, escaped: true, ref buffer); break;
            }
        }
    }

    private static void WriteNames(
        ReadOnlySpan<KeyValuePair<string, string>> headers, scoped ReadOnlySpan<int> order, bool escaped, ref Utf8Buffer buffer)
    {
        for (var n = 0; n < order.Length; n++)
        {
            if (n > 0) buffer.Append(escaped ? "%3B"u8 : ";"u8);
            buffer.Append(order[n] < 0 ? "host" : headers[order[n]].Key);
        }
    }

    private static string NameOf(ReadOnlySpan<KeyValuePair<string, string>> query, string[] own, int i) => i < 0 ? own[~i] : query[i].Key;

    private static void SortHeaders(ReadOnlySpan<KeyValuePair<string, string>> headers, Span<int> order)
    {
        order[0] = -1;
        for (var i = 0; i < headers.Length; i++)
        {
            var place = i + 1;
            for (; place > 0; place--)
            {
                var before = order[place - 1] < 0 ? "host" : headers[order[place - 1]].Key;
                var compared = string.CompareOrdinal(before, headers[i].Key);
                if (compared == 0) throw new ArgumentException($"The header '{before}' is given twice.", nameof(headers));
                if (compared < 0) break;
                order[place] = order[place - 1];
            }
            order[place] = i;
        }
    }

    private static void SortQuery(ReadOnlySpan<KeyValuePair<string, string>> query, Span<int> order, string[] own)
    {
        for (var i = 0; i < own.Length; i++) order[i] = ~i;
        for (var i = 0; i < query.Length; i++)
        {
            var place = own.Length + i;
            for (; place > 0; place--)
            {
                var before = NameOf(query, own, order[place - 1]);
                var compared = string.CompareOrdinal(before, query[i].Key);
                if (compared == 0) throw new ArgumentException($"The parameter '{before}' is given twice.", nameof(query));
                if (compared < 0) break;
                order[place] = order[place - 1];
            }
            order[place] = i;
        }
    }
}
