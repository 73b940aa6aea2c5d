using Edna.Items;
using Edna.Objects;
using Edna.Rebuild;

namespace Edna.Scrub;

/// <summary>What differs between what the bucket has of an item and what its row says: functions without effects.</summary>
public static class ScrubDecisions
{
    /// <summary>Compares by listings alone. What is found so may be a change under way: look closer before it is told.</summary>
    /// <param name="listed">What lies in the bucket; null for nothing.</param>
    /// <param name="state">The item; null when the table has none.</param>
    /// <param name="settledBefore">What was written after this time is let be, UTC.</param>
    public static IEnumerable<Finding> OfListing(ListedItem? listed, ItemState? state, DateTimeOffset settledBefore)
    {
        if (state is null or { Status: ItemStatus.Purged })
        {
            if (listed is not null && listed.NewestAt < settledBefore)
                yield return new(state is null ? FindingKinds.Unknown : FindingKinds.Orphan, null,
                    $"{listed.Contents.Count} contents, {listed.LabelDocuments} label documents{(listed.HasDocument ? " and an item document" : "")} of an item that {(state is null ? "the table does not have" : "was removed")}");
            yield break;
        }
        foreach (var finding in OfObjects(listed, state, settledBefore)) yield return finding;
        var newest = listed?.NewestLabels ?? 0;
        if (newest > state.LabelRevision && listed!.NewestAt < settledBefore)
            yield return new(FindingKinds.LabelsNewer, null, $"label document {newest} lies there, the item knows {state.LabelRevision}");
        if (state.Labels is not null && newest < state.LabelRevision)
            yield return new(FindingKinds.LabelsMissing, null, $"label document {state.LabelRevision} is gone; the newest is {newest}");
        if (state.HasDocument && listed is not { HasDocument: true }) yield return new(FindingKinds.DocumentStale, null, "the item document is gone");
        if (!state.HasDocument && listed is { HasDocument: true } && listed.DocumentAt < settledBefore)
            yield return new(FindingKinds.DocumentStale, null, "an item document lies there that the item does not know of");
    }

    /// <summary>What the item document says otherwise than the item; null when nothing.</summary>
    /// <param name="document">What lies there.</param>
    /// <param name="state">The item; it has a document.</param>
    public static Finding? OfDocument(ItemDocument document, ItemState state)
    {
        var wanted = ItemDocument.Of(state);
        return (document.Path, document.ContentRevision, document.Metadata, document.Split, document.TrashedAt, document.ContentKey, document.ReplacedKey)
            == (wanted.Path, wanted.ContentRevision, wanted.Metadata, wanted.Split, wanted.TrashedAt, wanted.ContentKey, wanted.ReplacedKey)
            ? null
            : new(FindingKinds.DocumentStale, null, $"the item document of revision {document.Revision} is not that of the item, revision {state.Revision}");
    }

    /// <summary>What a look at the content found, by the decision that events are judged by too.</summary>
    /// <param name="state">The item.</param>
    /// <param name="found">The content; null when there is none.</param>
    /// <param name="tags">Its tags; null when they were not asked for.</param>
    /// <param name="now">The time, UTC.</param>
    public static Finding? OfContent(ItemState state, StoredObject? found, IReadOnlyDictionary<string, string>? tags, DateTimeOffset now) =>
        ObjectDecisions.Observe(state, found, tags, now).Finding switch
        {
            ObjectFinding.Missing => new(FindingKinds.Missing, null, $"revision {state.ContentRevision} of {state.Size} bytes is gone"),
            ObjectFinding.Overwritten => new(FindingKinds.Overwritten, null, $"{state.Size} bytes '{state.ETag}' were confirmed, {found!.Size} bytes '{found.ETag}' lie there"),
            ObjectFinding.Replaced => new(FindingKinds.Replaced, null, $"{state.Size} bytes '{state.ETag}' were registered, {found!.Size} bytes '{found.ETag}' lie there"),
            ObjectFinding.Returned => new(FindingKinds.Returned, null, "the bytes that were lost are back"),
            ObjectFinding.Retagged => new(FindingKinds.Retagged, null, "the object has other tags than the item"),
            _ => null,
        };

    private static IEnumerable<Finding> OfObjects(ListedItem? listed, ItemState state, DateTimeOffset settledBefore)
    {
        var content = false;
        foreach (var (revision, found) in listed?.Contents ?? [])
        {
            if (revision == state.ContentRevision && state.ContentKey is null)
            {
                content = true;
                var stored = new StoredObject { Size = found.Size, ETag = found.ETag, ContentType = state.ContentType, LastModified = found.LastModified };
                if (OfContent(state, stored, null, found.LastModified) is { } drift) yield return drift;
            }
            else if (found.LastModified >= settledBefore) continue;
            else if (revision == state.Upload?.Attempt) yield return new(FindingKinds.Arrived, found.Key, $"{found.Size} bytes arrived at {found.LastModified:u}");
            // Superseded contents are kept (ADR 0008); what came after the content and is not being uploaded, nobody ever saw.
            else if (revision > state.ContentRevision) yield return new(FindingKinds.Orphan, found.Key, $"attempt {revision} is not open, the content is {state.ContentRevision}");
        }
        if (!content && state is { HasContent: true, ContentKey: null, IsLost: false }) yield return OfContent(state, null, null, state.UpdatedAt)!.Value;
    }
}
