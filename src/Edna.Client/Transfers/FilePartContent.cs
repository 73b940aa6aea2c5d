using System.Buffers;
using System.Net;
using Microsoft.Win32.SafeHandles;

namespace Edna.Client;

/// <summary>A range of a file as the body of a request; it can be sent again.</summary>
/// <param name="file">The file, open for reading; the caller closes it.</param>
/// <param name="offset">The first byte, from 0.</param>
/// <param name="length">Bytes.</param>
internal sealed class FilePartContent(SafeFileHandle file, long offset, long length) : HttpContent
{
    private const int BufferBytes = 256 << 10;

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (var (at, end) = (offset, offset + length); at < end;)
            {
                var read = await RandomAccess.ReadAsync(file, buffer.AsMemory(0, (int)Math.Min(BufferBytes, end - at)), at, cancellationToken);
                if (read == 0) throw new FileChangedException();
                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                at += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

/// <summary>A file is no longer the one that was announced.</summary>
internal sealed class FileChangedException() : IOException("The file changed while it was pushed.");
