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
        try
        {
            return await SweepDueAsync();
        }
        finally
        {
            // Most are woken for this only, and must not stay: there may be a hundred thousand of them. But one whose bytes are being
            // read goes on with that.
            if (verification is null) DeactivateOnIdle();
        }
    }

    private async Task<bool> SweepDueAsync()
    {
        await RefreshAsync();
        var known = await datasets.GetAsync(key.Dataset);
        if (record.State.Item is not { } state) return false;
        switch (SweepDecisions.DueOf(state, known.Value is { } its ? TimeSpan.FromDays(its.TrashRetentionDays) : null, time.GetUtcNow()))
        {
            case SweepDue.Upload when known.TryGet(out var dataset, out _):
                return await SettleOverdueAsync(new(state, dataset, KeysOf(dataset)));
            case SweepDue.Late when known.TryGet(out var dataset, out _):
                await RemoveLateAsync(new(state, dataset, KeysOf(dataset)));
                await WriteAsync(state with { LateUntil = null }, null);
                return true;
            case SweepDue.Trash:
                return (await PurgeAsync(null, Sweeper)).Problem is null;
            case SweepDue.Purged when known.Problem is null or { Status: 404 }:
                await LetGoAsync(new(store.Prefix, key.Dataset, known.Value?.Storage));
                return true;
            default:
                return false;
        }
    }

    /// <summary>Settles the open upload, as if its client had completed it at the last moment; false while its bytes are still being read.</summary>
    private async Task<bool> SettleOverdueAsync(Opened at)
    {
        var upload = at.State.Upload!;
        if (upload.IsMultipart) await EndOverduePartsAsync(at, upload);
        if (at.State.LateUntil is not null) await RemoveLateAsync(at);
        if (await LookAsync(at, upload) is not { } look) return false;
        var outcome = SweepDecisions.Settle(at.State, look.Found, look.Checksum, time.GetUtcNow());
        // The store first here too, for nobody looks again at what has no time left.
        if (outcome.Discard is { } discard) await RemoveAsync(at.Keys, discard);
        await ApplyAsync(at, outcome with { Discard = null }, Sweeper);
        return true;
    }

    /// <summary>
    /// The multipart half: has the store make the object of parts that are all there, and gives up what is left of the upload otherwise.
    /// The store comes before the row: while the row names the upload, a fault means that all of it is done again.
    /// </summary>
    private async Task EndOverduePartsAsync(Opened at, OpenUpload upload)
    {
        var assembled = await AssembleAsync(at, upload, null);
        if (assembled.TryGet(out var result, out var refusal) && result != MultipartResult.WrongChecksum) return;
        LogGivenUp(log, key, upload.UploadId!, refusal?.Detail ?? "Its parts do not have the declared checksum.");
        await store.AbortMultipartAsync(at.Keys.Content(key.ItemId, upload.Attempt), upload.UploadId!, CancellationToken.None);
    }

    /// <summary>Removes what arrived for attempts that came to nothing, after it was removed once: by a URL that still worked.</summary>
    private async Task RemoveLateAsync(Opened at)
    {
        var prefix = at.Keys.ItemPrefixes(key.ItemId).First();
        var late = new List<string>();
        await foreach (var stored in store.ListAsync(at.Keys.Bucket, prefix, null, CancellationToken.None))
            if (IsLate(at, stored.Key)) late.Add(stored.Key);
        if (late.Count > 0) await store.DeleteAsync(at.Keys.Bucket, late, CancellationToken.None);
        await foreach (var open in store.ListMultipartsAsync(at.Keys.Bucket, prefix, CancellationToken.None))
            if (IsLate(at, open.Key)) await store.AbortMultipartAsync(new(at.Keys.Bucket, open.Key), open.UploadId, CancellationToken.None);
    }

    /// <summary>Whether a key is that of an attempt of this item which came to nothing.</summary>
    private bool IsLate(Opened at, string there) => there.StartsWith(at.Keys.ItemPrefixes(key.ItemId).First(), StringComparison.Ordinal)
        && ObjectKeyParts.Read(there[at.Keys.Root.Length..]) is { Role: ObjectRole.Content, Revision: var attempt }
        && SweepDecisions.CameToNothing(at.State, attempt);

    /// <summary>
    /// Removes what came by an old URL after the item was purged, and then the row. Of a dataset that is gone too, nobody knows any
    /// more whether it had a bucket of its own: the service's is looked at.
    /// </summary>
    private async Task LetGoAsync(ObjectKeys keys)
    {
        await RemoveObjectsAsync(keys);
        await foreach (var open in store.ListMultipartsAsync(keys.Bucket, keys.ItemPrefixes(key.ItemId).First(), CancellationToken.None))
            await store.AbortMultipartAsync(new(keys.Bucket, open.Key), open.UploadId, CancellationToken.None);
        await record.ClearStateAsync();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The time for multipart upload {Upload} of item {Item} is over; its parts are given up. {Reason}")]
    private static partial void LogGivenUp(ILogger log, Keys.ItemKey item, string upload, string reason);
}
