using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Edna.Harness;

/// <summary>A relay to a server that a test can shut and open again: shut, nobody listens and what was open is cut.</summary>
internal sealed class TcpGate : IAsyncDisposable
{
    private readonly Uri _server;
    private readonly ConcurrentDictionary<TcpClient, byte> _open = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    public TcpGate(Uri server)
    {
        _server = server;
        Address = new Uri($"http://127.0.0.1:{Ports.Free()}/");
        Open();
    }

    public Uri Address { get; }

    public void Open()
    {
        _listener = new TcpListener(IPAddress.Loopback, Address.Port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    public async Task ShutAsync()
    {
        _listener?.Dispose();
        _listener = null;
        await _accepting;
        foreach (var client in _open.Keys) client.Dispose();
    }

    public async ValueTask DisposeAsync() => await ShutAsync();

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            try
            {
                _ = RelayAsync(await listener.AcceptTcpClientAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task RelayAsync(TcpClient near)
    {
        using var far = new TcpClient();
        _open[near] = _open[far] = 0;
        try
        {
            await far.ConnectAsync(_server.Host, _server.Port);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut by the test, or by either end: the other end sees it too.
        }
        finally
        {
            near.Dispose();
            _open.TryRemove(near, out _);
            _open.TryRemove(far, out _);
        }
    }
}
