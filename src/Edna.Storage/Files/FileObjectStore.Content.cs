using System.Runtime.CompilerServices;
using Edna.Objects;

namespace Edna.Storage.Files;

public sealed partial class FileObjectStore
{
    /// <inheritdoc/>
    public async ValueTask<StoredObject?> HeadAsync(ObjectLocation at, CancellationToken ct)
    {
        using var content = await OpenAsync(at);
        return content?.Facts;
    }

    /// <inheritdoc/>
    public async ValueTask<Stream?> OpenReadAsync(ObjectLocation at, CancellationToken ct) =>
        await OpenAsync(at) is { } content ? content.Part(0, content.Facts.Size) : null;

    /// <inheritdoc/>
    public async ValueTask<byte[]?> ReadAsync(ObjectLocation at, CancellationToken ct)
    {
        using var content = await OpenAsync(at);
        if (content is null) return null;
        var bytes = new byte[content.Facts.Size];
        await content.Part(0, bytes.Length).ReadExactlyAsync(bytes, ct);
        return bytes;
    }

    /// <summary>Opens an object; null when there is none.</summary>
    /// <param name="at">Where it lies.</param>
    public ValueTask<FileContent?> OpenAsync(ObjectLocation at) => DiskAsync(() => new ValueTask<FileContent?>(
        _objects.Open(at.Bucket ?? OwnBucket, at.Key) is { } open ? new FileContent(open) : null));

    /// <inheritdoc/>
    public async ValueTask<bool> WriteAsync(
        ObjectLocation at, ReadOnlyMemory<byte> body, string contentType, bool onlyIfAbsent, CancellationToken ct)
    {
        var put = new ObjectPut { Size = body.Length, ContentType = contentType };
        using var bytes = new MemoryStream(body.ToArray(), writable: false);
        var received = await ReceiveAsync(at, put, [], onlyIfAbsent, bytes, ct);
        return received.Outcome == ReceiveOutcome.Stored;
    }

    /// <summary>Takes an object in: on the disk, durable and visible when the task completes with <see cref="ReceiveOutcome.Stored"/>, else not at all.</summary>
    /// <param name="at">Where it will lie.</param>
    /// <param name="put">What it must be.</param>
    /// <param name="checksums">Checksums that the bytes must have.</param>
    /// <param name="onlyIfAbsent">True refuses it when something lies there.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="ct">Cancels: the client has gone.</param>
    /// <exception cref="Results.UnavailableException">The disk is full or fails.</exception>
    public async ValueTask<ReceivedObject> ReceiveAsync(
        ObjectLocation at, ObjectPut put, IReadOnlyList<Items.Checksum> checksums, bool onlyIfAbsent, Stream body, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(put);
        ArgumentNullException.ThrowIfNull(checksums);
        var bucket = at.Bucket ?? OwnBucket;
        // Asked early for the sake of the client, who need not send the bytes; decided below, when the file gets its name.
        if (onlyIfAbsent && _objects.Exists(bucket, at.Key)) return new(ReceiveOutcome.AlreadyThere, null);
        await using var incoming = await DiskAsync(() => new ValueTask<IncomingObject>(
            new IncomingObject(_incoming.NewFile(), checksums.Any(checksum => checksum.Algorithm == "sha256"))));
        await incoming.ReceiveAsync(body, put.Size, ct);
        if (FaultOf(incoming, put.Size, checksums) is { } fault) return fault;
        var stored = await DiskAsync(() =>
        {
            incoming.Finish(FactsOf(put, incoming.ETag, incoming.Checksums()));
            return _objects.Publish(incoming.Path, bucket, at.Key, onlyIfAbsent);
        });
        return stored ? new(ReceiveOutcome.Stored, incoming.ETag) : new(ReceiveOutcome.AlreadyThere, null);
    }

    /// <inheritdoc/>
    public async ValueTask SetTagsAsync(ObjectLocation at, IReadOnlyDictionary<string, string> tags, CancellationToken ct)
    {
        var sorted = new SortedDictionary<string, string>(tags.ToDictionary(), StringComparer.Ordinal);
        if (!await DiskAsync(() => _objects.WriteTags(_incoming.NewFile(), at.Bucket ?? OwnBucket, at.Key, sorted))) throw NotThere(at);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, string>> GetTagsAsync(ObjectLocation at, CancellationToken ct) =>
        await DiskAsync(() => _objects.ReadTags(at.Bucket ?? OwnBucket, at.Key)) ?? throw NotThere(at);

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string? bucket, IReadOnlyCollection<string> keys, CancellationToken ct) => await DiskAsync(() =>
    {
        _objects.CheckRoot();
        foreach (var key in keys)
        {
            ct.ThrowIfCancellationRequested();
            _objects.Delete(bucket ?? OwnBucket, key);
        }
        return true;
    });

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedObject> ListAsync(
        string? bucket, string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken ct)
    {
        using var walk = new ObjectListing(_objects.BucketPath(bucket ?? OwnBucket), prefix, startAfter).Walk().GetEnumerator();
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var page = await DiskAsync(() => NextPage(walk));
            foreach (var listed in page) yield return listed;
            if (page.Count == 0) yield break;
        }
    }

    private List<ListedObject> NextPage(IEnumerator<(string Key, string Path)> walk)
    {
        _objects.CheckRoot();
        var page = new List<ListedObject>(256);
        while (page.Count < 256 && walk.MoveNext())
        {
            // Removed since its name was read: then it is no longer listed.
            if (ObjectFile.Open(walk.Current.Path) is not { } open) continue;
            open.File.Dispose();
            page.Add(new(walk.Current.Key, open.Facts.Size, open.Facts.ETag, open.Facts.LastModified));
        }
        return page;
    }

    private static ReceivedObject? FaultOf(IncomingObject incoming, long size, IReadOnlyList<Items.Checksum> checksums)
    {
        if (incoming.Size != size) return new(ReceiveOutcome.WrongLength, null);
        if (checksums.Count == 0) return null;
        var computed = incoming.Checksums();
        foreach (var checksum in checksums)
        {
            if (computed.GetValueOrDefault(checksum.Algorithm) != checksum.Value) return new(ReceiveOutcome.WrongChecksum, checksum.Algorithm);
        }
        return null;
    }

    private static InvalidOperationException NotThere(ObjectLocation at) => new($"There is no object '{at.Key}'.");

    private ObjectFacts FactsOf(ObjectPut put, string etag, SortedDictionary<string, string> checksums) => new()
    {
        WriteId = Guid.NewGuid().ToString("N"),
        Size = put.Size,
        ETag = etag,
        ContentType = put.ContentType,
        LastModified = _time.GetUtcNow(),
        Checksums = checksums,
        Metadata = new(put.Metadata.ToDictionary(), StringComparer.Ordinal),
        Tags = new(put.Tags.ToDictionary(), StringComparer.Ordinal),
    };
}
