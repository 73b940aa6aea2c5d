using System.Buffers;
using Edna.Problems;
using Edna.Results;

namespace Edna.Requests;

/// <summary>The whole body of a request in one piece of borrowed memory.</summary>
internal sealed class RequestBody : IDisposable
{
    private byte[] buffer = [];
    private int length;

    /// <summary>Why the body was not taken; null when it was.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>The bytes, until disposed.</summary>
    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, length);

    /// <summary>The same bytes, for readers that keep them for a while.</summary>
    public ReadOnlyMemory<byte> Memory => buffer.AsMemory(0, length);

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => length == 0;

    /// <summary>Reads a JSON body: refuses another media type, none, and more than the limit.</summary>
    /// <param name="http">The request.</param>
    /// <param name="limit">Bytes.</param>
    /// <param name="optional">Whether the body may be left out.</param>
    public static async ValueTask<RequestBody> ReadJsonAsync(HttpContext http, int limit, bool optional = false)
    {
        var body = await ReadAsync(http, limit);
        if (body is { Problem: null, IsEmpty: true } && !optional) body.Problem = GatewayErrors.BodyMissing();
        if (body is { Problem: null, IsEmpty: false } && !http.Request.HasJsonContentType())
            body.Problem = GatewayErrors.UnsupportedMediaType(http.Request.ContentType);
        return body;
    }

    /// <summary>Reads a body of any kind up to the limit.</summary>
    public static async ValueTask<RequestBody> ReadAsync(HttpContext http, int limit)
    {
        var declared = http.Request.ContentLength;
        var body = new RequestBody();
        if (declared > limit) return body.Refuse(limit);
        if (declared == 0) return body;
        body.buffer = ArrayPool<byte>.Shared.Rent((int)(declared ?? 4096));
        while (body.length < (declared ?? long.MaxValue))
        {
            if (body.length == body.buffer.Length) body.Grow();
            var read = await http.Request.Body.ReadAsync(body.buffer.AsMemory(body.length), http.RequestAborted);
            if (read == 0) break;
            body.length += read;
            if (body.length > limit) return body.Refuse(limit);
        }
        return body;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        (buffer, length) = ([], 0);
    }

    private RequestBody Refuse(int limit)
    {
        Problem = GatewayErrors.TooLarge(limit);
        return this;
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
