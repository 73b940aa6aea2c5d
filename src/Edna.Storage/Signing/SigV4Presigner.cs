using System.Text;

namespace Edna.Storage.Signing;

/// <summary>
/// Signs requests into URLs (AWS Signature Version 4, query form) for S3 and what speaks its language. Local and quick: the
/// key of the day is kept, and the URL is the only thing allocated. Safe for use by any number of threads.
/// </summary>
public sealed class SigV4Presigner
{
    /// <summary>The longest that a signed URL may work: seven days (S3's own limit).</summary>
    public static TimeSpan LongestLifetime { get; } = TimeSpan.FromDays(7);

    private readonly string _region;
    private volatile SigningKey _key;

    /// <summary>Makes a signer.</summary>
    /// <param name="region">The region that stands in the signature.</param>
    /// <param name="credentials">What to sign with, until others are given.</param>
    public SigV4Presigner(string region, SigningCredentials credentials)
    {
        ArgumentException.ThrowIfNullOrEmpty(region);
        ArgumentNullException.ThrowIfNull(credentials);
        _region = region;
        _key = new SigningKey(credentials, region, DateOnly.MinValue);
    }

    /// <summary>What it signs with now.</summary>
    public SigningCredentials Credentials => _key.Credentials;

    /// <summary>Signs with these from now on; signatures being made finish with the former ones, whole.</summary>
    /// <param name="credentials">The new credentials.</param>
    public void Use(SigningCredentials credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        _key = new SigningKey(credentials, _region, _key.Day);
    }

    /// <summary>Signs a request.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The URL.</returns>
    /// <exception cref="ArgumentException">A header or parameter is given twice, or the lifetime is out of range.</exception>
    public string Presign(in PresignRequest request)
    {
        if (request.Lifetime is < 1 or > 604_800)
            throw new ArgumentException("The lifetime of a signed URL is 1 second to 7 days.", nameof(request));
        var buffer = new Utf8Buffer(stackalloc byte[2048]);
        Span<byte> signature = stackalloc byte[32];
        try
        {
            var (path, query) = CanonicalRequest.Sign(request, TodaysKey(request.SignedAt), ref buffer, signature);
            var parts = new UrlParts(request.Address.Origin, buffer.Written[path], buffer.Written[query], signature);
            return string.Create(parts.Length, parts, static (url, parts) => parts.WriteTo(url));
        }
        finally
        {
            buffer.Dispose();
        }
    }

    /// <summary>The key of any day, to check a signature with: what a stranger claims must not replace the key in use.</summary>
    internal SigningKey KeyFor(DateTimeOffset time)
    {
        var key = _key;
        var day = DateOnly.FromDateTime(time.UtcDateTime);
        return key.Day == day ? key : new SigningKey(key.Credentials, _region, day);
    }

    /// <summary>The key to sign with; a new day's is made once or, by racing threads, a few times, always the same.</summary>
    private SigningKey TodaysKey(DateTimeOffset time)
    {
        var key = _key;
        var next = KeyFor(time);
        // Credentials that were swapped in the meantime must not be undone.
        if (next.Day != key.Day) Interlocked.CompareExchange(ref _key, next, key);
        return next;
    }

    private readonly ref struct UrlParts(
        ReadOnlySpan<byte> origin, ReadOnlySpan<byte> path, ReadOnlySpan<byte> query, ReadOnlySpan<byte> signature)
    {
        private readonly ReadOnlySpan<byte> _origin = origin, _path = path, _query = query, _signature = signature;

        public int Length => _origin.Length + _path.Length + 1 + _query.Length + SignatureParameter.Length + _signature.Length * 2;

        private static ReadOnlySpan<byte> SignatureParameter => "&X-Amz-Signature="u8;

        public void WriteTo(Span<char> url)
        {
            Encoding.ASCII.GetChars(_origin, url);
            url = url[_origin.Length..];
            Encoding.ASCII.GetChars(_path, url);
            url[_path.Length] = '?';
            url = url[(_path.Length + 1)..];
            Encoding.ASCII.GetChars(_query, url);
            url = url[_query.Length..];
            Encoding.ASCII.GetChars(SignatureParameter, url);
            Convert.TryToHexStringLower(_signature, url[SignatureParameter.Length..], out _);
        }
    }
}
