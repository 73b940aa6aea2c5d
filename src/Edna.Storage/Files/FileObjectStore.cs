using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Edna.Hosting;
using Edna.Objects;
using Edna.Results;
using Edna.Storage.Signing;

namespace Edna.Storage.Files;

/// <summary>
/// The embedded object store: files under <c>objects/</c> of the data directory, reached by clients through signed URLs of the
/// gateway (<c>/store/{bucket}/{key}</c>). It keeps S3's promises: a signed PUT works once and for exactly its object; what was
/// acknowledged is on the disk; an object is visible whole or not at all.
/// </summary>
public sealed partial class FileObjectStore : IObjectStore, IDisposable
{
    /// <summary>The name that stands in URLs for the service's own bucket.</summary>
    public const string OwnBucket = "edna";

    /// <summary>The first segment of the path of every signed URL.</summary>
    public const string PathSegment = "store";

    private static readonly HashSet<string> Enforced = ["md5", "sha256", "crc64nvme"];
    private readonly FileStoreAddress _address;
    private readonly TimeProvider _time;
    private readonly SigV4Presigner _presigner;
    private readonly ObjectFolder _objects;
    private readonly IncomingFolder _incoming;
    private readonly MultipartFolder _multiparts;
    private readonly MultipartAssembly _assembly;
    private readonly RunningCompletions _completions = new();
    private readonly ConcurrentDictionary<string, (Uri Base, BucketAddress Address)> _addresses = new(StringComparer.Ordinal);

    /// <summary>Opens the store, made if it is not there, and removes what a killed process left half written.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="address">Where clients reach it.</param>
    /// <param name="time">The clock that URLs are signed and checked by.</param>
    public FileObjectStore(DataDirectory data, FileStoreAddress address, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(data);
        (_address, _time) = (address, time);
        _presigner = new SigV4Presigner(StoreKey.Region, StoreKey.Read(data));
        Verifier = new SigV4Verifier(_presigner, time);
        _objects = new ObjectFolder(data.At("objects"));
        _incoming = new IncomingFolder(Path.Combine(data.At("objects"), ".incoming"));
        _multiparts = new MultipartFolder(Path.Combine(data.At("objects"), ".multipart"), _incoming);
        _assembly = new MultipartAssembly(_objects, _multiparts, _incoming, time);
    }

    /// <inheritdoc/>
    public ObjectStoreCapabilities Capabilities { get; } = new() { EnforcedChecksums = Enforced, TagsOnMultipartCreate = true };

    /// <inheritdoc/>
    public string Bucket => OwnBucket;

    /// <inheritdoc/>
    public string Prefix => "";

    /// <summary>Checks requests that come by this store's signed URLs.</summary>
    public SigV4Verifier Verifier { get; }

    /// <inheritdoc/>
    public PresignedRequest PresignPut(ObjectLocation at, ObjectPut put, DateTimeOffset expiresAt)
    {
        ArgumentNullException.ThrowIfNull(put);
        var headers = ObjectPutHeaders.Of(put);
        if (put.Checksum is { } checksum)
            headers.Add(new(checksum.Algorithm == "md5" ? "content-md5" : $"x-amz-checksum-{checksum.Algorithm}", checksum.Value));
        var url = Presign("PUT", at, CollectionsMarshal.AsSpan(headers), [], expiresAt, out var end);
        return new(url, ObjectPutHeaders.ToSend(headers), end);
    }

    /// <inheritdoc/>
    public PresignedRequest PresignGet(ObjectLocation at, string? contentDisposition, DateTimeOffset expiresAt)
    {
        ReadOnlySpan<KeyValuePair<string, string>> query =
            contentDisposition is null ? [] : [new("response-content-disposition", contentDisposition)];
        var url = Presign("GET", at, [], query, expiresAt, out var end);
        return new(url, new Dictionary<string, string>(), end);
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(CancellationToken ct) => await DiskAsync(() =>
    {
        var probe = _incoming.NewFile();
        File.WriteAllBytes(probe, []);
        File.Delete(probe);
        return true;
    });

    /// <summary>Removes this process's folder for arriving objects. Open multipart uploads stay.</summary>
    public void Dispose()
    {
        _completions.Dispose();
        _incoming.Dispose();
    }

    private string Presign(
        string method, ObjectLocation at, ReadOnlySpan<KeyValuePair<string, string>> headers,
        ReadOnlySpan<KeyValuePair<string, string>> query, DateTimeOffset expiresAt, out DateTimeOffset end)
    {
        var lifetime = UrlLifetime.Until(expiresAt, _time.GetUtcNow(), null);
        end = lifetime.ExpiresAt;
        return _presigner.Presign(new PresignRequest
        {
            Method = method,
            Address = AddressOf(at.Bucket ?? OwnBucket),
            Key = at.Key,
            Headers = headers,
            Query = query,
            SignedAt = lifetime.SignedAt,
            Lifetime = lifetime.Seconds,
        });
    }

    private BucketAddress AddressOf(string bucket)
    {
        var root = _address.BaseUri ?? throw new UnavailableException("The object store's address");
        if (_addresses.TryGetValue(bucket, out var known) && ReferenceEquals(known.Base, root)) return known.Address;
        var made = BucketAddress.PathStyle(new Uri(root, $"{root.AbsolutePath.TrimEnd('/')}/{PathSegment}"), bucket);
        _addresses[bucket] = (root, made);
        return made;
    }

    /// <summary>Runs work on the disk; a full or failing disk is the store being unavailable.</summary>
    private static async ValueTask<T> DiskAsync<T>(Func<ValueTask<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnavailableException("The object store", e);
        }
    }

    private static ValueTask<T> DiskAsync<T>(Func<T> work) => DiskAsync(() => new ValueTask<T>(Task.Run(work)));
}
