using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;

namespace Edna.Search.Elasticsearch;

/// <summary>Sends requests to the server and gives back what it answers, whatever that is.</summary>
internal sealed class ElasticsearchClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly IRequestAuthorization _authorization;
    private readonly string _address;
    private readonly TimeSpan _timeout;

    [SuppressMessage("Reliability", "CA2000", Justification = "The client owns the handler.")]
    public ElasticsearchClient(ElasticsearchOptions options, IRequestAuthorization authorization)
    {
        _authorization = authorization;
        _address = options.Address!.GetLeftPart(UriPartial.Path).TrimEnd('/');
        _timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
        // One client for the life of the process: connections are renewed now and then, so that it follows the name's addresses.
        _http = new(new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.GZip,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Sends a request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query, escaped, from the slash.</param>
    /// <param name="body">The body, if any.</param>
    /// <param name="kind">What the body is.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <exception cref="Results.UnavailableException">There was no answer.</exception>
    public async Task<ElasticsearchReply> SendAsync(HttpMethod method, string path, PooledBuffer? body, BodyKind kind, CancellationToken ct)
    {
        var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            timeout.CancelAfter(_timeout);
            using var request = new HttpRequestMessage(method, _address + path);
            if (body is not null) request.Content = Content(body, kind);
            request.Headers.Accept.Add(new("application/json"));
            await _authorization.AuthorizeAsync(request, body?.Written ?? default, timeout.Token);
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            return new(response, timeout, ct);
        }
        catch (Exception e)
        {
            timeout.Dispose();
            if (ElasticsearchFault.IsTransport(e, ct)) throw ElasticsearchFault.Unavailable(e);
            throw;
        }
    }

    public void Dispose() => _http.Dispose();

    private static ReadOnlyMemoryContent Content(PooledBuffer body, BodyKind kind)
    {
        var content = new ReadOnlyMemoryContent(body.Written);
        content.Headers.ContentType = new MediaTypeHeaderValue(kind == BodyKind.Json ? "application/json" : "application/x-ndjson");
        if (kind == BodyKind.CompressedLines) content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}

/// <summary>What a request's body is.</summary>
internal enum BodyKind
{
    /// <summary>A JSON text.</summary>
    Json,

    /// <summary>JSON texts on a line each, compressed by gzip.</summary>
    CompressedLines,
}
