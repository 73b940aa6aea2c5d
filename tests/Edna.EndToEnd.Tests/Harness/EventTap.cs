using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace Edna.Harness;

/// <summary>Takes the events that a store sends and keeps them, for a test to deliver as it likes: not at all, late, many times, shuffled.</summary>
internal sealed class EventTap : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, string> _taken = new(StringComparer.Ordinal);
    private readonly Task _taking;
    private volatile bool _closed;

    public EventTap()
    {
        Address = $"http://127.0.0.1:{Ports.Free()}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _taking = TakeAsync();
    }

    /// <summary>Where the store is to send to.</summary>
    public string Address { get; }

    /// <summary>The documents by the keys that they are about; Ceph sends one event in each.</summary>
    public IReadOnlyDictionary<string, string> Taken => _taken;

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        _listener.Close();
        await _taking;
    }

    private async Task TakeAsync()
    {
        while (true)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException && _closed)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext call)
    {
        using var body = new StreamReader(call.Request.InputStream);
        var document = await body.ReadToEndAsync();
        using var json = JsonDocument.Parse(document);
        _taken[json.RootElement.GetProperty("Records")[0].GetProperty("s3").GetProperty("object").GetProperty("key").GetString()!] = document;
        call.Response.StatusCode = 200;
        call.Response.Close();
    }
}
