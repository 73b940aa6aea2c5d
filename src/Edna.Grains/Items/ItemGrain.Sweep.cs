using Edna.Keys;
using Edna.Objects;
using Microsoft.Extensions.Logging;

namespace Edna.Items;

public sealed partial class ItemGrain
{
    /// <summary>Who did what the clock brought about.</summary>
    private const string Sweeper = "edna";

    /// <inheritdoc />
    public async Task<bool> SweepAsync()
    {
        // Most are woken for this only, and must not stay: there may be a hundred thousand of them.
        DeactivateOnIdle();
        await RefreshAsync();
        var known = await datasets.GetAsync(key.Dataset);
        if (record.State.Item is not { } state) return false;
        switch (SweepDecisions.DueOf(state, known.Value is { } its ? TimeSpan.FromDays(its.TrashRetentionDays) : null, time.GetUtcNow()))
        {
            case SweepDue.Upload when known.TryGet(out var dataset, out _):
                await SettleOverdueAsync(new(state, dataset, KeysOf(dataset)));
                return true;
            case SweepDue.Trash:
                return (await PurgeAsync(null, Sweeper)).Problem is null;
            case SweepDue.Purged when known.Problem is null or { Status: 404 }:
                // Of a dataset that is gone too, nobody knows any more whether it had a bucket of its own; the service's is looked at.
                await RemoveObjectsAsync(new(store.Prefix, key.Dataset, known.Value?.Storage));
                await record.ClearStateAsync();
                return true;
            default:
                return false;
        }
    }

    private async Task SettleOverdueAsync(Opened at)
    {
        var upload = at.State.Upload!;
        var location = at.Keys.Content(key.ItemId, upload.Attempt);
        var (found, checksum) = await uploads.LookAsync(location, upload);
        if (upload.UploadId is { } uploadId && await EndOverduePartsAsync(location, at.State.Path, upload, uploadId, found is not null))
            (found, checksum) = await uploads.LookAsync(location, upload);
        await ApplyAsync(at, SweepDecisions.Settle(at.State, found, checksum, time.GetUtcNow()), Sweeper);
    }

    /// <summary>
    /// The multipart half: makes the object of parts that are all there, and gives up what is left of the upload otherwise. The
    /// store comes before the row: while the row names the upload, a fault means that all of it is done again.
    /// </summary>
    /// <returns>Whether an object may be there now that was not before.</returns>
    private async Task<bool> EndOverduePartsAsync(ObjectLocation at, string path, OpenUpload upload, string uploadId, bool isThere)
    {
        var parts = await store.ListPartsAsync(at, uploadId, CancellationToken.None);
        var step = SweepDecisions.PartsOf(upload, parts);
        if (step == OverdueParts.Gone) return !isThere;
        if (step == OverdueParts.Complete && !isThere)
        {
            var put = new ObjectPut
            {
                Size = upload.Size, ContentType = upload.ContentType, Checksum = upload.Checksum, Tags = upload.Tags, Metadata = ObjectFacts.Of(path, upload),
            };
            var made = await store.CompleteMultipartAsync(at, uploadId, put, [.. parts!.Select(p => new ObjectPart(p.PartNumber, p.ETag))], CancellationToken.None);
            if (made.Result is MultipartResult.Completed or MultipartResult.NoSuchUpload) return true;
            LogPartsRefused(log, key, uploadId, made.Result, made.Detail);
        }
        await store.AbortMultipartAsync(at, uploadId, CancellationToken.None);
        return !isThere;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store would not make the object of all parts of upload {Upload} of item {Item}: {Result} {Detail}. They are given up")]
    private static partial void LogPartsRefused(ILogger log, ItemKey item, string upload, MultipartResult result, string? detail);
}
