using Edna.Changes;
using Edna.Keys;
using Edna.Objects;
using Edna.Results;
using Edna.Labels;
using Microsoft.Extensions.Logging;

namespace Edna.Items;

public sealed partial class ItemGrain
{
    /// <inheritdoc />
    public async Task<Result<ItemPlan>> PlanAsync(CreateItem request, string by)
    {
        if (!(await datasets.GetAsync(key.Dataset)).TryGet(out var dataset, out var problem)) return problem;
        var errors = new FieldErrors();
        ItemRules.Check(request, dataset, errors, out var path);
        if (errors.ToProblem() is { } invalid) return invalid;
        await RefreshAsync();
        var keys = KeysOf(dataset);
        var outcome = UploadDecisions.Plan(record.State.Item, request, path!, options.Value.Limits, time.GetUtcNow(), by);
        if (outcome.Problem is { } refusal) return refusal;
        if (outcome.Next is { } next) await WriteAsync(next, outcome.Kind, by);
        await DiscardAsync(keys, outcome.Discard);
        var state = record.State.Item!;
        var upload = outcome.Next is null && UploadDecisions.IsContent(state, request) ? null : uploads.Sign(key, state.Path, state.Upload!, keys);
        return new ItemPlan { Item = ItemView.Of(key, state), Upload = upload };
    }

    /// <inheritdoc />
    public async Task<Result<UploadState>> GetUploadAsync()
    {
        if (!(await OpenAsync()).TryGet(out var at, out var problem)) return problem;
        if (at.State.Upload is not { } upload) return UploadErrors.NoneOpen(at.State.Path);
        var found = await store.HeadAsync(at.Keys.Content(key.ItemId, upload.Attempt), CancellationToken.None);
        return new UploadState
        {
            Item = key.ItemId, ContentRevision = upload.Attempt, Size = upload.Size, ContentType = upload.ContentType, Checksum = upload.Checksum,
            StartedAt = upload.StartedAt, Deadline = upload.Deadline, InStore = found is not null,
            Upload = uploads.Sign(key, at.State.Path, upload, at.Keys),
        };
    }

    /// <inheritdoc />
    public async Task<Result<Item>> CompleteAsync(IReadOnlyList<UploadedPart>? parts, string by)
    {
        if (!(await OpenAsync()).TryGet(out var at, out var problem)) return problem;
        var (found, checksum) = at.State is { Upload: { } upload, Status: not ItemStatus.Trashed }
            ? await uploads.LookAsync(at.Keys.Content(key.ItemId, upload.Attempt), upload)
            : (null, ChecksumVerdict.NotDeclared);
        return await ApplyAsync(at, UploadDecisions.Confirm(at.State, found, checksum, time.GetUtcNow()), by);
    }

    /// <inheritdoc />
    public async Task<Result<Upload>> SignPartsAsync(IReadOnlyList<int> partNumbers, string by)
    {
        if (!(await OpenAsync()).TryGet(out var at, out var problem)) return problem;
        return UploadErrors.NotMultipart(at.State.Path);
    }

    /// <inheritdoc />
    public async Task<Result<Item>> AbortUploadAsync(string by)
    {
        if (!(await OpenAsync()).TryGet(out var at, out var problem)) return problem;
        return await ApplyAsync(at, UploadDecisions.Abort(at.State, time.GetUtcNow()), by);
    }

    /// <summary>Carries a decision out: bucket first, then row, then what is no longer needed.</summary>
    private async Task<Result<Item>> ApplyAsync(Opened at, ItemOutcome outcome, string by)
    {
        if (outcome.Next is { } next)
        {
            next = await SyncBucketAsync(at, next, outcome.Kind);
            await WriteAsync(next, outcome.Kind, by);
            await DiscardAsync(at.Keys, outcome.Discard);
        }
        return outcome.Problem is { } refusal ? refusal : ItemView.Of(key, record.State.Item!);
    }

    /// <summary>
    /// Brings tags and item document in the bucket to what the row is about to say. An item without content has neither: they
    /// follow when its upload is confirmed.
    /// </summary>
    private async Task<ItemState> SyncBucketAsync(Opened at, ItemState next, ChangeKind kind)
    {
        if (!next.HasContent) return next;
        var confirmed = kind == ChangeKind.Available ? at.State.Upload : null;
        var tags = LabelTags.Project(next.Tags, next.Labels?.Classes).Tags;
        var tagsThere = confirmed?.Tags ?? LabelTags.Project(at.State.Tags, at.State.Labels?.Classes).Tags;
        if (!ItemTags.Same(tags, tagsThere)) await store.SetTagsAsync(at.Keys.Content(key.ItemId, next), tags, CancellationToken.None);
        var needsDocument = next.HasDocument || kind switch
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

    /// <summary>Removes the object of an attempt that came to nothing. The row stands already, so an outage here is told to the log only.</summary>
    private async ValueTask DiscardAsync(ObjectKeys keys, long attempt)
    {
        if (attempt == 0) return;
        try
        {
            await store.DeleteAsync(keys.Bucket, [keys.Content(key.ItemId, attempt).Key], CancellationToken.None);
        }
        catch (UnavailableException e)
        {
            LogLeft(log, key, attempt, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The object of attempt {Attempt} of item {Item} could not be removed; it is left in the bucket until the item is removed")]
    private static partial void LogLeft(ILogger log, ItemKey item, long attempt, Exception e);
}
