using System.Text;
using Edna.Keys;
using Edna.Objects;
using Microsoft.Extensions.Options;

namespace Edna.Items;

/// <summary>Signs uploads and downloads of items, and asks the store what arrived.</summary>
public sealed class ItemUploads(IObjectStore store, IOptions<UploadOptions> options, TimeProvider time)
{
    private static readonly HashSet<string> NoneEnforced = [];

    /// <summary>Signs the open upload of an item.</summary>
    /// <param name="key">The item.</param>
    /// <param name="path">Its path.</param>
    /// <param name="upload">The open upload.</param>
    /// <param name="keys">Where the dataset lies.</param>
    /// <param name="parts">Of a multipart upload, the parts to sign; null for the first.</param>
    public Upload Sign(ItemKey key, string path, OpenUpload upload, ObjectKeys keys, IEnumerable<int>? parts = null)
    {
        var at = keys.Content(key.ItemId, upload.Attempt);
        if (upload.IsMultipart) return SignParts(at, upload, parts ?? Enumerable.Range(1, Math.Min(upload.PartCount, UploadParts.SignedAtOnce)));
        var signed = store.PresignPut(at, PutOf(path, upload), upload.ExpiresAt);
        return new() { Kind = "single", Method = "PUT", Url = signed.Url, Headers = signed.Headers, ExpiresAt = signed.ExpiresAt };
    }

    /// <summary>What the object of an upload must be.</summary>
    /// <param name="path">The item's path.</param>
    /// <param name="upload">The upload.</param>
    public static ObjectPut PutOf(string path, OpenUpload upload) => new()
    {
        Size = upload.Size, ContentType = upload.ContentType, Checksum = upload.Checksum, Tags = upload.Tags, Metadata = ObjectFacts.Of(path, upload),
    };

    private Upload SignParts(ObjectLocation at, OpenUpload upload, IEnumerable<int> numbers)
    {
        var (expiresAt, parts) = (upload.ExpiresAt, new List<SignedPart>());
        foreach (var number in numbers)
        {
            var signed = store.PresignPart(at, upload.UploadId!, number, UploadParts.SizeOf(number, upload.Size, upload.PartSize), upload.ExpiresAt);
            if (signed.ExpiresAt < expiresAt) expiresAt = signed.ExpiresAt;
            parts.Add(new() { PartNumber = number, Url = signed.Url });
        }
        return new()
        {
            Kind = "multipart", UploadId = upload.UploadId, PartSize = upload.PartSize, PartCount = upload.PartCount, Parts = parts, ExpiresAt = expiresAt,
        };
    }

    /// <summary>Signs a download of an item's content.</summary>
    /// <param name="key">The item.</param>
    /// <param name="state">Its state; it has content.</param>
    /// <param name="keys">Where the dataset lies.</param>
    /// <param name="asAttachment">Whether browsers shall save it under its own name.</param>
    public Download SignDownload(ItemKey key, ItemState state, ObjectKeys keys, bool asAttachment)
    {
        var signed = store.PresignGet(keys.Content(key.ItemId, state), asAttachment ? Attachment(state.Path) : null,
            time.GetUtcNow() + options.Value.DownloadUrlLifetime);
        return new()
        {
            Item = key.ItemId, Path = state.Path, Url = signed.Url, ExpiresAt = signed.ExpiresAt, Size = state.Size, Checksum = state.Checksum,
        };
    }

    /// <summary>What the store has of an upload.</summary>
    /// <param name="Found">The object; null when there is none.</param>
    /// <param name="Checksum">How the declared checksum compares, where one was declared.</param>
    public readonly record struct Look(StoredObject? Found, ChecksumVerdict Checksum);

    /// <summary>What the store says of an upload, and how its checksum compares by the store's word alone.</summary>
    /// <param name="at">Where the attempt lies.</param>
    /// <param name="upload">The open upload.</param>
    public async Task<Look> AskAsync(ObjectLocation at, OpenUpload upload)
    {
        var found = await store.HeadAsync(at, CancellationToken.None);
        if (found is null) return default;
        // What is signed into a PUT is enforced on its bytes; of an object in parts the store knows a checksum, or EDNA must read it.
        var enforced = upload.IsMultipart ? NoneEnforced : store.Capabilities.EnforcedChecksums;
        return new(found, Checksums.Compare(upload.Checksum, found, enforced));
    }

    /// <summary>As <see cref="AskAsync"/>, but reads the bytes where the store's word cannot tell.</summary>
    /// <param name="at">Where the attempt lies.</param>
    /// <param name="upload">The open upload.</param>
    public async Task<Look> LookAsync(ObjectLocation at, OpenUpload upload)
    {
        var asked = await AskAsync(at, upload);
        if (asked is not { Found: { } found, Checksum: ChecksumVerdict.MustRead } || found.Size != upload.Size) return asked;
        await using var content = await store.OpenReadAsync(at, CancellationToken.None);
        if (content is null) return default;
        var digest = await ContentDigest.ComputeAsync(content, upload.Checksum!.Algorithm, CancellationToken.None);
        return new(found, Checksums.Compare(upload.Checksum, digest));
    }

    /// <summary>A <c>Content-Disposition</c> that names the file, RFC 6266: an ASCII name for old clients, the real one beside it.</summary>
    private static string Attachment(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var ascii = new StringBuilder(name.Length);
        foreach (var c in name) ascii.Append(c is >= ' ' and <= '~' and not ('"' or '\\' or '%' or ';') ? c : '_');
        return ascii.Equals(name) ? $"attachment; filename=\"{name}\"" : $"attachment; filename=\"{ascii}\"; filename*=UTF-8''{Uri.EscapeDataString(name)}";
    }
}
