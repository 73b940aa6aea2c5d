// What it needs of IAM: S3Access. With SSE-KMS kms:GenerateDataKey and kms:Decrypt on the key beside.
//
// Ceph 16.2, as it was found to be: it ignores If-None-Match when a multipart upload is completed, drops the tags given when one
// is created, and answers 500 to completing one that was aborted. Its gateway crashes on DeleteObjects, which EDNA uses, in a
// bucket that has a notification for ObjectRemoved: subscribe such a bucket to ObjectCreated only.
using System.Runtime.InteropServices;
using Edna.Objects;
using Edna.Storage.Signing;

namespace Edna.Storage.S3;

/// <summary>Objects in Amazon S3, or in a store that speaks its language.</summary>
public sealed partial class S3ObjectStore : IObjectStore, IDisposable
{
    private readonly S3ObjectOptions _options;
    private readonly S3CredentialSource _credentials;
    private readonly TimeProvider _time;
    private readonly S3Addresses _addresses;
    private readonly Lazy<S3Client> _client;
    private readonly S3Head _head;

    internal S3ObjectStore(S3ObjectOptions options, S3CredentialSource credentials, TimeProvider time)
    {
        (_options, _credentials, _time) = (options, credentials, time);
        _addresses = S3Addresses.OfClients(options);
        _head = new S3Head(options, time);
        _client = new(() => new S3Client(options, credentials.Credentials));
        Capabilities = options.Compatibility == S3Compatibility.Aws
            ? new() { EnforcedChecksums = new HashSet<string> { "md5", "sha256", "crc64nvme" }, TagsOnMultipartCreate = true }
            : new() { EnforcedChecksums = new HashSet<string> { "md5", "sha256" }, TagsOnMultipartCreate = false };
    }

    /// <inheritdoc/>
    public ObjectStoreCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public string Bucket => _options.Bucket;

    /// <inheritdoc/>
    public string Prefix => _options.Prefix;

    private bool IsAws => _options.Compatibility == S3Compatibility.Aws;

    private S3Client Client => _client.Value;

    /// <inheritdoc/>
    public PresignedRequest PresignPut(ObjectLocation at, ObjectPut put, DateTimeOffset expiresAt)
    {
        ArgumentNullException.ThrowIfNull(put);
        var headers = ObjectPutHeaders.Of(put);
        string? payloadHash = null;
        switch (put.Checksum)
        {
            case { Algorithm: "md5" } md5:
                headers.Add(new("content-md5", md5.Value));
                break;
            case { } checksum when IsAws:
                headers.Add(new("x-amz-checksum-" + checksum.Algorithm, checksum.Value));
                break;
            case { Algorithm: "sha256" } sha256:
                // Ceph takes no notice of checksum headers, but a signed hash of the payload it does verify.
                payloadHash = Convert.ToHexStringLower(Convert.FromBase64String(sha256.Value));
                headers.Add(new("x-amz-content-sha256", payloadHash));
                break;
        }
        var url = Presign("PUT", at, CollectionsMarshal.AsSpan(headers), [], payloadHash, expiresAt, out var end);
        return new(url, ObjectPutHeaders.ToSend(headers), end);
    }

    /// <inheritdoc/>
    public PresignedRequest PresignGet(ObjectLocation at, string? contentDisposition, DateTimeOffset expiresAt)
    {
        ReadOnlySpan<KeyValuePair<string, string>> query =
            contentDisposition is null ? [] : [new("response-content-disposition", contentDisposition)];
        var url = Presign("GET", at, [], query, null, expiresAt, out var end);
        return new(url, new Dictionary<string, string>(), end);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        _head.Dispose();
        if (_client.IsValueCreated) _client.Value.Dispose();
    }

    private string Presign(
        string method, ObjectLocation at, ReadOnlySpan<KeyValuePair<string, string>> headers, ReadOnlySpan<KeyValuePair<string, string>> query,
        string? payloadHash, DateTimeOffset expiresAt, out DateTimeOffset end)
    {
        var presigner = _credentials.Presigner;
        var lifetime = UrlLifetime.Until(expiresAt, _time.GetUtcNow(), presigner.Credentials.ExpiresAt);
        end = lifetime.ExpiresAt;
        return presigner.Presign(new PresignRequest
        {
            Method = method,
            Address = _addresses.Of(at.Bucket ?? _options.Bucket),
            Key = at.Key,
            Headers = headers,
            Query = query,
            PayloadHash = payloadHash,
            SignedAt = lifetime.SignedAt,
            Lifetime = lifetime.Seconds,
        });
    }
}
