using Edna.Results;

namespace Edna.Problems;

/// <summary>Problems that the gateway itself finds, before or instead of a grain.</summary>
public static class GatewayErrors
{
    /// <summary><c>route.not_found</c>.</summary>
    /// <param name="path">The path asked for.</param>
    public static Problem RouteNotFound(string path) => new()
    {
        Code = "route.not_found", Status = 404, Title = "There is no such address.",
        Detail = $"Nothing is served at '{path}'. /openapi/v1.json lists every address.",
    };

    /// <summary><c>route.method_not_allowed</c>.</summary>
    /// <param name="method">The method used.</param>
    /// <param name="allowed">The methods there are, comma separated.</param>
    public static Problem MethodNotAllowed(string method, string allowed) => new()
    {
        Code = "route.method_not_allowed", Status = 405, Title = "The address does not take this method.",
        Detail = $"{method} is not possible here. Allowed: {allowed}.",
    };

    /// <summary><c>request.unsupported_media_type</c>.</summary>
    /// <param name="given">The media type given; null or empty for none.</param>
    public static Problem UnsupportedMediaType(string? given) => new()
    {
        Code = "request.unsupported_media_type", Status = 415, Title = "The body's media type is not supported.",
        Detail = $"Send 'Content-Type: application/json'; the request had {(string.IsNullOrEmpty(given) ? "none" : $"'{given}'")}.",
    };

    /// <summary><c>request.too_large</c>.</summary>
    /// <param name="limit">The most bytes that the address takes; null where it is not known.</param>
    public static Problem TooLarge(long? limit) => new()
    {
        Code = "request.too_large", Status = 413, Title = "The body is too large.",
        Detail = limit is null ? "Send a smaller body." : $"At most {limit} bytes are taken here. Send less at a time.",
    };

    /// <summary><c>request.malformed_json</c>.</summary>
    /// <param name="line">The line of the fault, from 1.</param>
    /// <param name="position">The byte in that line, from 1.</param>
    public static Problem MalformedJson(long line, long position) => new()
    {
        Code = "request.malformed_json", Status = 400, Title = "The body is not valid JSON.",
        Detail = $"The JSON breaks off or goes wrong at line {line}, position {position}.",
    };

    /// <summary><c>request.body_missing</c>.</summary>
    public static Problem BodyMissing() => new()
    {
        Code = "request.body_missing", Status = 400, Title = "The body is missing.", Detail = "Send a JSON body; this request had none.",
    };

    /// <summary><c>request.bad</c>: HTTP itself was not kept to.</summary>
    /// <param name="status">400–499.</param>
    public static Problem Bad(int status) => new()
    {
        Code = "request.bad", Status = status, Title = "The request cannot be understood.",
        Detail = "The request breaks the rules of HTTP, or ended before its body did.",
    };
}
