using Edna.Changes;
using Edna.Imports;
using Edna.Labels;
using Edna.Results;

namespace Edna.Items;

public sealed partial class ItemGrain
{
    /// <inheritdoc />
    public async Task<Result<Registration>> RegisterAsync(RegisterObject found, string by)
    {
        if (!(await datasets.GetAsync(key.Dataset)).TryGet(out var dataset, out var problem)) return problem;
        await RefreshAsync();
        var (keys, before) = (KeysOf(dataset), record.State.Item);
        var live = before is { Status: not ItemStatus.Purged } ? before : null;
        var outcome = RegisterDecisions.Register(before, found, time.GetUtcNow(), by);
        if (outcome.Next is not null && live is not null && found.Tags is null)
        {
            if (await ObjectDetails.ReadAsync(store, keys, found, CancellationToken.None) is not { } described) return ImportErrors.ObjectGone();
            outcome = RegisterDecisions.Register(before, found = described, time.GetUtcNow(), by);
        }
        if (outcome.Problem is { } refusal) return refusal;
        if (outcome.Next is not { } next) return new Registration { Outcome = RegistrationOutcome.Unchanged };

        // As with every content: what the bucket must know first, then the row, then what is no longer needed.
        var tags = LabelTags.Project(next.Tags, next.Labels?.Classes).Tags;
        if (live is not null && (next.Labels is not null || !ItemTags.Same(tags, found.Tags!)))
            await store.SetTagsAsync(keys.Content(key.ItemId, next), tags, CancellationToken.None);
        // What changes beside an open upload is told by a document, as with every edit.
        if (next.HasDocument || next.Upload is not null || next.Split is not null || next.Metadata != found.Metadata)
        {
            next = next with { HasDocument = true };
            await store.WriteAsync(keys.Item(key.ItemId), ItemJson.WriteDocument(ItemDocument.Of(next)), "application/json", false, CancellationToken.None);
        }
        await WriteAsync(next, outcome.Kind, by);
        await DiscardAsync(keys, outcome.Discard);
        return new Registration { Outcome = live is { HasContent: true } ? RegistrationOutcome.Updated : RegistrationOutcome.Registered };
    }

    /// <summary>
    /// Tags of an object that was there before EDNA may be others than the row says, and S3 replaces all of them at once: what is
    /// there is taken over before any are written, so that none are lost unseen.
    /// </summary>
    private async Task<Opened> WithObjectTagsAsync(Opened at, string by)
    {
        if (at.State is not { ContentKey: not null, Status: ItemStatus.Available }) return at;
        var there = ObjectDetails.Allowed(await store.GetTagsAsync(at.Keys.Content(key.ItemId, at.State), CancellationToken.None));
        if (ItemTags.Same(there, at.State.Tags)) return at;
        var now = time.GetUtcNow();
        await WriteAsync(at.State with { Revision = at.State.Revision + 1, Tags = there, UpdatedAt = now }, ChangeKind.Tagged, by);
        return at with { State = record.State.Item! };
    }
}
