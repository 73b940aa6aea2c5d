using System.Buffers.Text;
using System.Net.Sockets;

namespace Edna.Benchmarks;

/// <summary>
/// One keep-alive HTTP/1.1 connection that sends ready-made bytes and reads answers with a content length, and does no more: the
/// load must cost little beside the server that it shares the machine with.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] LengthName = "\r\nContent-Length: "u8.ToArray();

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 << 10];

    public async Task ConnectAsync(Uri address) => await _socket.ConnectAsync(address.Host, address.Port);

    /// <summary>Sends a request and reads its answer whole; its status.</summary>
    public async ValueTask<int> ExchangeAsync(ReadOnlyMemory<byte> request)
    {
        for (var sent = 0; sent < request.Length;) sent += await _socket.SendAsync(request[sent..]);
        var (have, need) = (0, int.MaxValue);
        while (have < need)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(have));
            if (read == 0) throw new IOException("The server closed the connection.");
            have += read;
            if (need == int.MaxValue) need = WholeLength(_buffer.AsSpan(0, have)) ?? int.MaxValue;
        }
        return StatusOf(_buffer);
    }

    public void Dispose() => _socket.Dispose();

    private static int StatusOf(ReadOnlySpan<byte> answer) =>
        Utf8Parser.TryParse(answer["HTTP/1.1 ".Length..], out int status, out _) ? status : throw new IOException("That is no HTTP/1.1 answer.");

    private static int? WholeLength(ReadOnlySpan<byte> have)
    {
        var head = have.IndexOf(HeadEnd);
        if (head < 0) return null;
        var name = have[..head].IndexOf(LengthName);
        if (name < 0 || !Utf8Parser.TryParse(have[(name + LengthName.Length)..], out int body, out _)) throw new IOException("The answer has no content length.");
        return head + HeadEnd.Length + body;
    }
}
