using System.Globalization;
using Edna.Storage.Files;

namespace Edna.Store;

/// <summary>A signed PUT of a part of a multipart upload.</summary>
internal static class StorePutPart
{
    private const int MostParts = 10_000;

    public static async Task<StoreError?> HandleAsync(HttpContext context, FileObjectStore store, StoreRequest request)
    {
        var headers = context.Request.Headers;
        if (context.Request.ContentLength is not { } size) return StoreError.MissingContentLength;
        if (size > StorePut.LargestPut) return StoreError.EntityTooLarge;
        if (headers.IfNoneMatch.Count > 0 || headers.IfMatch.Count > 0) return StoreError.NotImplemented;
        if (request["uploadId"] is not { } uploadId || NumberOf(request["partNumber"]) is not { } number) return StoreError.InvalidPartNumber;
        if (StorePut.ReadChecksums(headers, out var checksums) is { } error) return error;
        StorePut.LiftLimits(context);
        try
        {
            return StorePut.Answer(context, await store.ReceivePartAsync(
                request.At, uploadId, number, size, checksums, context.Request.Body, context.RequestAborted));
        }
        catch (Exception e) when (e is Microsoft.AspNetCore.Http.BadHttpRequestException or IOException)
        {
            return StoreError.IncompleteBody;
        }
    }

    private static int? NumberOf(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostParts ? number : null;
}
