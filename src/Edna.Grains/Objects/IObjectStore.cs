namespace Edna.Objects;

/// <summary>
/// The port to the bucket: pre-signing, and the few calls EDNA makes itself. Two adapters: S3 and files; one compliance suite.
/// Every method throws <see cref="Results.UnavailableException"/> when the store is down, refuses for load, or does not answer in time;
/// nothing else is an expected failure. Pre-signing is local: no I/O, no waiting.
/// </summary>
public interface IObjectStore : IMultipartStore
{
    /// <summary>What this store can and cannot do.</summary>
    ObjectStoreCapabilities Capabilities { get; }

    /// <summary>The name of the service's own bucket, as events tell it.</summary>
    string Bucket { get; }

    /// <summary>What every key in the service's own bucket starts with: empty, or ending in <c>/</c>. Whoever composes keys puts it there.</summary>
    string Prefix { get; }

    /// <summary>Signs a PUT that works once, until <paramref name="expiresAt"/>, for exactly the object that <paramref name="put"/> describes.</summary>
    /// <param name="at">Where the object will lie.</param>
    /// <param name="put">What it must be.</param>
    /// <param name="expiresAt">Not after this time; at most seven days from now.</param>
    PresignedRequest PresignPut(ObjectLocation at, ObjectPut put, DateTimeOffset expiresAt);

    /// <summary>Signs a GET.</summary>
    /// <param name="at">Where the object lies.</param>
    /// <param name="contentDisposition">A <c>Content-Disposition</c> that the store shall answer with; null for none.</param>
    /// <param name="expiresAt">Not after this time; at most seven days from now.</param>
    PresignedRequest PresignGet(ObjectLocation at, string? contentDisposition, DateTimeOffset expiresAt);

    /// <summary>What the store says of an object; null when there is none.</summary>
    ValueTask<StoredObject?> HeadAsync(ObjectLocation at, CancellationToken ct);

    /// <summary>Opens an object's bytes; null when there is none. The caller disposes the stream.</summary>
    ValueTask<Stream?> OpenReadAsync(ObjectLocation at, CancellationToken ct);

    /// <summary>Reads a small object whole (a document of EDNA's own); null when there is none.</summary>
    ValueTask<byte[]?> ReadAsync(ObjectLocation at, CancellationToken ct);

    /// <summary>Writes a small object (a document of EDNA's own).</summary>
    /// <param name="at">Where.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="contentType">The media type.</param>
    /// <param name="onlyIfAbsent">True writes only where nothing lies yet, decided by the store in one step.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>False when <paramref name="onlyIfAbsent"/> and something lay there.</returns>
    ValueTask<bool> WriteAsync(ObjectLocation at, ReadOnlyMemory<byte> body, string contentType, bool onlyIfAbsent, CancellationToken ct);

    /// <summary>Replaces an object's tags. The object is there.</summary>
    ValueTask SetTagsAsync(ObjectLocation at, IReadOnlyDictionary<string, string> tags, CancellationToken ct);

    /// <summary>An object's tags. The object is there.</summary>
    ValueTask<IReadOnlyDictionary<string, string>> GetTagsAsync(ObjectLocation at, CancellationToken ct);

    /// <summary>Removes objects of one bucket, any number; what is not there is no fault.</summary>
    ValueTask DeleteAsync(string? bucket, IReadOnlyCollection<string> keys, CancellationToken ct);

    /// <summary>The objects under a prefix, in key order (UTF-8 bytes).</summary>
    /// <param name="bucket">The bucket; null for the service's own.</param>
    /// <param name="prefix">The prefix.</param>
    /// <param name="startAfter">Only keys after this one; null from the start.</param>
    /// <param name="ct">Cancels.</param>
    IAsyncEnumerable<ListedObject> ListAsync(string? bucket, string prefix, string? startAfter, CancellationToken ct);

    /// <summary>Asks the store for a sign of life: the bucket is there and may be used.</summary>
    ValueTask CheckAsync(CancellationToken ct);
}
