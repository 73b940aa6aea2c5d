using Edna.Objects;
using Edna.Results;
using Microsoft.Extensions.Logging;

namespace Edna.Items;

public sealed partial class ItemGrain
{
    /// <summary>Carries a decision out: bucket first, then row, then what is no longer needed.</summary>
    private async Task<Result<Item>> ApplyAsync(Opened at, ItemOutcome outcome, string by)
    {
        if (outcome.Next is { } next)
        {
            next = await SyncBucketAsync(at, next, outcome);
            await WriteAsync(next, outcome.Kind, by);
            await DiscardAsync(at.Keys, outcome.Discard);
        }
        return outcome.Problem is { } refusal ? refusal : ItemView.Of(key, record.State.Item!);
    }

    /// <summary>Brings tags and item document in the bucket to what the row is about to say.</summary>
    private async Task<ItemState> SyncBucketAsync(Opened at, ItemState next, ItemOutcome outcome)
    {
        var sync = BucketDecisions.Sync(AsStored(at.State), next, outcome.Kind, at.TagsThere);
        if (sync.Tags is { } tags) await store.SetTagsAsync(at.Keys.Content(key.ItemId, next), tags, CancellationToken.None);
        if (!sync.Document && !outcome.FactsMissing) return next;
        next = next with { HasDocument = true };
        await store.WriteAsync(at.Keys.Item(key.ItemId), ItemJson.WriteDocument(ItemDocument.Of(next)), "application/json", false, CancellationToken.None);
        return next;
    }

    /// <summary>The state as the store knows it: one that drops the tags of a multipart upload has them still to be set.</summary>
    private ItemState AsStored(ItemState state) => state.Upload is { IsMultipart: true } upload && !store.Capabilities.TagsOnMultipartCreate
        ? state with { Upload = upload with { Tags = ItemState.NoTags } }
        : state;

    /// <summary>Removes what arrived of an upload that came to nothing. The row stands already, so an outage here is told to the log only.</summary>
    private async ValueTask DiscardAsync(ObjectKeys keys, OpenUpload? upload)
    {
        if (upload is null) return;
        try
        {
            await RemoveAsync(keys, upload);
        }
        catch (UnavailableException e)
        {
            LogLeft(log, key, upload.Attempt, e);
        }
    }

    private async Task RemoveAsync(ObjectKeys keys, OpenUpload upload)
    {
        var location = keys.Content(key.ItemId, upload.Attempt);
        if (upload.UploadId is { } id) await store.AbortMultipartAsync(location, id, CancellationToken.None);
        await store.DeleteAsync(keys.Bucket, [location.Key], CancellationToken.None);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What arrived of attempt {Attempt} of item {Item} could not be removed; it goes when no URL of it works any more, or with the item")]
    private static partial void LogLeft(ILogger log, Keys.ItemKey item, long attempt, Exception e);
}
