using Edna.Objects;

namespace Edna.Gateway.Tests.Problems;

/// <summary>
/// Signs like the store it stands for, and fails whenever the store itself would be asked, except for documents of EDNA's own. Where there is no fault, it can be
/// asked how it is, and nothing else.
/// </summary>
internal sealed class FaultyStore(IObjectStore signer, Func<Exception?> fault) : IObjectStore
{
    public ObjectStoreCapabilities Capabilities => signer.Capabilities;

    public string Bucket => signer.Bucket;

    public string Prefix => signer.Prefix;

    public PresignedRequest PresignPut(ObjectLocation at, ObjectPut put, DateTimeOffset expiresAt) => signer.PresignPut(at, put, expiresAt);

    public PresignedRequest PresignGet(ObjectLocation at, string? contentDisposition, DateTimeOffset expiresAt) => signer.PresignGet(at, contentDisposition, expiresAt);

    public ValueTask<StoredObject?> HeadAsync(ObjectLocation at, CancellationToken ct) => throw Fault();

    public ValueTask<Stream?> OpenReadAsync(ObjectLocation at, CancellationToken ct) => throw Fault();

    public ValueTask<byte[]?> ReadAsync(ObjectLocation at, CancellationToken ct) => signer.ReadAsync(at, ct);

    public ValueTask<bool> WriteAsync(ObjectLocation at, ReadOnlyMemory<byte> body, string contentType, bool onlyIfAbsent, CancellationToken ct) =>
        signer.WriteAsync(at, body, contentType, onlyIfAbsent, ct);

    public ValueTask SetTagsAsync(ObjectLocation at, IReadOnlyDictionary<string, string> tags, CancellationToken ct) => throw Fault();

    public ValueTask<IReadOnlyDictionary<string, string>> GetTagsAsync(ObjectLocation at, CancellationToken ct) => throw Fault();

    public ValueTask DeleteAsync(string? bucket, IReadOnlyCollection<string> keys, CancellationToken ct) => throw Fault();

    public IAsyncEnumerable<ListedObject> ListAsync(string? bucket, string prefix, string? startAfter, CancellationToken ct) => throw Fault();

    public ValueTask CheckAsync(CancellationToken ct) => fault() is { } why ? throw why : ValueTask.CompletedTask;

    public ValueTask<string> CreateMultipartAsync(ObjectLocation at, ObjectPut put, CancellationToken ct) => throw Fault();

    public PresignedRequest PresignPart(ObjectLocation at, string uploadId, int partNumber, long size, DateTimeOffset expiresAt) =>
        signer.PresignPart(at, uploadId, partNumber, size, expiresAt);

    public ValueTask<IReadOnlyList<StoredPart>?> ListPartsAsync(ObjectLocation at, string uploadId, CancellationToken ct) => throw Fault();

    public ValueTask<MultipartOutcome> CompleteMultipartAsync(
        ObjectLocation at, string uploadId, ObjectPut put, IReadOnlyList<ObjectPart> parts, CancellationToken ct) =>
        throw Fault();

    public ValueTask AbortMultipartAsync(ObjectLocation at, string uploadId, CancellationToken ct) => throw Fault();

    public IAsyncEnumerable<OpenMultipart> ListMultipartsAsync(string? bucket, string prefix, CancellationToken ct) =>
        throw Fault();

    private Exception Fault() => fault() ?? new NotSupportedException("This store only fails.");
}
