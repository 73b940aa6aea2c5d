using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Edna.Objects;

namespace Edna.Storage.S3;

public sealed partial class S3ObjectStore
{
    private const int MostKeysPerDelete = 1_000;
    private const int AttemptsAfterConflict = 3;

    /// <inheritdoc/>
    public ValueTask<StoredObject?> HeadAsync(ObjectLocation at, CancellationToken ct) => _head.AskAsync(BucketOf(at), at.Key, _credentials.Presigner, ct);

    /// <inheritdoc/>
    public async ValueTask<Stream?> OpenReadAsync(ObjectLocation at, CancellationToken ct)
    {
        var request = new GetObjectRequest { BucketName = BucketOf(at), Key = at.Key };
        var response = await Client.FindAsync((s3, limit) => s3.GetObjectAsync(request, limit), ct);
        return response is null ? null : new S3Bytes(response.ResponseStream, response, Client.PatienceForMany);
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> ReadAsync(ObjectLocation at, CancellationToken ct)
    {
        await using var stream = await OpenReadAsync(at, ct);
        if (stream is null) return null;
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, ct);
        return read.ToArray();
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WriteAsync(
        ObjectLocation at, ReadOnlyMemory<byte> body, string contentType, bool onlyIfAbsent, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var bytes = new MemoryStream(body.ToArray(), writable: false);
            var request = new PutObjectRequest
            {
                BucketName = BucketOf(at), Key = at.Key, InputStream = bytes, ContentType = contentType,
                AutoCloseStream = false, UseChunkEncoding = IsAws, IfNoneMatch = onlyIfAbsent ? "*" : null,
            };
            try
            {
                await Client.CallAsync((s3, limit) => PutAsync(s3, request, limit), ct);
                return true;
            }
            catch (ConditionFailedException e)
            {
                // 412: something lies there. 409: another writer was at it; who won shows on the next attempt.
                if (e.Status == HttpStatusCode.PreconditionFailed || attempt == AttemptsAfterConflict) return false;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask SetTagsAsync(ObjectLocation at, IReadOnlyDictionary<string, string> tags, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(tags);
        var set = tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value }).ToList();
        var found = await Client.FindAsync<object>(async (s3, limit) => set.Count == 0
            ? await s3.DeleteObjectTaggingAsync(new DeleteObjectTaggingRequest { BucketName = BucketOf(at), Key = at.Key }, limit)
            : await s3.PutObjectTaggingAsync(
                new PutObjectTaggingRequest { BucketName = BucketOf(at), Key = at.Key, Tagging = new Tagging { TagSet = set } }, limit), ct);
        if (found is null) throw NotThere(at);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, string>> GetTagsAsync(ObjectLocation at, CancellationToken ct)
    {
        var request = new GetObjectTaggingRequest { BucketName = BucketOf(at), Key = at.Key };
        var found = await Client.FindAsync((s3, limit) => s3.GetObjectTaggingAsync(request, limit), ct) ?? throw NotThere(at);
        return (found.Tagging ?? []).ToDictionary(tag => tag.Key, tag => tag.Value);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string? bucket, IReadOnlyCollection<string> keys, CancellationToken ct)
    {
        foreach (var page in keys.Chunk(MostKeysPerDelete))
        {
            var request = new DeleteObjectsRequest
            {
                BucketName = bucket ?? _options.Bucket, Quiet = true, Objects = [.. page.Select(key => new KeyVersion { Key = key })],
            };
            await Client.CallAsync((s3, limit) => s3.DeleteObjectsAsync(request, limit), ct, Client.PatienceForMany);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedObject> ListAsync(
        string? bucket, string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken ct)
    {
        var request = new ListObjectsV2Request { BucketName = bucket ?? _options.Bucket, Prefix = prefix, StartAfter = startAfter };
        while (true)
        {
            var page = await Client.CallAsync((s3, limit) => s3.ListObjectsV2Async(request, limit), ct, Client.PatienceForMany);
            foreach (var one in page.S3Objects ?? [])
                yield return new(one.Key, one.Size ?? 0, Unquoted(one.ETag), Utc(one.LastModified));
            if (page.IsTruncated != true) yield break;
            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(CancellationToken ct)
    {
        var request = new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = _options.Prefix, MaxKeys = 1 };
        await Client.CallAsync((s3, limit) => s3.ListObjectsV2Async(request, limit), ct);
    }

    /// <summary>Removes one object of the service's own bucket by a call of its own.</summary>
    internal async ValueTask DeleteOneAsync(string key, CancellationToken ct) =>
        await Client.CallAsync((s3, limit) => s3.DeleteObjectAsync(new() { BucketName = _options.Bucket, Key = key }, limit), ct);

    /// <summary>Makes the service's own bucket unless it is there.</summary>
    internal async ValueTask CreateBucketAsync(CancellationToken ct) => await Client.CallAsync(async (s3, limit) =>
    {
        try
        {
            // The region is left to the endpoint: Ceph refuses a location constraint, Amazon's SDK adds its own.
            return await s3.PutBucketAsync(new PutBucketRequest { BucketName = _options.Bucket }, limit);
        }
        catch (AmazonS3Exception e) when (e.ErrorCode is "BucketAlreadyOwnedByYou" or "BucketAlreadyExists")
        {
            return null;
        }
    }, ct, Client.PatienceForMany);

    private static async Task<PutObjectResponse> PutAsync(AmazonS3Client s3, PutObjectRequest request, CancellationToken limit)
    {
        try
        {
            return await s3.PutObjectAsync(request, limit);
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
        {
            throw new ConditionFailedException(e.StatusCode);
        }
    }

    private static string Unquoted(string? etag) => etag?.Trim('"') ?? "";

    private static DateTimeOffset Utc(DateTime? time) => time is null ? default : new DateTimeOffset(time.Value.ToUniversalTime());

    private static InvalidOperationException NotThere(ObjectLocation at) => new($"There is no object '{at.Key}'.");

    private string BucketOf(ObjectLocation at) => at.Bucket ?? _options.Bucket;

    private sealed class ConditionFailedException(HttpStatusCode status) : Exception
    {
        public HttpStatusCode Status { get; } = status;
    }
}
