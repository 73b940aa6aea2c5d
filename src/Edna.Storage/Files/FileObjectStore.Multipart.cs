using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Edna.Items;
using Edna.Objects;
using Edna.Storage.Multipart;
using Edna.Storage.Signing;

namespace Edna.Storage.Files;

public sealed partial class FileObjectStore
{
    /// <inheritdoc/>
    public ValueTask<string> CreateMultipartAsync(ObjectLocation at, ObjectPut put, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(put);
        return DiskAsync(() => _multiparts.Create(MultipartFacts.Of(at.Bucket ?? OwnBucket, at.Key, put, _time.GetUtcNow())));
    }

    /// <inheritdoc/>
    public PresignedRequest PresignPart(ObjectLocation at, string uploadId, int partNumber, long size, DateTimeOffset expiresAt)
    {
        PartRules.CheckNumber(partNumber);
        ReadOnlySpan<KeyValuePair<string, string>> headers = [new(ObjectPutHeaders.ContentLength, size.ToString(CultureInfo.InvariantCulture))];
        ReadOnlySpan<KeyValuePair<string, string>> query =
            [new("partNumber", partNumber.ToString(CultureInfo.InvariantCulture)), new("uploadId", uploadId)];
        var url = Presign("PUT", at, headers, query, expiresAt, out var end);
        return new(url, new Dictionary<string, string>(), end);
    }

    /// <summary>Takes a part in: durable and listed when the task completes with <see cref="ReceiveOutcome.Stored"/>, else not at all.</summary>
    /// <param name="at">Where the upload's object will lie.</param>
    /// <param name="uploadId">The upload.</param>
    /// <param name="partNumber">1–10,000; a part that is there is replaced.</param>
    /// <param name="size">Bytes that it must have.</param>
    /// <param name="checksums">Checksums that the bytes must have.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="ct">Cancels: the client has gone.</param>
    /// <exception cref="Results.UnavailableException">The disk is full or fails.</exception>
    public async ValueTask<ReceivedObject> ReceivePartAsync(
        ObjectLocation at, string uploadId, int partNumber, long size, IReadOnlyList<Checksum> checksums, Stream body, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(checksums);
        PartRules.CheckNumber(partNumber);
        // Asked early for the sake of the client, who need not send the bytes; decided below, when the part gets its name.
        if (await FindMultipartAsync(at, uploadId) is null) return new(ReceiveOutcome.NoSuchUpload, null);
        await using var incoming = await DiskAsync(() => new ValueTask<IncomingObject>(
            new IncomingObject(_incoming.NewFile(), checksums.Any(checksum => checksum.Algorithm == "sha256"))));
        await incoming.ReceiveAsync(body, size, ct);
        if (FaultOf(incoming, size, checksums) is { } fault) return fault;
        var added = await DiskAsync(() =>
        {
            incoming.Finish(FactsOf(new ObjectPut { Size = size, ContentType = "" }, incoming.ETag, []));
            return _multiparts.AddPart(uploadId, partNumber, incoming.Path);
        });
        return added ? new(ReceiveOutcome.Stored, incoming.ETag) : new(ReceiveOutcome.NoSuchUpload, null);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredPart>?> ListPartsAsync(ObjectLocation at, string uploadId, CancellationToken ct)
    {
        if (await FindMultipartAsync(at, uploadId) is null) return null;
        return await DiskAsync(() =>
        {
            var parts = new List<StoredPart>();
            foreach (var number in _multiparts.PartNumbers(uploadId))
            {
                ct.ThrowIfCancellationRequested();
                // Gone since its name was read: then the upload has ended.
                if (_multiparts.OpenPart(uploadId, number) is not { } open) return null;
                open.File.Dispose();
                parts.Add(new(number, open.Facts.Size, open.Facts.ETag));
            }
            return parts;
        });
    }

    /// <inheritdoc/>
    public async ValueTask<MultipartOutcome> CompleteMultipartAsync(
        ObjectLocation at, string uploadId, ObjectPut put, IReadOnlyList<ObjectPart> parts, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(put);
        ArgumentNullException.ThrowIfNull(parts);
        if (PartRules.FaultOf(parts) is { } fault) return new(MultipartResult.PartsRefused, fault);
        if (await FindMultipartAsync(at, uploadId) is not { } facts) return new(MultipartResult.NoSuchUpload);
        if (PartRules.ETagOf(parts) is not { } etag)
            return new(MultipartResult.PartsRefused, "InvalidPart: One or more of the entity tags is none that this store answered.");
        return await DiskAsync(() => new ValueTask<MultipartOutcome>(_completions.RunAsync(
            uploadId, etag, closing => _assembly.CompleteAsync(uploadId, facts, put, parts, etag, closing), ct)));
    }

    /// <inheritdoc/>
    public async ValueTask AbortMultipartAsync(ObjectLocation at, string uploadId, CancellationToken ct)
    {
        if (await FindMultipartAsync(at, uploadId) is null) return;
        await DiskAsync(() =>
        {
            _multiparts.Remove(uploadId);
            return true;
        });
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<OpenMultipart> ListMultipartsAsync(string? bucket, string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        var open = await DiskAsync(() =>
        {
            _objects.CheckRoot();
            return _multiparts.All()
                .Where(one => one.Facts.Bucket == (bucket ?? OwnBucket) && one.Facts.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(one => (Order: Encoding.UTF8.GetBytes(one.Facts.Key), Upload: new OpenMultipart(one.Facts.Key, one.UploadId, one.Facts.InitiatedAt)))
                .ToList();
        });
        open.Sort(static (a, b) => a.Order.AsSpan().SequenceCompareTo(b.Order) is not 0 and var byKey
            ? byKey
            : a.Upload.InitiatedAt.CompareTo(b.Upload.InitiatedAt));
        foreach (var (_, upload) in open)
        {
            ct.ThrowIfCancellationRequested();
            yield return upload;
        }
    }

    /// <summary>An upload of exactly this object; null when there is none.</summary>
    private ValueTask<MultipartFacts?> FindMultipartAsync(ObjectLocation at, string uploadId) => DiskAsync(() =>
    {
        var facts = _multiparts.Find(uploadId);
        if (facts is null) _objects.CheckRoot();
        return facts?.Bucket == (at.Bucket ?? OwnBucket) && facts.Key == at.Key ? facts : null;
    });
}
