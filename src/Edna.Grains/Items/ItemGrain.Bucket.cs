using Edna.Changes;
using Edna.Labels;
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

    /// <summary>
    /// Brings tags and item document in the bucket to what the row is about to say. An item without content has neither: they
    /// follow when its upload is confirmed.
    /// </summary>
    private async Task<ItemState> SyncBucketAsync(Opened at, ItemState next, ItemOutcome outcome)
    {
        if (!next.HasContent) return next;
        var confirmed = outcome.Kind == ChangeKind.Available ? at.State.Upload : null;
        var tags = LabelTags.Project(next.Tags, next.Labels?.Classes).Tags;
        var tagsThere = confirmed is null ? LabelTags.Project(at.State.Tags, at.State.Labels?.Classes).Tags
            : confirmed.IsMultipart && !store.Capabilities.TagsOnMultipartCreate ? ItemState.NoTags
            : confirmed.Tags;
        if (!ItemTags.Same(tags, tagsThere)) await store.SetTagsAsync(at.Keys.Content(key.ItemId, next), tags, CancellationToken.None);
        var needsDocument = next.HasDocument || outcome.FactsMissing || outcome.Kind switch
        {
            ChangeKind.Updated or ChangeKind.Trashed or ChangeKind.Restored => true,
            ChangeKind.Available => next.Metadata != confirmed!.Metadata || next.Split != confirmed.Split
                || !ObjectFacts.Carries(ObjectFacts.Of(next.Path, confirmed), confirmed),
            _ => false,
        };
        if (!needsDocument) return next;
        next = next with { HasDocument = true };
        await store.WriteAsync(at.Keys.Item(key.ItemId), ItemJson.WriteDocument(ItemDocument.Of(next)), "application/json", false, CancellationToken.None);
        return next;
    }

    /// <summary>Removes what arrived of an upload that came to nothing. The row stands already, so an outage here is told to the log only.</summary>
    private async ValueTask DiscardAsync(ObjectKeys keys, OpenUpload? upload)
    {
        if (upload is null) return;
        var location = keys.Content(key.ItemId, upload.Attempt);
        try
        {
            if (upload.UploadId is { } id) await store.AbortMultipartAsync(location, id, CancellationToken.None);
            await store.DeleteAsync(keys.Bucket, [location.Key], CancellationToken.None);
        }
        catch (UnavailableException e)
        {
            LogLeft(log, key, upload.Attempt, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What arrived of attempt {Attempt} of item {Item} could not be removed; a scrub will find it")]
    private static partial void LogLeft(ILogger log, Keys.ItemKey item, long attempt, Exception e);
}
