using System.Buffers.Text;
using Edna.Items;
using Edna.Objects;
using Edna.Storage.Files;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Edna.Store;

/// <summary>A signed PUT.</summary>
internal static class StorePut
{
    public const long LargestPut = 5L * 1024 * 1024 * 1024;
    private const int MostTags = 10;
    private const string MetadataPrefix = "x-amz-meta-";

    public static async Task<StoreError?> HandleAsync(HttpContext context, FileObjectStore store, ObjectLocation at)
    {
        var headers = context.Request.Headers;
        if (context.Request.ContentLength is not { } size) return StoreError.MissingContentLength;
        if (size > LargestPut) return StoreError.EntityTooLarge;
        var condition = headers.IfNoneMatch.ToString();
        if (condition is not ("" or "*") || headers.IfMatch.Count > 0) return StoreError.NotImplemented;
        if (ReadTags(headers["x-amz-tagging"].ToString()) is not { } tags) return StoreError.InvalidTag;
        if (ReadChecksums(headers, out var checksums) is { } error) return error;
        var put = new ObjectPut
        {
            Size = size,
            ContentType = context.Request.ContentType ?? "binary/octet-stream",
            Tags = tags,
            Metadata = [.. headers
                .Where(header => header.Key.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
                .Select(header => KeyValuePair.Create(header.Key[MetadataPrefix.Length..].ToLowerInvariant(), header.Value.ToString()))],
        };
        LiftLimits(context);
        return await ReceiveAsync(context, store, at, put, checksums, condition == "*");
    }

    private static async Task<StoreError?> ReceiveAsync(
        HttpContext context, FileObjectStore store, ObjectLocation at, ObjectPut put, List<Checksum> checksums, bool onlyIfAbsent)
    {
        try
        {
            return Answer(context, await store.ReceiveAsync(at, put, checksums, onlyIfAbsent, context.Request.Body, context.RequestAborted));
        }
        catch (Exception e) when (e is Microsoft.AspNetCore.Http.BadHttpRequestException or IOException)
        {
            return StoreError.IncompleteBody;
        }
    }

    /// <summary>Answers how taking the body in ended: with the entity tag, or with the error that is returned.</summary>
    public static StoreError? Answer(HttpContext context, ReceivedObject received)
    {
        switch (received.Outcome)
        {
            case ReceiveOutcome.AlreadyThere: return StoreError.PreconditionFailed;
            case ReceiveOutcome.WrongLength: return StoreError.IncompleteBody;
            case ReceiveOutcome.WrongChecksum: return StoreError.BadDigest;
            case ReceiveOutcome.NoSuchUpload: return StoreError.NoSuchUpload;
        }
        context.Response.Headers.ETag = $"\"{received.Detail}\"";
        context.Response.ContentLength = 0;
        return null;
    }

    /// <summary>An object may be larger, and its sender slower, than a request of the REST API; a sender of nothing at all is cut off.</summary>
    public static void LiftLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } length) length.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = new MinDataRate(bytesPerSecond: 1, gracePeriod: TimeSpan.FromMinutes(1));
    }

    private static Dictionary<string, string>? ReadTags(string tagging)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in new QueryStringEnumerable(tagging))
        {
            var key = pair.DecodeName().ToString();
            if (key.Length is 0 or > 128 || pair.DecodeValue().Length > 256 || !tags.TryAdd(key, pair.DecodeValue().ToString())) return null;
        }
        return tags.Count <= MostTags ? tags : null;
    }

    /// <summary>The checksums that the headers claim for the body.</summary>
    public static StoreError? ReadChecksums(IHeaderDictionary headers, out List<Checksum> checksums)
    {
        checksums = [];
        foreach (var (name, value) in headers)
        {
            var (algorithm, bytes) = name.ToLowerInvariant() switch
            {
                "content-md5" => ("md5", 16),
                "x-amz-checksum-sha256" => ("sha256", 32),
                "x-amz-checksum-crc64nvme" => ("crc64nvme", 8),
                "x-amz-content-sha256" => ("payload", 32),
                var other when other.StartsWith("x-amz-checksum-", StringComparison.Ordinal) => ("unknown", 0),
                _ => ("", 0),
            };
            if (algorithm == "") continue;
            if (algorithm == "unknown") return StoreError.NotImplemented;
            if (Digest(value.ToString(), algorithm, bytes) is not { } digest) return StoreError.InvalidDigest;
            checksums.Add(new() { Algorithm = algorithm == "payload" ? "sha256" : algorithm, Value = digest });
        }
        return null;
    }

    /// <summary>A digest in the base64 that the store compares with; null when it is none.</summary>
    private static string? Digest(string value, string algorithm, int bytes)
    {
        if (algorithm == "payload")
        {
            var hex = new byte[bytes];
            return Convert.FromHexString(value, hex, out _, out var written) == System.Buffers.OperationStatus.Done && written == bytes
                ? Convert.ToBase64String(hex) : null;
        }
        return Base64.IsValid(value, out var length) && length == bytes ? Convert.ToBase64String(Convert.FromBase64String(value)) : null;
    }
}
