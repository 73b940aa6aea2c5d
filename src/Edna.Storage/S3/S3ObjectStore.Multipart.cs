using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Edna.Objects;
using Edna.Storage.Multipart;
using Edna.Storage.Signing;
using ObjectPart = Edna.Objects.ObjectPart;

namespace Edna.Storage.S3;

public sealed partial class S3ObjectStore
{
    private static readonly TimeSpan AfterConflict = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public async ValueTask<string> CreateMultipartAsync(ObjectLocation at, ObjectPut put, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(put);
        var request = new InitiateMultipartUploadRequest { BucketName = BucketOf(at), Key = at.Key, ContentType = put.ContentType };
        foreach (var (name, value) in put.Metadata) request.Metadata.Add(name, value);
        if (Capabilities.TagsOnMultipartCreate && put.Tags.Count > 0)
            request.TagSet = [.. put.Tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value })];
        if (DeclaredCrc64(put) is not null)
            (request.ChecksumAlgorithm, request.ChecksumType) = (ChecksumAlgorithm.CRC64NVME, ChecksumType.FULL_OBJECT);
        var opened = await Client.CallAsync((s3, limit) => s3.InitiateMultipartUploadAsync(request, limit), ct);
        return opened.UploadId;
    }

    /// <inheritdoc/>
    public PresignedRequest PresignPart(ObjectLocation at, string uploadId, int partNumber, long size, DateTimeOffset expiresAt)
    {
        PartRules.CheckNumber(partNumber);
        ReadOnlySpan<KeyValuePair<string, string>> headers = [new(ObjectPutHeaders.ContentLength, size.ToString(CultureInfo.InvariantCulture))];
        ReadOnlySpan<KeyValuePair<string, string>> query =
            [new("partNumber", partNumber.ToString(CultureInfo.InvariantCulture)), new("uploadId", uploadId)];
        var url = Presign("PUT", at, headers, query, null, expiresAt, out var end);
        return new(url, new Dictionary<string, string>(), end);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredPart>?> ListPartsAsync(ObjectLocation at, string uploadId, CancellationToken ct)
    {
        var parts = new List<StoredPart>();
        var request = new ListPartsRequest { BucketName = BucketOf(at), Key = at.Key, UploadId = uploadId };
        while (true)
        {
            var page = await Client.FindAsync((s3, limit) => s3.ListPartsAsync(request, limit), ct);
            if (page is null) return null;
            foreach (var part in page.Parts ?? []) parts.Add(new(part.PartNumber ?? 0, part.Size ?? 0, Unquoted(part.ETag)));
            if (page.IsTruncated != true) return parts;
            request.PartNumberMarker = page.NextPartNumberMarker?.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<MultipartOutcome> CompleteMultipartAsync(
        ObjectLocation at, string uploadId, ObjectPut put, IReadOnlyList<ObjectPart> parts, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(put);
        ArgumentNullException.ThrowIfNull(parts);
        if (PartRules.FaultOf(parts) is { } fault) return new(MultipartResult.PartsRefused, fault);
        // Ceph takes no notice of a condition here, so it is asked before. What comes between is another upload to the same key,
        // and every upload of EDNA's has a key of its own.
        if (!IsAws && await HeadAsync(at, ct) is not null) return await TakenAsync(at, uploadId, ct);
        for (var attempt = 1; ; attempt++)
        {
            var request = CompletionOf(at, uploadId, put, parts);
            var (answer, error) = await Client.CallAsync((s3, limit) => CompleteAsync(s3, request, limit), ct, Client.PatienceForMany);
            switch (answer)
            {
                case null: return new(MultipartResult.Completed);
                case S3Completion.Gone: return new(MultipartResult.NoSuchUpload);
                case S3Completion.Taken: return await TakenAsync(at, uploadId, ct);
                case S3Completion.Refused: return new(MultipartResult.PartsRefused, $"{error!.ErrorCode}: {error.Message}");
                case S3Completion.WrongChecksum: return new(MultipartResult.WrongChecksum);
                case S3Completion.Conflict when attempt < AttemptsAfterConflict: break;
                default:
                    // Ceph answers 500 when the upload is gone, and anyone's 500 may have been the end of one that worked.
                    if (await ListPartsAsync(at, uploadId, ct) is null) return new(MultipartResult.NoSuchUpload);
                    throw S3Client.Unavailable(error!);
            }
            await Task.Delay(AfterConflict * attempt, _time, ct);
        }
    }

    /// <inheritdoc/>
    public async ValueTask AbortMultipartAsync(ObjectLocation at, string uploadId, CancellationToken ct)
    {
        var request = new AbortMultipartUploadRequest { BucketName = BucketOf(at), Key = at.Key, UploadId = uploadId };
        await Client.FindAsync((s3, limit) => s3.AbortMultipartUploadAsync(request, limit), ct);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<OpenMultipart> ListMultipartsAsync(string? bucket, string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        var request = new ListMultipartUploadsRequest { BucketName = bucket ?? _options.Bucket, Prefix = prefix };
        while (true)
        {
            var page = await Client.CallAsync((s3, limit) => s3.ListMultipartUploadsAsync(request, limit), ct, Client.PatienceForMany);
            foreach (var one in page.MultipartUploads ?? []) yield return new(one.Key, one.UploadId, Utc(one.Initiated));
            if (page.IsTruncated != true) yield break;
            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
    }

    /// <summary>The error that the store answered, and what it means; nothing when the object is made.</summary>
    private static async Task<(S3Completion? Answer, AmazonS3Exception? Error)> CompleteAsync(
        AmazonS3Client s3, CompleteMultipartUploadRequest request, CancellationToken limit)
    {
        try
        {
            var completed = await s3.CompleteMultipartUploadAsync(request, limit);
            // An answer that names no object is none that says it was made, whatever its status. Ceph leaves the entity tag empty.
            return string.IsNullOrEmpty(completed.Location) && string.IsNullOrEmpty(completed.ETag)
                ? (S3Completion.Unknown, new("The store's answer does not say that the object was made."))
                : default;
        }
        catch (AmazonS3Exception e) when (
            S3CompletionErrors.Read(e.StatusCode, e.ErrorCode) is var answer
            && (answer != S3Completion.Unknown || e.StatusCode is HttpStatusCode.OK or HttpStatusCode.InternalServerError))
        {
            return (answer, e);
        }
    }

    private CompleteMultipartUploadRequest CompletionOf(ObjectLocation at, string uploadId, ObjectPut put, IReadOnlyList<ObjectPart> parts)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = BucketOf(at), Key = at.Key, UploadId = uploadId, IfNoneMatch = "*",
            PartETags = [.. parts.Select(part => new PartETag(part.PartNumber, part.ETag))],
        };
        if (IsAws) request.MpuObjectSize = put.Size;
        if (DeclaredCrc64(put) is { } crc64) (request.ChecksumCRC64NVME, request.ChecksumType) = (crc64, ChecksumType.FULL_OBJECT);
        return request;
    }

    /// <summary>Something lies at the key. When the upload is gone too, it came of that upload: the answer that told so was lost.</summary>
    private async ValueTask<MultipartOutcome> TakenAsync(ObjectLocation at, string uploadId, CancellationToken ct) =>
        new(await ListPartsAsync(at, uploadId, ct) is null ? MultipartResult.NoSuchUpload : MultipartResult.AlreadyThere);

    private string? DeclaredCrc64(ObjectPut put) => IsAws && put.Checksum is { Algorithm: "crc64nvme" } checksum ? checksum.Value : null;
}
