using System.Text.Json;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Edna.Rebuild;

namespace Edna.Scrub;

/// <summary>Looks closer at one item: row and bucket are read again, so that nothing is told that was only under way. Mends it by its grain.</summary>
/// <param name="grains">Items are mended by their grains.</param>
/// <param name="store">The bucket.</param>
/// <param name="table">The table.</param>
/// <param name="items">Lists the bucket.</param>
/// <param name="patience">Waits for what does not answer.</param>
/// <param name="time">The clock.</param>
public sealed class ItemScrub(IGrainFactory grains, IObjectStore store, IItemTable table, BucketItems items, Patience patience, TimeProvider time)
{
    private const string By = "edna:scrub";

    /// <summary>Compares an item, mends what is wrong where that is asked for; what was found, and whether it was mended.</summary>
    public async Task<IReadOnlyList<(Finding Finding, bool Repaired)>> RunAsync(ItemKey key, ObjectKeys keys, ScrubOptions options, CancellationToken ct)
    {
        var listed = await items.OneAsync(keys, key.ItemId, ct);
        var row = await patience.DoAsync(() => table.ReadAsync(key, ct), ct);
        var state = row is null ? null : ItemJson.Read(row.Body);
        var findings = await CompareAsync(key, keys, listed, state, options, ct);
        var found = new List<(Finding, bool)>(findings.Count);
        foreach (var finding in findings) found.Add((finding, options.Repair && await RepairAsync(key, keys, finding, options, ct)));
        return found;
    }

    private async Task<List<Finding>> CompareAsync(ItemKey key, ObjectKeys keys, ListedItem listed, ItemState? state, ScrubOptions options, CancellationToken ct)
    {
        var settledBefore = time.GetUtcNow() - options.OlderThan;
        var nothing = listed is { Contents.Count: 0, HasDocument: false, LabelDocuments: 0 };
        // A look at the content itself takes the place of what its listing says.
        var looks = state is { HasContent: true, Status: not ItemStatus.Purged };
        var findings = ScrubDecisions.OfListing(nothing ? null : listed, state, settledBefore)
            .Where(f => !looks || !f.Kind.StartsWith("content.", StringComparison.Ordinal)).ToList();
        if (looks)
        {
            var at = keys.Content(key.ItemId, state!);
            var content = await patience.DoAsync(() => store.HeadAsync(at, ct), ct);
            var tags = options.Deep && content is not null ? await patience.DoAsync(() => store.GetTagsAsync(at, ct), ct) : null;
            if (ScrubDecisions.OfContent(state!, content, tags, time.GetUtcNow()) is { } drift) findings.Add(drift);
        }
        if (state is { HasDocument: true } && listed.HasDocument && await OfDocumentAsync(keys, state, key.ItemId, ct) is { } stale) findings.Add(stale);
        return findings;
    }

    private async Task<Finding?> OfDocumentAsync(ObjectKeys keys, ItemState state, string itemId, CancellationToken ct)
    {
        var body = await patience.DoAsync(() => store.ReadAsync(keys.Item(itemId), ct), ct);
        try
        {
            return body is null ? null : ScrubDecisions.OfDocument(ItemJson.ReadDocument(body), state);
        }
        catch (JsonException e)
        {
            return new(FindingKinds.DocumentStale, null, $"the item document cannot be read: {e.Message}");
        }
    }

    private async Task<bool> RepairAsync(ItemKey key, ObjectKeys keys, Finding finding, ScrubOptions options, CancellationToken ct)
    {
        var grain = grains.GetGrain<IItemGrain>(key.ToString());
        switch (finding.Kind)
        {
            case FindingKinds.Missing or FindingKinds.Overwritten or FindingKinds.Replaced or FindingKinds.Returned or FindingKinds.Retagged:
                return await grain.ObserveAsync(By) is not (ObjectFinding.NoContent or ObjectFinding.Same);
            case FindingKinds.Arrived:
                // An answer that the bytes are not what was declared settles it as well.
                return (await grain.CompleteAsync(null, By)).Problem?.Status is null or 409;
            case FindingKinds.LabelsNewer or FindingKinds.DocumentStale:
                await grain.ReconcileAsync(By);
                return true;
            case FindingKinds.Orphan when finding.Key is { } one:
                await DeleteAsync(keys, [one], ct);
                return true;
            case FindingKinds.Orphan:
            case FindingKinds.Unknown when options.RemoveUnknown:
                foreach (var prefix in keys.ItemPrefixes(key.ItemId))
                {
                    var all = new List<string>();
                    await foreach (var found in patience.ListAsync(store, keys.Bucket, prefix, null, ct)) all.Add(found.Key);
                    if (all.Count > 0) await DeleteAsync(keys, all, ct);
                }
                return true;
            default:
                return false;
        }
    }

    private async Task DeleteAsync(ObjectKeys keys, IReadOnlyCollection<string> which, CancellationToken ct) => await patience.DoAsync(async () =>
    {
        await store.DeleteAsync(keys.Bucket, which, ct);
        return true;
    }, ct);
}
