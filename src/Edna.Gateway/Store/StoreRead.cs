using System.Globalization;
using Edna.Objects;
using Edna.Storage.Files;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;

namespace Edna.Store;

/// <summary>A signed GET or HEAD.</summary>
internal static class StoreRead
{
    private const int BufferBytes = 128 * 1024;

    public static async Task<StoreError?> HandleAsync(HttpContext context, FileObjectStore store, StoreRequest request)
    {
        using var content = await store.OpenAsync(request.At);
        if (content is null) return StoreError.NoSuchKey;
        var facts = content.Facts;
        WriteHeaders(context.Response, facts, request.Parameters);
        var headers = context.Request.GetTypedHeaders();
        var etag = new EntityTagHeaderValue($"\"{facts.ETag}\"");
        if (FailsIfMatch(headers, etag, facts.LastModified)) return StoreError.PreconditionFailed;
        if (IsKnown(headers, etag, facts.LastModified))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }
        if (RangeOf(headers, etag, facts.Size) is not { } range)
        {
            context.Response.Headers.ContentRange = $"bytes */{facts.Size}";
            return StoreError.InvalidRange;
        }
        await SendAsync(context, content, range);
        return null;
    }

    private static async Task SendAsync(HttpContext context, FileContent content, (long Start, long Length, bool Partial) range)
    {
        var response = context.Response;
        response.ContentType = content.Facts.ContentType;
        response.ContentLength = range.Length;
        if (range.Partial)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture,
                $"bytes {range.Start}-{range.Start + range.Length - 1}/{content.Facts.Size}");
        }
        if (HttpMethods.IsHead(context.Request.Method) || range.Length == 0) return;
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = new MinDataRate(bytesPerSecond: 1, gracePeriod: TimeSpan.FromMinutes(1));
        await content.Part(range.Start, range.Length).CopyToAsync(response.Body, BufferBytes, context.RequestAborted);
    }

    private static void WriteHeaders(HttpResponse response, StoredObject facts, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        response.Headers.ETag = $"\"{facts.ETag}\"";
        response.Headers.LastModified = facts.LastModified.ToString("R", CultureInfo.InvariantCulture);
        response.Headers.AcceptRanges = "bytes";
        // What a stranger uploaded must not run as a page of the gateway's own origin.
        response.Headers.ContentSecurityPolicy = "sandbox";
        response.Headers.XContentTypeOptions = "nosniff";
        foreach (var (name, value) in facts.Metadata) response.Headers["x-amz-meta-" + name] = value;
        foreach (var (name, value) in parameters)
        {
            if (name == "response-content-disposition") response.Headers.ContentDisposition = value;
        }
    }

    private static bool FailsIfMatch(RequestHeaders headers, EntityTagHeaderValue etag, DateTimeOffset modified) =>
        headers.IfMatch is { Count: > 0 } wanted
            ? !wanted.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(etag, useStrongComparison: true))
            : headers.IfUnmodifiedSince is { } since && WholeSeconds(modified) > since;

    private static bool IsKnown(RequestHeaders headers, EntityTagHeaderValue etag, DateTimeOffset modified) =>
        headers.IfNoneMatch is { Count: > 0 } known
            ? known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(etag, useStrongComparison: false))
            : headers.IfModifiedSince is { } since && WholeSeconds(modified) <= since;

    /// <summary>The bytes to send; null when none of those asked for exist. As S3 does, only one range is honoured.</summary>
    private static (long Start, long Length, bool Partial)? RangeOf(RequestHeaders headers, EntityTagHeaderValue etag, long size)
    {
        var range = headers.Range;
        var stale = headers.IfRange is { } condition && condition.EntityTag?.Compare(etag, useStrongComparison: true) != true;
        if (range is null || range.Unit != "bytes" || range.Ranges.Count != 1 || stale) return (0, size, false);
        var one = range.Ranges.First();
        if (one.From is null)
        {
            var last = Math.Min(one.To!.Value, size);
            return last == 0 ? null : (size - last, last, true);
        }
        if (one.From >= size) return null;
        var end = Math.Min(one.To ?? long.MaxValue, size - 1);
        return (one.From.Value, end - one.From.Value + 1, true);
    }

    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
