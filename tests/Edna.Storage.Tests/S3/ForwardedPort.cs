using System.Net;
using System.Net.Sockets;

namespace Edna.Storage.S3;

/// <summary>A port of this machine that leads to a server once it is opened; before, calls to it are refused.</summary>
/// <param name="server">Where it leads.</param>
internal sealed class ForwardedPort(Uri server) : IAsyncDisposable
{
    private readonly Socket _reserved = Reserve();
    private readonly CancellationTokenSource _closed = new();
    private Task _accepting = Task.CompletedTask;

    public Uri Address => new($"http://{_reserved.LocalEndPoint}");

    public void Open()
    {
        _reserved.Listen();
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        _reserved.Dispose();
        await _accepting;
        _closed.Dispose();
    }

    private static Socket Reserve()
    {
        // Bound but not listening: nobody else gets the port, and whoever calls is refused.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ForwardAsync(await _reserved.AcceptAsync(_closed.Token));
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        using var target = new TcpClient();
        await target.ConnectAsync(server.Host, server.Port, _closed.Token);
        await using var near = new NetworkStream(client, ownsSocket: true);
        var far = target.GetStream();
        await Task.WhenAny(near.CopyToAsync(far, _closed.Token), far.CopyToAsync(near, _closed.Token));
    }
}
