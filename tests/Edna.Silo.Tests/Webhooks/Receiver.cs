using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Edna.Silo.Tests.Webhooks;

/// <summary>A message as a receiver got it.</summary>
/// <param name="Path">The path that it came to.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body.</param>
internal sealed record Received(string Path, WebHeaderCollection Headers, byte[] Body)
{
    public string Id => Headers["webhook-id"]!;

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public string Type => Json.GetProperty("type").GetString()!;

    public JsonElement Data => Json.GetProperty("data");

    public long Revision => Data.GetProperty("revision").GetInt64();

    public string Item => Data.GetProperty("path").GetString()!;

    /// <summary>Whether a receiver with this secret would take it, by the specification's words.</summary>
    public bool IsSignedBy(string secret)
    {
        using var hmac = new HMACSHA256(Convert.FromBase64String(secret["whsec_".Length..]));
        var expected = "v1," + Convert.ToBase64String(hmac.ComputeHash([.. Encoding.ASCII.GetBytes($"{Id}.{Headers["webhook-timestamp"]}."), .. Body]));
        return Headers["webhook-signature"]!.Split(' ').Contains(expected);
    }
}

/// <summary>What a receiver answers.</summary>
internal sealed record Reply(int Status, string Body = "", string? Location = null);

/// <summary>An HTTP server on this machine that keeps what it gets, and answers as it is told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly ConcurrentQueue<Received> messages = new();
    private readonly Task listening;
    private int port;

    /// <summary>Begins to listen.</summary>
    /// <param name="reply">What to answer; null for 204.</param>
    /// <param name="port">On which port; null for any.</param>
    public Receiver(Func<Received, Task<Reply>>? reply = null, int? port = null)
    {
        Reply = reply ?? (_ => Task.FromResult(new Reply(204)));
        Listen(port);
        listening = ListenAsync();
    }

    /// <summary>What it answers.</summary>
    public Func<Received, Task<Reply>> Reply { get; set; }

    /// <summary>What it got, in order of arrival.</summary>
    public IReadOnlyList<Received> Messages => [.. messages];

    public int Port => port;

    public string Url => $"http://127.0.0.1:{port}/hook";

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await listening;
    }

    private void Listen(int? wanted)
    {
        port = wanted ?? FreePort();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
    }

    public static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    private async Task ListenAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                _ = AnswerAsync(await listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        var got = new Received(context.Request.Url!.AbsolutePath, (WebHeaderCollection)context.Request.Headers, body.ToArray());
        messages.Enqueue(got);
        try
        {
            var reply = await Reply(got);
            context.Response.StatusCode = reply.Status;
            if (reply.Location is not null) context.Response.RedirectLocation = reply.Location;
            if (reply.Body.Length > 0) await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(reply.Body));
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The sender has hung up, or the test is over.
        }
    }
}
