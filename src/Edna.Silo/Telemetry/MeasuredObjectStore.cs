using Edna.Objects;

namespace Edna.Telemetry;

/// <summary>An object store whose calls are measured: <c>edna.store.duration</c>. Signing takes no call, and listings take as long as who reads them.</summary>
/// <param name="store">The store.</param>
internal sealed class MeasuredObjectStore(IObjectStore store) : IObjectStore
{
    private static readonly CallMeter Calls = new("store", "How long calls to the object store take");

    /// <inheritdoc />
    public ObjectStoreCapabilities Capabilities => store.Capabilities;

    /// <inheritdoc />
    public string Bucket => store.Bucket;

    /// <inheritdoc />
    public string Prefix => store.Prefix;

    /// <inheritdoc />
    public PresignedRequest PresignPut(ObjectLocation at, ObjectPut put, DateTimeOffset expiresAt) => store.PresignPut(at, put, expiresAt);

    /// <inheritdoc />
    public PresignedRequest PresignGet(ObjectLocation at, string? contentDisposition, DateTimeOffset expiresAt) => store.PresignGet(at, contentDisposition, expiresAt);

    /// <inheritdoc />
    public PresignedRequest PresignPart(ObjectLocation at, string uploadId, int partNumber, long size, DateTimeOffset expiresAt) =>
        store.PresignPart(at, uploadId, partNumber, size, expiresAt);

    /// <inheritdoc />
    public ValueTask<StoredObject?> HeadAsync(ObjectLocation at, CancellationToken ct) => Calls.MeasureAsync("head", () => store.HeadAsync(at, ct));

    /// <inheritdoc />
    public ValueTask<Stream?> OpenReadAsync(ObjectLocation at, CancellationToken ct) => Calls.MeasureAsync("open", () => store.OpenReadAsync(at, ct));

    /// <inheritdoc />
    public ValueTask<byte[]?> ReadAsync(ObjectLocation at, CancellationToken ct) => Calls.MeasureAsync("read", () => store.ReadAsync(at, ct));

    /// <inheritdoc />
    public ValueTask<bool> WriteAsync(ObjectLocation at, ReadOnlyMemory<byte> body, string contentType, bool onlyIfAbsent, CancellationToken ct) =>
        Calls.MeasureAsync("write", () => store.WriteAsync(at, body, contentType, onlyIfAbsent, ct));

    /// <inheritdoc />
    public ValueTask SetTagsAsync(ObjectLocation at, IReadOnlyDictionary<string, string> tags, CancellationToken ct) =>
        Calls.MeasureAsync("set_tags", () => store.SetTagsAsync(at, tags, ct));

    /// <inheritdoc />
    public ValueTask<IReadOnlyDictionary<string, string>> GetTagsAsync(ObjectLocation at, CancellationToken ct) => Calls.MeasureAsync("get_tags", () => store.GetTagsAsync(at, ct));

    /// <inheritdoc />
    public ValueTask DeleteAsync(string? bucket, IReadOnlyCollection<string> keys, CancellationToken ct) => Calls.MeasureAsync("delete", () => store.DeleteAsync(bucket, keys, ct));

    /// <inheritdoc />
    public IAsyncEnumerable<ListedObject> ListAsync(string? bucket, string prefix, string? startAfter, CancellationToken ct) => store.ListAsync(bucket, prefix, startAfter, ct);

    /// <inheritdoc />
    public ValueTask CheckAsync(CancellationToken ct) => Calls.MeasureAsync("check", () => store.CheckAsync(ct));

    /// <inheritdoc />
    public ValueTask<string> CreateMultipartAsync(ObjectLocation at, ObjectPut put, CancellationToken ct) => Calls.MeasureAsync("create_multipart", () => store.CreateMultipartAsync(at, put, ct));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<StoredPart>?> ListPartsAsync(ObjectLocation at, string uploadId, CancellationToken ct) =>
        Calls.MeasureAsync("list_parts", () => store.ListPartsAsync(at, uploadId, ct));

    /// <inheritdoc />
    public ValueTask<MultipartOutcome> CompleteMultipartAsync(ObjectLocation at, string uploadId, ObjectPut put, IReadOnlyList<ObjectPart> parts, CancellationToken ct) =>
        Calls.MeasureAsync("complete_multipart", () => store.CompleteMultipartAsync(at, uploadId, put, parts, ct));

    /// <inheritdoc />
    public ValueTask AbortMultipartAsync(ObjectLocation at, string uploadId, CancellationToken ct) => Calls.MeasureAsync("abort_multipart", () => store.AbortMultipartAsync(at, uploadId, ct));

    /// <inheritdoc />
    public IAsyncEnumerable<OpenMultipart> ListMultipartsAsync(string? bucket, string prefix, CancellationToken ct) => store.ListMultipartsAsync(bucket, prefix, ct);
}
