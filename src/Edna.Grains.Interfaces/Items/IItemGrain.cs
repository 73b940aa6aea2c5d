using Edna.Events;
using Edna.Json;
using Edna.Labels;
using Edna.Results;
using Orleans.Concurrency;

namespace Edna.Items;

/// <summary>
/// One item, and the only writer of its row once that has been written twice (ADR 0017). Key: <see cref="Keys.ItemKey"/>. Every
/// method that finds no item answers <c>item.not_found</c>; every method may answer <c>dataset.not_found</c>. <c>ifMatch</c> is the
/// item revision that the caller read (null writes over whatever is there); a stale one answers <c>revision.stale</c>. <c>by</c> is who asks.
/// </summary>
[Alias("edna.IItemGrain")]
public interface IItemGrain : IGrainWithStringKey
{
    /// <summary>
    /// Announces the item, or a new content for it, and signs an upload. The same declaration again answers the same open
    /// upload, re-signed; the same content already available answers no upload. Errors: <c>request.invalid</c>,
    /// <c>item.trashed</c>.
    /// </summary>
    [Alias("Plan")] Task<Result<ItemPlan>> PlanAsync(CreateItem request, string by);

    /// <summary>The item.</summary>
    [Alias("Get"), ReadOnly] Task<Result<Item>> GetAsync(bool includeDownloadUrl);

    /// <summary>
    /// Waits until the item is written with a revision above one that the caller has read, without asking the store, beside whatever
    /// else the item does. What the caller must know it then reads.
    /// </summary>
    /// <param name="revision">The revision that the caller has read.</param>
    /// <param name="atMost">How long to wait; at most <see cref="LongestWait"/>, below the cluster's time for an answer.</param>
    /// <param name="ct">Cancels: the caller has gone.</param>
    [Alias("Wait"), AlwaysInterleave] Task<ItemWait> WaitAsync(long revision, TimeSpan atMost, CancellationToken ct);

    /// <summary>The row was written past this grain: whoever waits shall look. Calls may be lost or doubled.</summary>
    [Alias("Notice"), OneWay, AlwaysInterleave] Task NoticeAsync();

    /// <summary>How long one call may wait.</summary>
    static TimeSpan LongestWait { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Callers that may wait for one item at a time, on its silo.</summary>
    const int MostWaiting = 1_000;

    /// <summary>The open upload, with fresh URLs and, of a multipart one, the parts that the store has. Errors: <c>upload.none_open</c>, <c>upload.aborted</c>.</summary>
    [Alias("GetUpload")] Task<Result<UploadState>> GetUploadAsync();

    /// <summary>
    /// Asks the store what arrived and settles the upload. Repeating it answers the same. Errors: <c>upload.none_open</c>,
    /// <c>upload.not_found_in_store</c> (nothing changes: it can be called again), <c>upload.size_mismatch</c>,
    /// <c>upload.checksum_mismatch</c>, <c>upload.content_type_mismatch</c>, <c>upload.aborted</c>, <c>item.trashed</c>; of a
    /// multipart upload <c>upload.parts_refused</c> and <c>upload.parts_missing</c> (nothing changes), and <c>upload.being_verified</c>
    /// (EDNA reads the object to compare its checksum; ask again).
    /// </summary>
    /// <param name="parts">The parts of a multipart upload; null or empty takes those that the store has.</param>
    /// <param name="by">Who asks.</param>
    [Alias("Complete")] Task<Result<Item>> CompleteAsync(IReadOnlyList<UploadedPart>? parts, string by);

    /// <summary>Signs parts of the open multipart upload. Errors: <c>upload.none_open</c>, <c>upload.not_multipart</c>, <c>request.invalid</c>.</summary>
    /// <param name="partNumbers">1 to the upload's count of parts; at most <see cref="UploadParts.MostAsked"/>.</param>
    /// <param name="by">Who asks.</param>
    [Alias("SignParts")] Task<Result<Upload>> SignPartsAsync(IReadOnlyList<int> partNumbers, string by);

    /// <summary>Gives the open upload up and removes what arrived of it. Errors: <c>upload.none_open</c>.</summary>
    [Alias("AbortUpload")] Task<Result<Item>> AbortUploadAsync(string by);

    /// <summary>
    /// Settles what is overdue of it: asks the store what arrived of an upload whose deadline has passed, and confirms or fails it;
    /// removes what came by an old URL of an upload that was given up; removes for good what the trash has kept long enough; and of a
    /// purged item, removes what came by an old URL, and the row.
    /// Asked too early, or for an item in order, nothing happens. A store that is away: a fault, and nothing changes.
    /// </summary>
    /// <returns>Whether something was overdue, and is settled now.</returns>
    [Alias("Sweep")] Task<bool> SweepAsync();

    /// <summary>
    /// Takes an object event as evidence: of the open upload it confirms it, of the content it has the item brought to what the
    /// store says. Doubled, late and shuffled events change nothing. An item or dataset that is not there: ignored. While the bytes of a
    /// large object are being compared with their checksum the event is not taken: it must be brought again.
    /// </summary>
    /// <param name="evidence">An event of a key of this item's.</param>
    [Alias("Confirm")] Task<EventOutcome> ConfirmAsync(ObjectEvent evidence);

    /// <summary>
    /// Asks the store what lies at the content's key, tags included, and brings the item to it: what was removed, overwritten or
    /// tagged behind EDNA's back is noticed, and a change tells of it. Open uploads are left alone.
    /// </summary>
    /// <param name="by">Who asks.</param>
    [Alias("Observe")] Task<ObjectFinding> ObserveAsync(string by);

    /// <summary>
    /// Takes over label documents that lie in the bucket beyond those that the item knows, and writes its item document anew, or
    /// removes one that it does not know of: what a crash between bucket and row left behind. No item: nothing happens.
    /// </summary>
    /// <param name="by">Who asks.</param>
    [Alias("Reconcile")] Task ReconcileAsync(string by);

    /// <summary>A signed GET. Errors: <c>item.not_available</c>, <c>item.trashed</c>.</summary>
    [Alias("GetDownload"), ReadOnly] Task<Result<Download>> GetDownloadAsync(bool asAttachment);

    /// <summary>Changes metadata and split by JSON merge patch. Errors: <c>request.invalid</c>, <c>item.trashed</c>.</summary>
    [Alias("Patch")] Task<Result<Item>> PatchAsync(JsonText mergePatch, long? ifMatch, string by);

    /// <summary>Moves the item to the trash; an open upload is aborted. In the trash already: nothing changes.</summary>
    [Alias("Trash")] Task<Result<Item>> TrashAsync(long? ifMatch, string by);

    /// <summary>Takes the item out of the trash. Not in the trash: nothing changes.</summary>
    [Alias("Restore")] Task<Result<Item>> RestoreAsync(long? ifMatch, string by);

    /// <summary>Removes bytes, labels, previews and row for good; bytes that were registered in place as well.</summary>
    [Alias("Purge"), Removes("item.not_found")] Task<Result<Done>> PurgeAsync(long? ifMatch, string by);

    /// <summary>Ends the row only, also of a dataset that is being purged: its job removes bytes and documents in pages of its own.</summary>
    [Alias("Forget")] Task ForgetAsync(string by);

    /// <summary>
    /// Makes an object that lies in the bucket the item's content, where it is. The same object again changes nothing; one that has
    /// changed is taken over. Errors: <c>item.trashed</c>, <c>import.path_taken</c>, <c>import.upload_open</c>,
    /// <c>import.item_changed</c>, <c>import.object_gone</c>; nothing changes then.
    /// </summary>
    [Alias("Register")] Task<Result<Registration>> RegisterAsync(RegisterObject found, string by);

    /// <summary>Replaces all tags. Errors: <c>request.invalid</c>, <c>item.trashed</c>.</summary>
    [Alias("SetTags")] Task<Result<Item>> SetTagsAsync(IReadOnlyDictionary<string, string> tags, long? ifMatch, string by);

    /// <summary>Merges tags; a null value removes its key. Errors: <c>request.invalid</c>, <c>item.trashed</c>.</summary>
    [Alias("MergeTags")] Task<Result<Item>> MergeTagsAsync(IReadOnlyDictionary<string, string?> tags, long? ifMatch, string by);

    /// <summary>The current label document. Errors: <c>labels.not_found</c>.</summary>
    [Alias("GetLabels"), ReadOnly] Task<Result<LabelDocument>> GetLabelsAsync();

    /// <summary>
    /// Writes the next label document. <paramref name="ifMatch"/> is the label revision that the caller read (0: none yet).
    /// The same document again changes nothing. Errors: <c>labels.invalid</c>, <c>labels.revision_conflict</c>, <c>item.trashed</c>.
    /// </summary>
    [Alias("PutLabels")] Task<Result<LabelDocument>> PutLabelsAsync(PutLabels request, long? ifMatch, string by);

    /// <summary>Writes an empty label document, so that the history stays. Errors: <c>labels.not_found</c>, <c>labels.revision_conflict</c>.</summary>
    [Alias("DeleteLabels"), Removes("labels.not_found")] Task<Result<Done>> DeleteLabelsAsync(long? ifMatch, string by);

    /// <summary>Approves or rejects the current document, as a new revision. Errors: <c>labels.not_found</c>, <c>labels.revision_conflict</c>.</summary>
    [Alias("ReviewLabels")] Task<Result<LabelDocument>> ReviewLabelsAsync(ReviewLabels request, long? ifMatch, string by);

    /// <summary>Who wrote which label document, newest first.</summary>
    /// <param name="before">Only revisions below this one; null from the newest.</param>
    /// <param name="limit">1–1000.</param>
    [Alias("GetLabelHistory"), ReadOnly] Task<Result<LabelHistory>> GetLabelHistoryAsync(long? before, int limit);

    /// <summary>One label document of the past. Errors: <c>labels.not_found</c>.</summary>
    [Alias("GetLabelRevision"), ReadOnly] Task<Result<LabelDocument>> GetLabelRevisionAsync(long revision);
}

/// <summary>How waiting for an item ended.</summary>
[GenerateSerializer, Alias("edna.ItemWait")]
public enum ItemWait
{
    /// <summary>The item was written, or may have been: read it.</summary>
    Written = 0,

    /// <summary>The time is over.</summary>
    Elapsed = 1,

    /// <summary>Too many wait already.</summary>
    Full = 2,
}
