using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace Edna.Benchmarks;

/// <summary>
/// One reader of a stream of changes over a raw socket, that costs little: it counts events, and looks at the time in the first of
/// what came together, which has waited longest. HTTP/1.0, so that the body comes without chunks.
/// </summary>
internal sealed class EventListener : IDisposable
{
    private static readonly byte[] Change = "\nevent: change\n"u8.ToArray();
    private static readonly byte[] At = "\"at\":\""u8.ToArray();

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _buffer = new byte[64 << 10];
    private int _have;
    private long _count;

    /// <summary>Changes received.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>For each time that something came, how old its first change was, in milliseconds.</summary>
    public List<float> Delays { get; } = [];

    /// <summary>An event as it came, whole, for the baseline to send.</summary>
    public string? Sample { get; private set; }

    /// <summary>Connects, and returns when the stream has begun.</summary>
    public async Task ConnectAsync(Uri address, string path)
    {
        await _socket.ConnectAsync(address.Host, address.Port);
        await _socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /{path} HTTP/1.0\r\nHost: {address.Authority}\r\nAuthorization: Bearer {Server.Key}\r\nAccept: text/event-stream\r\n\r\n"));
        while (_buffer.AsSpan(0, _have).IndexOf("retry: "u8) < 0) await ReceiveAsync();
        if (!_buffer.AsSpan(0, _have).StartsWith("HTTP/1.1 200 "u8)) throw new IOException(Encoding.UTF8.GetString(_buffer, 0, _have));
        Take();
    }

    /// <summary>Reads until it is disposed.</summary>
    public async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                await ReceiveAsync();
                Take();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end of the measurement.
        }
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask ReceiveAsync()
    {
        var read = await _socket.ReceiveAsync(_buffer.AsMemory(_have));
        if (read == 0) throw new IOException($"The stream ended: {Encoding.UTF8.GetString(_buffer, 0, _have)}");
        _have += read;
    }

    private void Take()
    {
        var have = _buffer.AsSpan(0, _have);
        var whole = have.LastIndexOf("\n\n"u8) + 2;
        if (whole < 2) return;
        var events = have[..whole];
        if (events.IndexOf(At) is >= 0 and var at && Utf8Parser.TryParse(events[(at + At.Length)..], out DateTimeOffset made, out _, 'O'))
            Delays.Add((float)(TimeProvider.System.GetUtcNow() - made).TotalMilliseconds);
        Volatile.Write(ref _count, _count + events.Count(Change));
        if (Sample is null && events.IndexOf("id: "u8) is >= 0 and var id && events.IndexOf(At) > id)
            Sample = Encoding.UTF8.GetString(events[id..(id + events[id..].IndexOf("\n\n"u8) + 2)]);
        // What is sent last at the end of a stream is looked for by who reads the error, so it is not taken in silently.
        if (events.IndexOf("\nevent: end\n"u8) >= 0 || events.StartsWith("event: end\n"u8)) throw new IOException(Encoding.UTF8.GetString(events));
        have[whole..].CopyTo(_buffer);
        _have -= whole;
    }
}
