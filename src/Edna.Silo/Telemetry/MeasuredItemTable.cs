using Edna.Changes;
using Edna.Items;
using Edna.Keys;

namespace Edna.Telemetry;

/// <summary>An item table whose calls are measured, <c>edna.table.duration</c>, and whose changes are counted, <c>edna.changes</c>.</summary>
/// <param name="table">The table.</param>
internal sealed class MeasuredItemTable(IItemTable table) : IItemTable
{
    private static readonly CallMeter Calls = new("table", "How long calls to the item table take");

    /// <inheritdoc />
    public ValueTask<ItemRow?> ReadAsync(ItemKey key, CancellationToken ct) => Calls.MeasureAsync("read", () => table.ReadAsync(key, ct));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ItemRow?>> ReadManyAsync(DatasetKey dataset, IReadOnlyList<string> itemIds, CancellationToken ct) =>
        Calls.MeasureAsync("read_many", () => table.ReadManyAsync(dataset, itemIds, ct));

    /// <inheritdoc />
    public async Task WriteAsync(ItemRow row, long expectedRevision, NewChange change, CancellationToken ct)
    {
        await Calls.MeasureAsync("write", () => new ValueTask(table.WriteAsync(row, expectedRevision, change, ct)));
        ChangeMeter.Count(row, change.Kind);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<bool>> WriteManyAsync(IReadOnlyList<ItemWrite> writes, CancellationToken ct)
    {
        var written = await Calls.MeasureAsync("write_many", () => new ValueTask<IReadOnlyList<bool>>(table.WriteManyAsync(writes, ct)));
        for (var i = 0; i < writes.Count; i++)
            if (written[i]) ChangeMeter.Count(writes[i].Row, writes[i].Change.Kind);
        return written;
    }

    /// <inheritdoc />
    public ValueTask<ItemRowPage> ListAsync(DatasetKey dataset, ItemListRequest request, CancellationToken ct) => Calls.MeasureAsync("list", () => table.ListAsync(dataset, request, ct));

    /// <inheritdoc />
    public ValueTask<bool> AnyAsync(DatasetKey dataset, CancellationToken ct) => Calls.MeasureAsync("any", () => table.AnyAsync(dataset, ct));

    /// <inheritdoc />
    public ValueTask<long> CountAsync(DatasetKey dataset, CancellationToken ct) => Calls.MeasureAsync("count", () => table.CountAsync(dataset, ct));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ItemRow>> ScanAsync(DatasetKey dataset, string? afterItemId, int limit, CancellationToken ct) =>
        Calls.MeasureAsync("scan", () => table.ScanAsync(dataset, afterItemId, limit, ct));

    /// <inheritdoc />
    public Task RemoveDatasetAsync(DatasetKey dataset, DateTimeOffset now, CancellationToken ct) =>
        Calls.MeasureAsync("remove_dataset", () => new ValueTask(table.RemoveDatasetAsync(dataset, now, ct))).AsTask();

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ItemRow>> ReadDirtyAsync(ShardKey shard, int limit, CancellationToken ct) => Calls.MeasureAsync("read_dirty", () => table.ReadDirtyAsync(shard, limit, ct));

    /// <inheritdoc />
    public ValueTask<DateTimeOffset?> OldestDirtyAsync(DatasetKey dataset, CancellationToken ct) => Calls.MeasureAsync("oldest_dirty", () => table.OldestDirtyAsync(dataset, ct));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ShardKey>> ListDirtyShardsAsync(CancellationToken ct) => Calls.MeasureAsync("list_dirty", () => table.ListDirtyShardsAsync(ct));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ShardKey>> ListWatchedShardsAsync(CancellationToken ct) => Calls.MeasureAsync("list_watched", () => table.ListWatchedShardsAsync(ct));

    /// <inheritdoc />
    public Task<bool> MarkIndexedAsync(IReadOnlyList<(ItemKey Key, long Revision)> indexed, string? indexGeneration, CancellationToken ct) =>
        Calls.MeasureAsync("mark_indexed", () => new ValueTask<bool>(table.MarkIndexedAsync(indexed, indexGeneration, ct))).AsTask();

    /// <inheritdoc />
    public Task MarkAllDirtyAsync(string indexGeneration, CancellationToken ct) =>
        Calls.MeasureAsync("mark_all_dirty", () => new ValueTask(table.MarkAllDirtyAsync(indexGeneration, ct))).AsTask();

    /// <inheritdoc />
    public Task<bool> NoteIndexGenerationAsync(string before, string indexGeneration, CancellationToken ct) =>
        Calls.MeasureAsync("note_generation", () => new ValueTask<bool>(table.NoteIndexGenerationAsync(before, indexGeneration, ct))).AsTask();

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<DatasetKey>> ListDatasetsAsync(CancellationToken ct) => Calls.MeasureAsync("list_datasets", () => table.ListDatasetsAsync(ct));

    /// <inheritdoc />
    public ValueTask<string?> ReadIndexGenerationAsync(CancellationToken ct) => Calls.MeasureAsync("read_generation", () => table.ReadIndexGenerationAsync(ct));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ItemRow>> ReadOverdueAsync(ShardKey shard, DateTimeOffset before, int limit, CancellationToken ct) =>
        Calls.MeasureAsync("read_overdue", () => table.ReadOverdueAsync(shard, before, limit, ct));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ItemRow>> ReadTrashedAsync(ShardKey shard, DateTimeOffset before, int limit, CancellationToken ct) =>
        Calls.MeasureAsync("read_trashed", () => table.ReadTrashedAsync(shard, before, limit, ct));

    /// <inheritdoc />
    public Task EndWatchAsync(ItemRow row, CancellationToken ct) => Calls.MeasureAsync("end_watch", () => new ValueTask(table.EndWatchAsync(row, ct))).AsTask();

    /// <inheritdoc />
    public ValueTask<ChangePage?> ReadChangesAsync(DatasetKey dataset, string? since, int limit, CancellationToken ct) =>
        Calls.MeasureAsync("read_changes", () => table.ReadChangesAsync(dataset, since, limit, ct));

    /// <inheritdoc />
    public ValueTask<string> StartOfChangesAsync(DatasetKey dataset, CancellationToken ct) => Calls.MeasureAsync("start_of_changes", () => table.StartOfChangesAsync(dataset, ct));

    /// <inheritdoc />
    public ValueTask<string> EndOfChangesAsync(DatasetKey dataset, CancellationToken ct) => Calls.MeasureAsync("end_of_changes", () => table.EndOfChangesAsync(dataset, ct));

    /// <inheritdoc />
    public ValueTask<ChangePage?> FollowAsync(ShardKey shard, string? since, int limit, CancellationToken ct) => Calls.MeasureAsync("follow", () => table.FollowAsync(shard, since, limit, ct));

    /// <inheritdoc />
    public Task<int> TrimChangesAsync(DatasetKey dataset, DateTimeOffset before, int limit, CancellationToken ct) =>
        Calls.MeasureAsync("trim_changes", () => new ValueTask<int>(table.TrimChangesAsync(dataset, before, limit, ct))).AsTask();

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<DatasetKey>> ListToTrimAsync(DateTimeOffset before, CancellationToken ct) => Calls.MeasureAsync("list_to_trim", () => table.ListToTrimAsync(before, ct));

    /// <inheritdoc />
    public ValueTask CheckAsync(CancellationToken ct) => Calls.MeasureAsync("check", () => table.CheckAsync(ct));
}
