using Edna.Objects;

namespace Edna.Storage.S3;

public sealed partial class S3ObjectStore
{
    /// <inheritdoc/>
    public ValueTask<string> CreateMultipartAsync(ObjectLocation at, ObjectPut put, CancellationToken ct) => throw new NotSupportedException();

    /// <inheritdoc/>
    public PresignedRequest PresignPart(ObjectLocation at, string uploadId, int partNumber, long size, DateTimeOffset expiresAt) => throw new NotSupportedException();

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredPart>?> ListPartsAsync(ObjectLocation at, string uploadId, CancellationToken ct) => throw new NotSupportedException();

    /// <inheritdoc/>
    public ValueTask<MultipartOutcome> CompleteMultipartAsync(
        ObjectLocation at, string uploadId, ObjectPut put, IReadOnlyList<ObjectPart> parts, CancellationToken ct) => throw new NotSupportedException();

    /// <inheritdoc/>
    public ValueTask AbortMultipartAsync(ObjectLocation at, string uploadId, CancellationToken ct) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IAsyncEnumerable<OpenMultipart> ListMultipartsAsync(string? bucket, string prefix, CancellationToken ct) => throw new NotSupportedException();
}
