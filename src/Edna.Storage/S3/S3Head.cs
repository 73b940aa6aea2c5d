using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Edna.Objects;
using Edna.Storage.Signing;

namespace Edna.Storage.S3;

/// <summary>
/// HEAD, which EDNA asks once for every upload: signed and sent without the SDK, which spends several times the CPU on it. The rules
/// are those of <see cref="S3Client"/>: it ends within the store's patience, tries faults again, and what stays a fault is unavailability.
/// </summary>
internal sealed class S3Head : IDisposable
{
    private const int Attempts = 3;
    private const int Lifetime = 60;
    private const string MetadataPrefix = "x-amz-meta-";
    private static readonly KeyValuePair<string, string>[] WithChecksums = [new("x-amz-checksum-mode", "ENABLED")];
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ResponseHeaderEncodingSelector = (_, _) => Encoding.UTF8,
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    private readonly S3Addresses _addresses;
    private readonly KeyValuePair<string, string>[] _headers;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;

    public S3Head(S3ObjectOptions options, TimeProvider time)
    {
        (_addresses, _patience, _time) = (S3Addresses.OfStore(options), options.Patience, time);
        _headers = options.Compatibility == S3Compatibility.Aws ? WithChecksums : [];
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What the store says of an object; null when there is none.</summary>
    public async ValueTask<StoredObject?> AskAsync(string bucket, string key, SigV4Presigner presigner, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(_patience);
        for (var (attempt, pause) = (1, FirstPause); ; attempt++, pause *= 2)
        {
            try
            {
                using var request = Request(bucket, key, presigner);
                using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
                if (response.StatusCode == HttpStatusCode.OK) return Read(response);
                if (response.StatusCode == HttpStatusCode.NotFound) return null;
                if ((int)response.StatusCode < 500 || attempt == Attempts)
                    throw new HttpRequestException($"HEAD answered {(int)response.StatusCode}.", null, response.StatusCode);
            }
            catch (Exception e) when (S3Client.IsFault(e, ct) && (attempt == Attempts || limit.IsCancellationRequested || e is HttpRequestException { StatusCode: not null }))
            {
                throw S3Client.Unavailable(e);
            }
            catch (Exception e) when (S3Client.IsFault(e, ct))
            {
                // Tried again below.
            }
            await PauseAsync(pause, limit.Token, ct);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken limit, CancellationToken ct)
    {
        try
        {
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), _time, limit);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw S3Client.Unavailable(e);
        }
    }

    private HttpRequestMessage Request(string bucket, string key, SigV4Presigner presigner)
    {
        var url = presigner.Presign(new PresignRequest
        {
            Method = "HEAD", Address = _addresses.Of(bucket), Key = key, Headers = _headers, SignedAt = _time.GetUtcNow(), Lifetime = Lifetime,
        });
        // The signature covers the path as it was written: nothing may be decoded and encoded again on the way.
        var request = new HttpRequestMessage(HttpMethod.Head, new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        foreach (var (name, value) in _headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static StoredObject Read(HttpResponseMessage response)
    {
        var headers = response.Headers.NonValidated;
        var content = response.Content.Headers.NonValidated;
        var metadata = new Dictionary<string, string>();
        foreach (var (name, values) in headers)
            if (name.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase)) metadata[name[MetadataPrefix.Length..].ToLowerInvariant()] = values.ToString();
        var etag = Text(headers, "ETag").Trim('"');
        return new()
        {
            Size = long.Parse(Text(content, "Content-Length"), CultureInfo.InvariantCulture), ETag = etag, ContentType = Text(content, "Content-Type"),
            Checksums = ChecksumsOf(headers, etag), Metadata = metadata,
            LastModified = response.Content.Headers.LastModified ?? default,
        };
    }

    private static Dictionary<string, string> ChecksumsOf(HttpHeadersNonValidated headers, string etag)
    {
        var checksums = new Dictionary<string, string>();
        // With a key of KMS or of the customer the entity tag is no MD5, and after a multipart upload it is one of parts.
        var isMd5 = etag.Length == 32 && !headers.Contains("x-amz-server-side-encryption-aws-kms-key-id") && !headers.Contains("x-amz-server-side-encryption-customer-algorithm");
        if (isMd5) checksums["md5"] = Convert.ToBase64String(Convert.FromHexString(etag));
        if (Text(headers, "x-amz-checksum-type") == "COMPOSITE") return checksums;
        if (Text(headers, "x-amz-checksum-sha256") is { Length: > 0 } sha256) checksums["sha256"] = sha256;
        if (Text(headers, "x-amz-checksum-crc64nvme") is { Length: > 0 } crc64) checksums["crc64nvme"] = crc64;
        return checksums;
    }

    private static string Text(HttpHeadersNonValidated headers, string name) => headers.TryGetValues(name, out var values) ? values.ToString() : "";
}
