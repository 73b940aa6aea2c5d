using System.Collections.Concurrent;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Edna.Search;

namespace Edna.Silo.Tests.Cluster;

/// <summary>A real store behind a switch.</summary>
internal sealed class InterruptedStore(
    IObjectStore store, Outage outage, ConcurrentDictionary<string, TimeSpan> aged, ConcurrentDictionary<string, Exception> faults) : IObjectStore
{
    public ObjectStoreCapabilities Capabilities => store.Capabilities;

    public string Bucket => store.Bucket;

    public string Prefix => store.Prefix;

    public PresignedRequest PresignPut(ObjectLocation at, ObjectPut put, DateTimeOffset expiresAt) => store.PresignPut(at, put, expiresAt);

    public PresignedRequest PresignGet(ObjectLocation at, string? contentDisposition, DateTimeOffset expiresAt) => store.PresignGet(at, contentDisposition, expiresAt);

    public async ValueTask<StoredObject?> HeadAsync(ObjectLocation at, CancellationToken ct)
    {
        await outage.PassAsync();
        if (faults.TryGetValue(at.Key, out var fault)) throw fault;
        return await Guarded().HeadAsync(at, ct);
    }

    public ValueTask<Stream?> OpenReadAsync(ObjectLocation at, CancellationToken ct) => Guarded().OpenReadAsync(at, ct);

    public ValueTask<byte[]?> ReadAsync(ObjectLocation at, CancellationToken ct) => Guarded().ReadAsync(at, ct);

    public ValueTask<bool> WriteAsync(ObjectLocation at, ReadOnlyMemory<byte> body, string contentType, bool onlyIfAbsent, CancellationToken ct) =>
        Guarded().WriteAsync(at, body, contentType, onlyIfAbsent, ct);

    public ValueTask SetTagsAsync(ObjectLocation at, IReadOnlyDictionary<string, string> tags, CancellationToken ct) => Guarded().SetTagsAsync(at, tags, ct);

    public ValueTask<IReadOnlyDictionary<string, string>> GetTagsAsync(ObjectLocation at, CancellationToken ct) => Guarded().GetTagsAsync(at, ct);

    public ValueTask DeleteAsync(string? bucket, IReadOnlyCollection<string> keys, CancellationToken ct) => Guarded().DeleteAsync(bucket, keys, ct);

    public IAsyncEnumerable<ListedObject> ListAsync(string? bucket, string prefix, string? startAfter, CancellationToken ct) =>
        Guarded().ListAsync(bucket, prefix, startAfter, ct);

    public ValueTask CheckAsync(CancellationToken ct) => Guarded().CheckAsync(ct);

    public ValueTask<string> CreateMultipartAsync(ObjectLocation at, ObjectPut put, CancellationToken ct) => Guarded().CreateMultipartAsync(at, put, ct);

    public PresignedRequest PresignPart(ObjectLocation at, string uploadId, int partNumber, long size, DateTimeOffset expiresAt) =>
        store.PresignPart(at, uploadId, partNumber, size, expiresAt);

    public ValueTask<IReadOnlyList<StoredPart>?> ListPartsAsync(ObjectLocation at, string uploadId, CancellationToken ct) => Guarded().ListPartsAsync(at, uploadId, ct);

    public ValueTask<MultipartOutcome> CompleteMultipartAsync(
        ObjectLocation at, string uploadId, ObjectPut put, IReadOnlyList<ObjectPart> parts, CancellationToken ct) =>
        Guarded().CompleteMultipartAsync(at, uploadId, put, parts, ct);

    public ValueTask AbortMultipartAsync(ObjectLocation at, string uploadId, CancellationToken ct) =>
        faults.TryGetValue(uploadId, out var fault) ? throw fault : Guarded().AbortMultipartAsync(at, uploadId, ct);

    public IAsyncEnumerable<OpenMultipart> ListMultipartsAsync(string? bucket, string prefix, CancellationToken ct) =>
        Guarded().ListMultipartsAsync(bucket, prefix, ct)
            .Select(open => aged.TryGetValue(open.UploadId, out var age) ? open with { InitiatedAt = open.InitiatedAt - age } : open);

    private IObjectStore Guarded()
    {
        outage.Guard("The object store");
        return store;
    }
}

/// <summary>A real index behind a switch.</summary>
internal sealed class InterruptedIndex(ISearchIndex index, Outage outage) : ISearchIndex, IAsyncDisposable
{
    public INextIndex? Next => index.Next;

    public Task<IReadOnlyList<RefusedPush>> PushAsync(IReadOnlyList<SearchDocument> documents, CancellationToken ct) => Guarded().PushAsync(documents, ct);

    public Task RemoveDatasetAsync(DatasetKey dataset, CancellationToken ct) => Guarded().RemoveDatasetAsync(dataset, ct);

    public async ValueTask<SearchHits> SearchAsync(ParsedSearch search, CancellationToken ct)
    {
        if (outage.Searching is { } searching) await searching(search, ct);
        return await Guarded().SearchAsync(search, ct);
    }

    public ValueTask<(IReadOnlyDictionary<ItemStatus, long> Items, long Bytes)> CountAsync(DatasetKey dataset, CancellationToken ct) => Guarded().CountAsync(dataset, ct);

    public ValueTask<string> GetGenerationAsync(CancellationToken ct) => Guarded().GetGenerationAsync(ct);

    public ValueTask CheckAsync(CancellationToken ct) => Guarded().CheckAsync(ct);

    public ValueTask DisposeAsync() => index is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask;

    private ISearchIndex Guarded()
    {
        outage.Guard("The search index");
        return index;
    }
}
