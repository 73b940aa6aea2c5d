using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Edna.Harness;

/// <summary>
/// A relay to a server that a test can shut and open again: shut, nobody listens and what was open is cut. It can also fall silent, as
/// a server does that is stopped: connections are taken and stay, and nothing goes through until it speaks again.
/// </summary>
internal sealed class TcpGate : IAsyncDisposable
{
    private readonly Uri _server;
    private readonly ConcurrentDictionary<TcpClient, byte> _open = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private TaskCompletionSource? _silence, _fallingSilent;
    private long _untilSilent;
    private int _heldBack;

    public TcpGate(Uri server)
    {
        _server = server;
        Address = new Uri($"http://127.0.0.1:{Ports.Free()}/");
        Open();
    }

    public Uri Address { get; }

    /// <summary>How many streams of bytes the present or last silence holds back.</summary>
    public int HeldBack => _heldBack;

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

    /// <summary>Nothing goes through any more once so many bytes have, both ways together; ends when it is so.</summary>
    public Task FallSilentAfterAsync(long bytes)
    {
        _untilSilent = bytes;
        _fallingSilent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _fallingSilent.Task;
    }

    /// <summary>What was held back goes on its way, and everything after it.</summary>
    public void SpeakAgain() => Interlocked.Exchange(ref _silence, null)?.SetResult();

    public async ValueTask DisposeAsync()
    {
        SpeakAgain();
        await ShutAsync();
    }

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
            await Task.WhenAny(PassOnAsync(near, far), PassOnAsync(far, near));
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

    private async Task PassOnAsync(TcpClient from, TcpClient to)
    {
        var (source, target, bytes) = (from.GetStream(), to.GetStream(), new byte[64 << 10]);
        while (await source.ReadAsync(bytes) is > 0 and var count)
        {
            if (Volatile.Read(ref _silence) is { } silence)
            {
                Interlocked.Increment(ref _heldBack);
                await silence.Task;
            }
            await target.WriteAsync(bytes.AsMemory(0, count));
            if (Interlocked.Add(ref _untilSilent, -count) <= 0 && Interlocked.Exchange(ref _fallingSilent, null) is { } now)
            {
                _heldBack = 0;
                Volatile.Write(ref _silence, new(TaskCreationOptions.RunContinuationsAsynchronously));
                now.SetResult();
            }
        }
    }
}
