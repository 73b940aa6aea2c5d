using Edna.Changes;
using Edna.Keys;
using Orleans.Storage;

namespace Edna.Items;

/// <summary>
/// The port to the table of items: one row an item, and the numbered changes that made them. Two adapters; one compliance suite.
/// A write is durable when its task completes. Throws <see cref="Results.UnavailableException"/> when the table does not answer.
/// </summary>
public interface IItemTable
{
    /// <summary>The row of an item; null when there is none.</summary>
    ValueTask<ItemRow?> ReadAsync(ItemKey key, CancellationToken ct);

    /// <summary>The rows of many items of a dataset, in the order asked for; null where there is none.</summary>
    ValueTask<IReadOnlyList<ItemRow?>> ReadManyAsync(DatasetKey dataset, IReadOnlyList<string> itemIds, CancellationToken ct);

    /// <summary>
    /// Writes a row and appends its change to the dataset's feed, both or neither. The row's <see cref="ItemRow.Revision"/> is
    /// one above <paramref name="expectedRevision"/>, and <see cref="ItemRow.IndexedRevision"/> is kept from the row that is there.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="expectedRevision">The revision that is there; 0 for no row.</param>
    /// <param name="change">What happened.</param>
    /// <param name="ct">Cancels the waiting, not the write.</param>
    /// <exception cref="InconsistentStateException">Another revision is there; nothing was written.</exception>
    Task WriteAsync(ItemRow row, long expectedRevision, NewChange change, CancellationToken ct);

    /// <summary>Writes many rows with their changes, each as <see cref="WriteAsync"/> would, durable together.</summary>
    /// <param name="writes">Rows of one dataset, each item once.</param>
    /// <param name="ct">Cancels the waiting, not the write.</param>
    /// <returns>For each, whether it was written; false: another revision was there.</returns>
    Task<IReadOnlyList<bool>> WriteManyAsync(IReadOnlyList<ItemWrite> writes, CancellationToken ct);

    /// <summary>
    /// A page of a dataset's rows in path order (UTF-8 bytes), without purged ones. It may look at a bounded number of rows only,
    /// and so hold fewer than asked for while there are more.
    /// </summary>
    ValueTask<ItemRowPage> ListAsync(DatasetKey dataset, ItemListRequest request, CancellationToken ct);

    /// <summary>Whether a dataset has a row that is not purged.</summary>
    ValueTask<bool> AnyAsync(DatasetKey dataset, CancellationToken ct);

    /// <summary>How many rows of a dataset are not purged. It may look at all of them: for work that does so anyway.</summary>
    ValueTask<long> CountAsync(DatasetKey dataset, CancellationToken ct);

    /// <summary>Rows of a dataset in item-id order, purged ones included: for work that goes through everything.</summary>
    ValueTask<IReadOnlyList<ItemRow>> ScanAsync(DatasetKey dataset, string? afterItemId, int limit, CancellationToken ct);

    /// <summary>
    /// Removes every change of a dataset, as <see cref="TrimChangesAsync"/> does, and every row but those of purged items with an
    /// <see cref="ItemRow.UploadDeadline"/> after <paramref name="now"/>: a URL of theirs still works, so their counters must outlive the dataset.
    /// </summary>
    Task RemoveDatasetAsync(DatasetKey dataset, DateTimeOffset now, CancellationToken ct);

    /// <summary>Rows of a shard whose revision the search index has not taken in (<c>IndexedRevision &lt; Revision</c>), any order.</summary>
    ValueTask<IReadOnlyList<ItemRow>> ReadDirtyAsync(ShardKey shard, int limit, CancellationToken ct);

    /// <summary>When the dataset's oldest such row was written, UTC; null when the index has taken in everything.</summary>
    ValueTask<DateTimeOffset?> OldestDirtyAsync(DatasetKey dataset, CancellationToken ct);

    /// <summary>The shards that have such rows.</summary>
    ValueTask<IReadOnlyList<ShardKey>> ListDirtyShardsAsync(CancellationToken ct);

    /// <summary>The shards that have rows with an upload deadline, or in the trash: those that the sweeper must watch.</summary>
    ValueTask<IReadOnlyList<ShardKey>> ListWatchedShardsAsync(CancellationToken ct);

    /// <summary>
    /// Notes that the index has taken revisions in: raises <see cref="ItemRow.IndexedRevision"/>, never lowers it. A purged row
    /// whose revision is indexed and whose <see cref="ItemRow.UploadDeadline"/> is null is removed.
    /// </summary>
    /// <param name="indexed">The rows.</param>
    /// <param name="indexGeneration">The index that took them in; nothing is noted when another one is filled by now. Null: whichever.</param>
    /// <param name="ct">Cancels the waiting, not the write.</param>
    /// <returns>Whether it was noted.</returns>
    Task<bool> MarkIndexedAsync(IReadOnlyList<(ItemKey Key, long Revision)> indexed, string? indexGeneration, CancellationToken ct);

    /// <summary>
    /// Makes every row dirty, for the index is to be filled anew, and then notes which index that is; until then none is noted. After a
    /// crash in between it is done again.
    /// </summary>
    /// <param name="indexGeneration">The index that is filled now; see <see cref="ReadIndexGenerationAsync"/>.</param>
    /// <param name="ct">Cancels the waiting, not the write.</param>
    Task MarkAllDirtyAsync(string indexGeneration, CancellationToken ct);

    /// <summary>Notes another index as the one that is filled, while the rows stay as they are.</summary>
    /// <param name="before">The one that is noted; when it is not, nothing changes.</param>
    /// <param name="indexGeneration">The one to note.</param>
    /// <param name="ct">Cancels the waiting, not the write.</param>
    /// <returns>Whether it was noted.</returns>
    Task<bool> NoteIndexGenerationAsync(string before, string indexGeneration, CancellationToken ct);

    /// <summary>The index that was noted last, by <see cref="MarkAllDirtyAsync"/> or <see cref="NoteIndexGenerationAsync"/>; null when none is.</summary>
    ValueTask<string?> ReadIndexGenerationAsync(CancellationToken ct);

    /// <summary>The datasets that have a row, purged ones counted too, in the ordinal order of their keys as text.</summary>
    ValueTask<IReadOnlyList<DatasetKey>> ListDatasetsAsync(CancellationToken ct);

    /// <summary>Rows of a shard whose upload deadline is before a time, earliest first.</summary>
    ValueTask<IReadOnlyList<ItemRow>> ReadOverdueAsync(ShardKey shard, DateTimeOffset before, int limit, CancellationToken ct);

    /// <summary>Rows of a shard that are in the trash and were last written, which is when they went there, before a time, oldest first.</summary>
    ValueTask<IReadOnlyList<ItemRow>> ReadTrashedAsync(ShardKey shard, DateTimeOffset before, int limit, CancellationToken ct);

    /// <summary>
    /// Ends the watch over a row, for no URL of its item works any more: deadline and body are replaced at the same revision, and the feed
    /// tells nothing, for nobody sees anything of it. The row of a purged item goes: now when the index has taken it in, else as soon as
    /// that is noted (<see cref="MarkIndexedAsync"/>). No row: nothing happens.
    /// </summary>
    /// <param name="row">The row, of the revision and the status that are there, without an <see cref="ItemRow.UploadDeadline"/>.</param>
    /// <param name="ct">Cancels the waiting, not the write.</param>
    /// <exception cref="InconsistentStateException">Another revision or status is there; nothing was written.</exception>
    Task EndWatchAsync(ItemRow row, CancellationToken ct);

    /// <summary>
    /// A page of a dataset's changes, in the order they were made durable. What is trimmed at the same time is on the page or makes it null:
    /// a page never lacks a change.
    /// </summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="since">A change's cursor, or one that this method answered; null from the oldest kept.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The page; null when a change after the cursor is kept no more (<see cref="StartOfChangesAsync"/>).</returns>
    /// <exception cref="FormatException">The cursor is not one of this table's.</exception>
    ValueTask<ChangePage?> ReadChangesAsync(DatasetKey dataset, string? since, int limit, CancellationToken ct);

    /// <summary>
    /// A cursor for <see cref="ReadChangesAsync"/> after the last change of a dataset that is kept no more, and before the first that is:
    /// the earliest that is answered. It survives restarts, and never goes back.
    /// </summary>
    ValueTask<string> StartOfChangesAsync(DatasetKey dataset, CancellationToken ct);

    /// <summary>A cursor for <see cref="ReadChangesAsync"/> after every change of a dataset that is durable now, and before every later one.</summary>
    ValueTask<string> EndOfChangesAsync(DatasetKey dataset, CancellationToken ct);

    /// <summary>As <see cref="ReadChangesAsync"/>, but of one shard, and null starts at the newest: nothing is read, the cursor is answered.</summary>
    ValueTask<ChangePage?> FollowAsync(ShardKey shard, string? since, int limit, CancellationToken ct);

    /// <summary>
    /// Forgets a bounded number of a dataset's oldest changes: those before the first that was made at or after a time
    /// (<see cref="ChangeRetention.CountExpired"/>). The new start is durable no later than the first of them is gone, and numbers are not
    /// used again. Two at a time forget what one would.
    /// </summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="before">Changes made before then may go.</param>
    /// <param name="limit">At most so many, from 1; each call is one short write.</param>
    /// <param name="ct">Cancels the waiting, not the write.</param>
    /// <returns>How many went; fewer than <paramref name="limit"/> when there is nothing more to forget.</returns>
    Task<int> TrimChangesAsync(DatasetKey dataset, DateTimeOffset before, int limit, CancellationToken ct);

    /// <summary>The datasets whose oldest kept change was made before a time.</summary>
    ValueTask<IReadOnlyList<DatasetKey>> ListToTrimAsync(DateTimeOffset before, CancellationToken ct);

    /// <summary>Asks the table for a sign of life.</summary>
    ValueTask CheckAsync(CancellationToken ct);
}

/// <summary>A write of one row among many.</summary>
/// <param name="Row">The row; of a revision one above the expected one, unless it is new.</param>
/// <param name="ExpectedRevision">The revision that is there; 0 for no row.</param>
/// <param name="Change">What happened.</param>
public readonly record struct ItemWrite(ItemRow Row, long ExpectedRevision, NewChange Change);

/// <summary>Shorter ways to say what the table does.</summary>
public static class ItemTableWrites
{
    /// <summary>Writes the rows that are not there yet, with their changes, durable together.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">Rows of one dataset, each item once; of revision 1 unless they are rebuilt.</param>
    /// <param name="ct">Cancels the waiting, not the write.</param>
    /// <returns>For each, whether it was written; false: a row was there already.</returns>
    public static Task<IReadOnlyList<bool>> InsertManyAsync(this IItemTable table, IReadOnlyList<(ItemRow Row, NewChange Change)> rows, CancellationToken ct) =>
        table.WriteManyAsync([.. rows.Select(r => new ItemWrite(r.Row, 0, r.Change))], ct);

    /// <summary>Notes that revisions are indexed, whichever index is filled.</summary>
    /// <param name="table">The table.</param>
    /// <param name="indexed">The rows.</param>
    /// <param name="ct">Cancels the waiting, not the write.</param>
    public static Task MarkIndexedAsync(this IItemTable table, IReadOnlyList<(ItemKey Key, long Revision)> indexed, CancellationToken ct) =>
        table.MarkIndexedAsync(indexed, null, ct);
}
