using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;

namespace Edna.Webhooks;

/// <summary>
/// Makes attempts. Nothing that an address answers, or does not answer, is a fault here. It connects to addresses that may be sent to
/// only: a name is looked up once a connection, and the connection goes to an address that was found, so a name cannot mean one thing when
/// it is checked and another when it is used. No proxy, no redirects, no cookies, bounded headers and body.
/// </summary>
public sealed class WebhookSender : IDisposable
{
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan IdleLife = TimeSpan.FromSeconds(20);
    private const int HeaderKilobytes = 16;

    private readonly WebhookTargets targets;
    private readonly TimeSpan patience;
    private readonly TimeProvider time;
    private readonly HttpMessageInvoker http;

    /// <summary>Makes the sender of a silo.</summary>
    public WebhookSender(WebhookTargets targets, IOptions<WebhookOptions> options, TimeProvider time)
    {
        (this.targets, this.time, patience) = (targets, time, options.Value.Timeout);
        http = new(new SocketsHttpHandler
        {
            UseProxy = false, AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None, ActivityHeadersPropagator = null,
            ConnectCallback = (context, ct) => ConnectAsync(context.DnsEndPoint, ct),
            PooledConnectionLifetime = ConnectionLife, PooledConnectionIdleTimeout = IdleLife, MaxResponseHeadersLength = HeaderKilobytes, MaxResponseDrainSize = 0,
        });
    }

    /// <summary>Sends a message once.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="id">The <c>webhook-id</c>.</param>
    /// <param name="body">The message.</param>
    /// <param name="secrets">The secrets that sign, the newest first.</param>
    /// <param name="ct">Cancels: then there is no answer, and it is thrown.</param>
    /// <returns>What came of it, and the pause that the address asked for.</returns>
    public async Task<(WebhookAnswer Answer, TimeSpan? RetryAfter)> SendAsync(string url, string id, byte[] body, IEnumerable<string> secrets, CancellationToken ct)
    {
        var (began, at) = (time.GetTimestamp(), time.GetUtcNow());
        using var timeout = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            using var request = RequestOf(url, id, body, at.ToUnixTimeSeconds(), secrets);
            using var response = await http.SendAsync(request, either.Token);
            var text = await ReadStartAsync(response, either.Token);
            return (Answer((int)response.StatusCode, null, text), RetryAfterOf(response));
        }
        catch (Exception e) when (!ct.IsCancellationRequested && ErrorOf(e, timeout.IsCancellationRequested) is { } error)
        {
            return (Answer(null, error, null), null);
        }

        WebhookAnswer Answer(int? status, string? error, string? text) =>
            new() { At = at, Status = status, DurationMs = (long)time.GetElapsedTime(began).TotalMilliseconds, Error = error, Body = text };
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    private static HttpRequestMessage RequestOf(string url, string id, byte[] body, long timestamp, IEnumerable<string> secrets)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "EDNA-Webhooks/1");
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSignature.Header(id, timestamp, body, secrets));
        return request;
    }

    /// <summary>The start of the body. The status has come: that the rest of the answer is broken, or too slow, changes nothing.</summary>
    private static async Task<string?> ReadStartAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var start = new byte[WebhookLimits.BodyBytes];
        var length = 0;
        try
        {
            using var stream = await response.Content.ReadAsStreamAsync(ct);
            while (length < start.Length && await stream.ReadAsync(start.AsMemory(length), ct) is > 0 and var read) length += read;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            // What came until then is kept.
        }
        return length == 0 ? null : Encoding.UTF8.GetString(start, 0, length);
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } pause } => pause,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => null,
    };

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken ct)
    {
        var addresses = await targets.FindAsync(host.Host, ct);
        if (addresses.Count == 0) throw new TargetRefusedException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync([.. addresses], host.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Why there was no answer; null when it is none of what an address can do.</summary>
    private static string? ErrorOf(Exception fault, bool timedOut)
    {
        if (timedOut) return "timeout";
        for (Exception? e = fault; e is not null; e = e.InnerException)
        {
            if (e is TargetRefusedException) return "target_refused";
            if (e is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery }) return "name_not_resolved";
        }
        return fault switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "tls_failed",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "not_connected",
            HttpRequestException or IOException => "answer_broken",
            _ => null,
        };
    }

    private sealed class TargetRefusedException : IOException;
}
