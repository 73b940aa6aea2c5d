using System.Net;
using System.Net.Http.Headers;
using Amazon.S3;
using Edna.Objects;
using Edna.Results;

namespace Edna.Storage.S3.Check;

/// <summary>
/// Finds out what EDNA may do in the bucket by doing it, on keys of its own under the prefix that are removed afterwards. Goes the
/// ways that EDNA goes itself: the same store, the same signed URLs.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="time">The clock.</param>
/// <param name="deleteMany">Whether many objects may be removed in one call; false where that would crash the store.</param>
internal sealed class S3BucketProbe(S3ObjectStore store, TimeProvider time, bool deleteMany)
{
    private const string ContentType = "text/plain";
    private static readonly byte[] Body = "EDNA was here to see what it may do. This object can be removed."u8.ToArray();
    private static readonly Dictionary<string, string> Tags = new() { ["edna:probe"] = "yes" };
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };

    private readonly string _folder = $"{store.Prefix}edna-check/{Guid.NewGuid():N}/";
    private readonly List<BucketFinding> _findings = [];
    private readonly List<string> _written = [];
    private readonly List<(ObjectLocation At, string UploadId)> _opened = [];

    /// <summary>Tries everything and cleans up.</summary>
    public async Task<IReadOnlyList<BucketFinding>> RunAsync(CancellationToken ct)
    {
        try
        {
            var at = Place("object");
            var written = await TryAsync("put", "s3:PutObject", async () => await store.WriteAsync(at, Body, ContentType, onlyIfAbsent: true, ct)
                ? "An object can be written."
                : throw new ProbeException("Something lay there already."));
            if (written) await ObjectAsync(at, ct);
            else NotTried("put", "conditional write", "get", "head", "tags");
            await TryAsync("list", "s3:ListBucket", async () =>
            {
                await foreach (var _ in store.ListAsync(null, _folder, null, ct)) break;
                return "Objects can be listed.";
            });
            await TryAsync("signed upload", "s3:PutObject and s3:PutObjectTagging, and clients to reach the store", () => SignedPutAsync(ct));
            await MultipartAsync(ct);
        }
        finally
        {
            await CleanUpAsync(ct);
        }
        return _findings;
    }

    private async Task ObjectAsync(ObjectLocation at, CancellationToken ct)
    {
        await TryAsync("conditional write", "a store that honours If-None-Match (Amazon S3, Ceph from 16)", async () =>
            !await store.WriteAsync(at, "other"u8.ToArray(), ContentType, onlyIfAbsent: true, ct) ? "What lies there is not overwritten." : throw new ProbeException("The store overwrote an object in spite of If-None-Match."));
        await TryAsync("get", "s3:GetObject", async () => await store.ReadAsync(at, ct) is { } read && Body.SequenceEqual(read) ? "An object can be read." : throw new ProbeException("Other bytes came back."));
        await TryAsync("head", "s3:GetObject", async () => (await store.HeadAsync(at, ct))?.Size == Body.Length ? "An object can be looked at." : throw new ProbeException("HEAD did not tell its size."));
        await TryAsync("tags", "s3:PutObjectTagging, s3:GetObjectTagging and s3:DeleteObjectTagging", async () =>
        {
            await store.SetTagsAsync(at, Tags, ct);
            if ((await store.GetTagsAsync(at, ct)).Count != Tags.Count) throw new ProbeException("The tags that were set are not there.");
            await store.SetTagsAsync(at, new Dictionary<string, string>(), ct);
            return "Tags can be set, read and removed.";
        });
    }

    private async Task<string> SignedPutAsync(CancellationToken ct)
    {
        var put = new ObjectPut { Size = Body.Length, ContentType = ContentType, Tags = Tags, Metadata = [new("edna-path", "probe")] };
        var signed = store.PresignPut(Place("signed"), put, time.GetUtcNow().AddMinutes(5));
        await SendAsync(signed, HttpStatusCode.OK, ct);
        await SendAsync(signed, HttpStatusCode.PreconditionFailed, ct);
        return "A client can upload with a signed URL, once.";
    }

    private async Task MultipartAsync(CancellationToken ct)
    {
        var at = Place("parts");
        var put = new ObjectPut { Size = Body.Length, ContentType = ContentType };
        var uploadId = "";
        IReadOnlyList<StoredPart>? parts = null;
        if (!await TryAsync("multipart create", "s3:PutObject", async () =>
        {
            uploadId = await OpenAsync(at, put, ct);
            return "An upload in parts can be opened.";
        }))
        {
            NotTried("multipart create", "multipart part", "multipart list", "multipart complete", "multipart abort");
            return;
        }
        await TryAsync("multipart part", "s3:PutObject, and clients to reach the store", async () =>
        {
            await SendAsync(store.PresignPart(at, uploadId, 1, Body.Length, time.GetUtcNow().AddMinutes(5)), HttpStatusCode.OK, ct);
            return "A client can send a part with a signed URL.";
        });
        await TryAsync("multipart list", "s3:ListMultipartUploadParts and s3:ListBucketMultipartUploads", async () =>
        {
            parts = await store.ListPartsAsync(at, uploadId, ct);
            var open = 0;
            await foreach (var _ in store.ListMultipartsAsync(null, _folder, ct)) open++;
            return open > 0 && parts is not null ? "Open uploads and their parts can be listed." : throw new ProbeException("The open upload is not listed.");
        });
        if (parts is not { Count: > 0 }) NotTried("multipart part", "multipart complete");
        else
        {
            await TryAsync("multipart complete", "s3:PutObject", async () =>
            {
                var outcome = await store.CompleteMultipartAsync(at, uploadId, put, [.. parts.Select(part => new ObjectPart(part.PartNumber, part.ETag))], ct);
                return outcome.Result == MultipartResult.Completed ? "An object can be made of parts." : throw new ProbeException($"{outcome.Result} {outcome.Detail}");
            });
        }
        await TryAsync("multipart abort", "s3:AbortMultipartUpload", async () =>
        {
            var other = Place("aborted");
            await store.AbortMultipartAsync(other, await OpenAsync(other, put, ct), ct);
            return "An upload in parts can be aborted.";
        });
    }

    private async Task CleanUpAsync(CancellationToken ct)
    {
        foreach (var (at, uploadId) in _opened)
        {
            // What may not be aborted was found so before; the bucket's lifecycle rule takes it away.
            await AttemptAsync(async () => await store.AbortMultipartAsync(at, uploadId, ct));
        }
        await TryAsync("delete", "s3:DeleteObject", async () =>
        {
            if (deleteMany) await store.DeleteAsync(null, _written, ct);
            else foreach (var key in _written) await store.DeleteOneAsync(key, ct);
            foreach (var key in _written)
            {
                if (await store.HeadAsync(new(null, key), ct) is not null) throw new ProbeException($"'{key}' is still there.");
            }
            return deleteMany ? "Objects can be removed." : "Objects can be removed one by one; more at once was not tried, as it would crash this store (see notifications).";
        });
    }

    private ObjectLocation Place(string name)
    {
        _written.Add(_folder + name);
        return new(null, _folder + name);
    }

    private async Task<string> OpenAsync(ObjectLocation at, ObjectPut put, CancellationToken ct)
    {
        var uploadId = await store.CreateMultipartAsync(at, put, ct);
        _opened.Add((at, uploadId));
        return uploadId;
    }

    private static async Task SendAsync(PresignedRequest signed, HttpStatusCode expected, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, signed.Url) { Content = new ByteArrayContent(Body) };
        foreach (var (name, value) in signed.Headers)
        {
            HttpHeaders headers = name.StartsWith("content-", StringComparison.Ordinal) ? request.Content.Headers : request.Headers;
            headers.TryAddWithoutValidation(name, value);
        }
        using var answer = await Http.SendAsync(request, ct);
        if (answer.StatusCode == expected) return;
        var error = await answer.Content.ReadAsStringAsync(ct);
        throw new ProbeException($"PUT to {request.RequestUri!.Authority} answered {(int)answer.StatusCode} and not {(int)expected}: {error[..Math.Min(error.Length, 300)]}");
    }

    private void NotTried(string because, params ReadOnlySpan<string> what)
    {
        foreach (var one in what) _findings.Add(new(one, FindingState.NotTried, $"Stands on '{because}'."));
    }

    private async Task<bool> TryAsync(string what, string needs, Func<Task<string>> attempt)
    {
        var fault = await AttemptAsync(async () => _findings.Add(new(what, FindingState.Ok, await attempt())));
        if (fault is not null) _findings.Add(new(what, FindingState.Wrong, fault, $"EDNA needs {needs}; docs/bucket.md has the whole policy."));
        return fault is null;
    }

    /// <summary>What went wrong; null when nothing did.</summary>
    private static async Task<string?> AttemptAsync(Func<Task> attempt)
    {
        try
        {
            await attempt();
            return null;
        }
        catch (Exception e) when (e is UnavailableException or ProbeException or HttpRequestException or InvalidOperationException
            || (e is OperationCanceledException { InnerException: TimeoutException }))
        {
            return Words(e);
        }
    }

    /// <summary>The store's own words for a fault, where there are any.</summary>
    public static string Words(Exception fault)
    {
        var cause = fault is UnavailableException { InnerException: { } inner } ? inner : fault;
        if (cause is not AmazonS3Exception { ErrorCode.Length: > 0 } s3) return cause.Message;
        return string.IsNullOrWhiteSpace(s3.Message) ? $"{s3.ErrorCode}." : $"{s3.ErrorCode}: {s3.Message}";
    }

    private sealed class ProbeException(string message) : Exception(message);
}
