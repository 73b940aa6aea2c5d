using Microsoft.Win32.SafeHandles;

namespace Edna.Client;

/// <summary>
/// Brings one large file up in parts. The store's own list says what is still missing, so a push that was cut off goes on where it was,
/// from any machine; URLs that have gone bad are signed again with the next look.
/// </summary>
internal sealed class MultipartPush(EdnaClient client, StoreTransfer store, string dataset, SemaphoreSlim sending)
{
    private const int LooksWithoutProgress = 4;

    private static readonly Problem NothingArrives = new()
    {
        Code = EdnaException.StoreRefused, Title = "The parts do not arrive.",
        Detail = $"The store refused freshly signed parts {LooksWithoutProgress} times. Is its clock right?",
    };

    /// <summary>Sends what is missing and has the upload completed.</summary>
    /// <param name="file">The file.</param>
    /// <param name="item">The item's id.</param>
    /// <param name="arrived">Told of bytes that are in the store, those found there included.</param>
    /// <param name="ct">Cancels; what arrived stays.</param>
    public async Task<Item> RunAsync(PlannedFile file, string item, Action<long> arrived, CancellationToken ct)
    {
        using var bytes = File.OpenHandle(file.File.FullPath, options: FileOptions.Asynchronous);
        var (before, looks) = (0L, 0);
        while (true)
        {
            var state = await client.GetUploadAsync(dataset, item, ct);
            var missing = state.Upload.Parts ?? [];
            var there = missing.Count == 0 ? file.Request.Size : (state.Parts ?? []).Sum(part => part.Size);
            arrived(there - before);
            if (missing.Count == 0) return await CompleteAsync(item, ct);
            looks = there > before ? 1 : looks + 1;
            if (looks > LooksWithoutProgress) throw new EdnaException(NothingArrives);
            before = there;
            await Task.WhenAll(missing.Select(part => SendAsync(bytes, file, part, state.Upload.PartSize!.Value, ct)));
        }
    }

    private async Task SendAsync(SafeFileHandle bytes, PlannedFile file, SignedPart part, long partSize, CancellationToken ct)
    {
        var offset = (part.PartNumber - 1) * partSize;
        await sending.WaitAsync(ct);
        try
        {
            if (RandomAccess.GetLength(bytes) != file.Request.Size) throw new FileChangedException();
            await store.PutPartAsync(part.Url, () => new FilePartContent(bytes, offset, Math.Min(partSize, file.Request.Size - offset)), ct);
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>Completes the upload. While EDNA reads a large object to verify its checksum, it is asked again for as long as that takes.</summary>
    private async Task<Item> CompleteAsync(string item, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await client.CompleteUploadAsync(dataset, item, ct: ct);
            }
            catch (EdnaException e) when (e.Code == "upload.being_verified")
            {
                // It waits on the server's side, up to ten seconds a request.
            }
        }
    }
}
