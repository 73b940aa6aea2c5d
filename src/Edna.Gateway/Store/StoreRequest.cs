using System.Text;
using Edna.Objects;
using Edna.Storage.Files;
using Edna.Storage.Signing;
using Microsoft.AspNetCore.Http.Features;

namespace Edna.Store;

/// <summary>A request whose signature was found right.</summary>
/// <param name="At">The object that it is about.</param>
/// <param name="Parameters">Its query, without the signature's own parameters.</param>
internal readonly record struct StoreRequest(ObjectLocation At, IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    private const int MaxKeyBytes = 1024;

    /// <summary>Whether it is about a part of a multipart upload, and not about the object itself.</summary>
    public bool IsPart => this["uploadId"] is not null || this["partNumber"] is not null;

    /// <summary>A parameter of the query; null when it is not there.</summary>
    /// <param name="name">Its name.</param>
    public string? this[string name] => Parameters.FirstOrDefault(parameter => parameter.Key == name).Value;

    /// <summary>Checks the signature and reads what the request is about.</summary>
    public static StoreError? TryRead(HttpContext context, SigV4Verifier verifier, out StoreRequest request)
    {
        request = default;
        // The signature is over the path as it was sent; the server's own form of it is unescaped already.
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var headers = context.Request.Headers;
        var received = new ReceivedRequest
        {
            Method = context.Request.Method,
            RawTarget = target,
            Header = name => headers.TryGetValue(name, out var value) ? value.ToString() : null,
            HeaderNames = headers.Keys,
        };
        if (ErrorOf(verifier.Verify(received, out var parameters)) is { } error) return error;
        if (LocationOf(target, context.Request.PathBase) is not { } at) return StoreError.NoSuchKey;
        if (Encoding.UTF8.GetByteCount(at.Key) > MaxKeyBytes) return StoreError.KeyTooLong;
        request = new(at, parameters);
        return null;
    }

    private static StoreError? ErrorOf(SignatureVerdict verdict) => verdict switch
    {
        SignatureVerdict.Valid => null,
        SignatureVerdict.Missing => StoreError.NoSignature,
        SignatureVerdict.Malformed => StoreError.Malformed,
        SignatureVerdict.WrongCredential => StoreError.WrongCredential,
        SignatureVerdict.Expired => StoreError.Expired,
        SignatureVerdict.NotYetValid => StoreError.NotYetValid,
        SignatureVerdict.UnsignedHeader => StoreError.UnsignedHeader,
        _ => StoreError.Mismatch,
    };

    private static ObjectLocation? LocationOf(string target, PathString pathBase)
    {
        var before = $"{pathBase.ToUriComponent()}/{FileObjectStore.PathSegment}/";
        if (!target.StartsWith(before, StringComparison.Ordinal)) return null;
        var path = target.AsSpan(before.Length, target.IndexOf('?', StringComparison.Ordinal) - before.Length);
        var slash = path.IndexOf('/');
        if (slash < 1 || slash == path.Length - 1) return null;
        var bucket = Uri.UnescapeDataString(path[..slash]);
        return new(bucket == FileObjectStore.OwnBucket ? null : bucket, Uri.UnescapeDataString(path[(slash + 1)..]));
    }
}
