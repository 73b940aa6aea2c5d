using System.Security.Cryptography;
using Edna.Hosting;
using Edna.Objects;
using Edna.Results;
using Xunit;

namespace Edna.Storage.Files;

public sealed class FileMultipartTests : IDisposable
{
    private const int LeastPart = 5 << 20;
    private static readonly ObjectLocation At = new(null, "a/b");
    private readonly DataDirectory _data = new(Path.Combine(Path.GetTempPath(), $"edna-files-{Guid.NewGuid():N}"));
    private readonly FileStoreAddress _address = new() { BaseUri = new Uri("http://127.0.0.1:5080") };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data.Path, recursive: true);

    [Fact]
    public async Task An_open_upload_and_its_parts_outlive_the_process()
    {
        var body = RandomNumberGenerator.GetBytes(LeastPart + 10);
        var put = Put(body);
        string uploadId;
        ObjectPart first, second;
        using (var store = Open())
        {
            uploadId = await store.CreateMultipartAsync(At, put, Ct);
            first = await SendAsync(store, uploadId, 1, body[..LeastPart]);
        }
        using (var store = Open()) second = await SendAsync(store, uploadId, 2, body[LeastPart..]);
        using var again = Open();
        Assert.Equal([first, second], (await again.ListPartsAsync(At, uploadId, Ct))!.Select(part => new ObjectPart(part.PartNumber, part.ETag)));
        Assert.Equal(MultipartResult.Completed, (await again.CompleteMultipartAsync(At, uploadId, put, [first, second], Ct)).Result);
        Assert.Equal(body, await again.ReadAsync(At, Ct));
        Assert.Equal("cat", (await again.GetTagsAsync(At, Ct))["edna:class"]);
        Assert.Empty(Directory.GetDirectories(_data.At("objects/.multipart")));
    }

    [Theory]
    [InlineData("md5")]
    [InlineData("sha256")]
    [InlineData("crc64nvme")]
    public async Task The_declared_checksum_is_computed_over_the_whole(string algorithm)
    {
        var body = RandomNumberGenerator.GetBytes(LeastPart + 10);
        using var stream = new MemoryStream(body);
        var value = Convert.ToBase64String(await ContentDigest.ComputeAsync(stream, algorithm, Ct));
        var put = Put(body) with { Checksum = new() { Algorithm = algorithm, Value = value } };
        using var store = Open();
        var uploadId = await store.CreateMultipartAsync(At, put, Ct);
        ObjectPart[] parts = [await SendAsync(store, uploadId, 1, body[..LeastPart]), await SendAsync(store, uploadId, 2, body[LeastPart..])];
        Assert.Equal(MultipartResult.Completed, (await store.CompleteMultipartAsync(At, uploadId, put, parts, Ct)).Result);
        Assert.Equal(value, (await store.HeadAsync(At, Ct))!.Checksums[algorithm]);
    }

    [Fact]
    public async Task A_process_killed_after_the_object_was_published_is_made_up_for_by_completing_again()
    {
        var put = Put(new byte[10]);
        using var store = Open();
        var uploadId = await store.CreateMultipartAsync(At, put, Ct);
        var part = await SendAsync(store, uploadId, 1, new byte[10]);
        var folder = Path.Combine(_data.At("objects/.multipart"), uploadId);
        CopyFolder(folder, folder + ".copy");
        Assert.Equal(MultipartResult.Completed, (await store.CompleteMultipartAsync(At, uploadId, put, [part], Ct)).Result);
        var written = (await store.HeadAsync(At, Ct))!.LastModified;

        Directory.Move(folder + ".copy", folder);
        Assert.Equal(MultipartResult.Completed, (await store.CompleteMultipartAsync(At, uploadId, put, [part], Ct)).Result);
        Assert.Equal(written, (await store.HeadAsync(At, Ct))!.LastModified);
        Assert.Null(await store.ListPartsAsync(At, uploadId, Ct));
        Assert.Empty(Directory.GetDirectories(_data.At("objects/.multipart")));
    }

    [Fact]
    public async Task A_caller_that_goes_away_does_not_stop_the_completing()
    {
        var body = RandomNumberGenerator.GetBytes(4 * LeastPart);
        var put = Put(body);
        using var store = Open();
        var uploadId = await store.CreateMultipartAsync(At, put, Ct);
        var parts = new List<ObjectPart>();
        for (var i = 0; i < 4; i++) parts.Add(await SendAsync(store, uploadId, i + 1, body[(i * LeastPart)..((i + 1) * LeastPart)]));
        using var gone = new CancellationTokenSource();
        var left = store.CompleteMultipartAsync(At, uploadId, put, parts, gone.Token).AsTask();
        await gone.CancelAsync();
        var outcome = await store.CompleteMultipartAsync(At, uploadId, put, parts, Ct);
        Assert.Contains(outcome.Result, new[] { MultipartResult.Completed, MultipartResult.NoSuchUpload });
        Assert.Equal(body, await store.ReadAsync(At, Ct));
        await Task.WhenAny(left);
        Assert.False(left.IsFaulted);
    }

    [Fact(Timeout = 60_000)]
    public async Task Closing_the_store_breaks_the_completing_off_and_leaves_the_upload()
    {
        var ct = TestContext.Current.CancellationToken;
        var body = RandomNumberGenerator.GetBytes(8 * LeastPart);
        var put = Put(body);
        string uploadId;
        var parts = new List<ObjectPart>();
        Task<MultipartOutcome> running;
        using (var store = Open())
        {
            uploadId = await store.CreateMultipartAsync(At, put, Ct);
            for (var i = 0; i < 8; i++) parts.Add(await SendAsync(store, uploadId, i + 1, body[(i * LeastPart)..((i + 1) * LeastPart)]));
            running = store.CompleteMultipartAsync(At, uploadId, put, parts, Ct).AsTask();
            while (!running.IsCompleted && !IsArriving())
            {
                ct.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }
        try
        {
            // Quicker than the closing: then it is whole.
            Assert.Equal(MultipartResult.Completed, (await running).Result);
        }
        catch (UnavailableException)
        {
            using var again = Open();
            Assert.Null(await again.HeadAsync(At, Ct));
            Assert.Equal(MultipartResult.Completed, (await again.CompleteMultipartAsync(At, uploadId, put, parts, Ct)).Result);
        }
        using var last = Open();
        Assert.Equal(body, await last.ReadAsync(At, Ct));
    }

    private bool IsArriving() =>
        new DirectoryInfo(_data.At("objects/.incoming")).EnumerateFiles("*", SearchOption.AllDirectories).Any(file => file.Length > 0);

    internal static async Task<ObjectPart> SendAsync(FileObjectStore store, string uploadId, int number, byte[] body, ObjectLocation? at = null)
    {
        using var stream = new MemoryStream(body);
        var received = await store.ReceivePartAsync(at ?? At, uploadId, number, body.Length, [], stream, CancellationToken.None);
        Assert.Equal(ReceiveOutcome.Stored, received.Outcome);
        return new(number, received.Detail!);
    }

    private static ObjectPut Put(byte[] body) => new()
    {
        Size = body.Length,
        ContentType = "image/jpeg",
        Tags = new Dictionary<string, string> { ["edna:class"] = "cat" },
    };

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private FileObjectStore Open() => new(_data, _address, TimeProvider.System);
}
