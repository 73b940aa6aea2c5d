using System.Buffers;
using System.Security.Cryptography;
using Edna.Objects;
using Edna.Results;

namespace Edna.Storage.Files;

/// <summary>An object whose bytes are arriving: written to a temporary file and summed up on the way. Disposing removes what was not published.</summary>
internal sealed class IncomingObject : IAsyncDisposable
{
    private const int BufferBytes = 128 * 1024;
    private readonly FileStream _file;
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly IncrementalHash? _sha256;
    private readonly Crc64Nvme _crc64 = new();
    private byte[]? _md5Digest;

    public IncomingObject(string path, bool withSha256)
    {
        Path = path;
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
        _sha256 = withSha256 ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    }

    public string Path { get; }

    public long Size { get; private set; }

    public string ETag => Convert.ToHexStringLower(Md5);

    private byte[] Md5 => _md5Digest ??= _md5.GetHashAndReset();

    /// <summary>Takes a body in, to its end or to one byte more than it should have.</summary>
    public async Task ReceiveAsync(Stream body, long expected, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(expected, 1, BufferBytes));
        try
        {
            int read;
            while (Size <= expected && (read = await body.ReadAsync(buffer, ct)) > 0)
            {
                Add(buffer.AsSpan(0, read));
                await WriteAsync(buffer.AsMemory(0, read), ct);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The checksums of what arrived, base64 by algorithm.</summary>
    public SortedDictionary<string, string> Checksums()
    {
        var checksums = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["md5"] = Convert.ToBase64String(Md5),
            ["crc64nvme"] = Convert.ToBase64String(_crc64.GetCurrentHash()),
        };
        if (_sha256 is not null) checksums["sha256"] = Convert.ToBase64String(_sha256.GetCurrentHash());
        return checksums;
    }

    /// <summary>Writes the facts behind the bytes and makes the file durable.</summary>
    public void Finish(ObjectFacts facts)
    {
        _file.Write(ObjectFile.Trailer(facts));
        _file.Flush(flushToDisk: true);
        _file.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _md5.Dispose();
        _sha256?.Dispose();
        File.Delete(Path);
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            await _file.WriteAsync(bytes, ct);
        }
        catch (IOException e)
        {
            // Told apart here from a client that breaks off, which reads as an IOException too.
            throw new UnavailableException("The object store", e);
        }
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        Size += bytes.Length;
        _md5.AppendData(bytes);
        _sha256?.AppendData(bytes);
        _crc64.Append(bytes);
    }
}
