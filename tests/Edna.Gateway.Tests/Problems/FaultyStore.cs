using Edna.Objects;

namespace Edna.Gateway.Tests.Problems;

/// <summary>Signs like the store it stands for, and fails whenever the store itself would be asked, except for documents of EDNA's own.</summary>
internal sealed class FaultyStore(IObjectStore signer, Func<Exception> fault) : IObjectStore
{
    public ObjectStoreCapabilities Capabilities => signer.Capabilities;

    public string Bucket => signer.Bucket;

    public string Prefix => signer.Prefix;

    public PresignedRequest PresignPut(ObjectLocation at, ObjectPut put, DateTimeOffset expiresAt) => signer.PresignPut(at, put, expiresAt);

    public PresignedRequest PresignGet(ObjectLocation at, string? contentDisposition, DateTimeOffset expiresAt) => signer.PresignGet(at, contentDisposition, expiresAt);

    public ValueTask<StoredObject?> HeadAsync(ObjectLocation at, CancellationToken ct) => throw fault();

    public ValueTask<Stream?> OpenReadAsync(ObjectLocation at, CancellationToken ct) => throw fault();

    public ValueTask<byte[]?> ReadAsync(ObjectLocation at, CancellationToken ct) => signer.ReadAsync(at, ct);

    public ValueTask<bool> WriteAsync(ObjectLocation at, ReadOnlyMemory<byte> body, string contentType, bool onlyIfAbsent, CancellationToken ct) =>
        signer.WriteAsync(at, body, contentType, onlyIfAbsent, ct);

    public ValueTask SetTagsAsync(ObjectLocation at, IReadOnlyDictionary<string, string> tags, CancellationToken ct) => throw fault();

    public ValueTask<IReadOnlyDictionary<string, string>> GetTagsAsync(ObjectLocation at, CancellationToken ct) => throw fault();

    public ValueTask DeleteAsync(string? bucket, IReadOnlyCollection<string> keys, CancellationToken ct) => throw fault();

    public IAsyncEnumerable<ListedObject> ListAsync(string? bucket, string prefix, string? startAfter, CancellationToken ct) => throw fault();

    public ValueTask CheckAsync(CancellationToken ct) => throw fault();

    public ValueTask<string> CreateMultipartAsync(ObjectLocation at, ObjectPut put, CancellationToken ct) => throw fault();

    public PresignedRequest PresignPart(ObjectLocation at, string uploadId, int partNumber, long size, DateTimeOffset expiresAt) =>
        signer.PresignPart(at, uploadId, partNumber, size, expiresAt);

    public ValueTask<IReadOnlyList<StoredPart>?> ListPartsAsync(ObjectLocation at, string uploadId, CancellationToken ct) => throw fault();

    public ValueTask<MultipartOutcome> CompleteMultipartAsync(
        ObjectLocation at, string uploadId, ObjectPut put, IReadOnlyList<ObjectPart> parts, CancellationToken ct) =>
        throw fault();

    public ValueTask AbortMultipartAsync(ObjectLocation at, string uploadId, CancellationToken ct) => throw fault();

    public IAsyncEnumerable<OpenMultipart> ListMultipartsAsync(string? bucket, string prefix, CancellationToken ct) =>
        throw fault();
}
