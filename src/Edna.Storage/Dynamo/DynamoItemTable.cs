using System.Collections.Concurrent;
using System.Globalization;
using Edna.Changes;
using Edna.Items;
using Edna.Keys;
using Orleans.Storage;

namespace Edna.Storage.Dynamo;

/// <summary>
/// The item table in DynamoDB (<see cref="DynamoItemSchema"/>), for any number of processes at once. All reads are strong.
/// </summary>
/// <remarks>What it needs of IAM: <see cref="DynamoAccess.Items"/>. It neither scans nor describes, makes or changes tables.</remarks>
internal sealed class DynamoItemTable(ItemTableCalls calls) : IItemTable
{
    private readonly ConcurrentDictionary<DatasetKey, DatasetWriter> _writers = new();

    /// <inheritdoc />
    public async ValueTask<ItemRow?> ReadAsync(ItemKey key, CancellationToken ct) =>
        ItemId.IsValid(key.ItemId) && await calls.GetAsync(calls.Keys.Row(key), ct) is { } item ? ItemAttributes.Read(item, key.Dataset) : null;

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ItemRow?>> ReadManyAsync(DatasetKey dataset, IReadOnlyList<string> itemIds, CancellationToken ct) =>
        new(ItemQueries.ReadManyAsync(calls, dataset, itemIds, ct));

    /// <inheritdoc />
    public async Task WriteAsync(ItemRow row, long expectedRevision, NewChange change, CancellationToken ct)
    {
        Follows(row, expectedRevision);
        var written = await Write([new(row, expectedRevision, change)]).WaitAsync(ct);
        if (!written[0]) throw Inconsistent(row.Key, (await ReadAsync(row.Key, ct))?.Revision ?? 0, expectedRevision);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<bool>> WriteManyAsync(IReadOnlyList<ItemWrite> writes, CancellationToken ct)
    {
        foreach (var write in writes)
            if (write.ExpectedRevision > 0) Follows(write.Row, write.ExpectedRevision);
        return writes.Count == 0 ? [] : await Write(writes).WaitAsync(ct);
    }

    /// <inheritdoc />
    public ValueTask<ItemRowPage> ListAsync(DatasetKey dataset, ItemListRequest request, CancellationToken ct) =>
        new(ItemListing.ListAsync(calls, dataset, request, ct));

    /// <inheritdoc />
    public async ValueTask<bool> AnyAsync(DatasetKey dataset, CancellationToken ct)
    {
        foreach (var shard in DynamoItemKeys.Shards(dataset))
            if (await ItemQueries.CountAsync(calls, shard, 1, ct) > 0) return true;
        return false;
    }

    /// <inheritdoc />
    public async ValueTask<long> CountAsync(DatasetKey dataset, CancellationToken ct) =>
        (await Task.WhenAll(DynamoItemKeys.Shards(dataset).Select(shard => ItemQueries.CountAsync(calls, shard, long.MaxValue, ct)))).Sum();

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ItemRow>> ScanAsync(DatasetKey dataset, string? afterItemId, int limit, CancellationToken ct) =>
        new(ItemQueries.ScanAsync(calls, dataset, afterItemId, limit, ct));

    /// <inheritdoc />
    public Task RemoveDatasetAsync(DatasetKey dataset, DateTimeOffset now, CancellationToken ct) => DatasetList.RemoveAsync(calls, dataset, now, ct);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<ItemRow>> ReadDirtyAsync(ShardKey shard, int limit, CancellationToken ct) =>
        await ItemQueries.ReadDirtyAsync(calls, shard, limit, ct);

    /// <inheritdoc />
    public async ValueTask<DateTimeOffset?> OldestDirtyAsync(DatasetKey dataset, CancellationToken ct) =>
        (await Task.WhenAll(DynamoItemKeys.Shards(dataset).Select(shard => ItemQueries.OldestDirtyAsync(calls, shard, ct)))).Min();

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<ShardKey>> ListDirtyShardsAsync(CancellationToken ct) =>
        await DatasetList.WhereAsync(await ShardsAsync(ct), (shard, each) => ItemQueries.HasAnyAsync(calls, shard, DynamoItemSchema.ByDirty, each), ct);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<ShardKey>> ListWatchedShardsAsync(CancellationToken ct) => await DatasetList.WhereAsync(
        await ShardsAsync(ct),
        async (shard, each) => await ItemQueries.HasAnyAsync(calls, shard, DynamoItemSchema.ByDeadline, each)
            || await ItemQueries.HasAnyAsync(calls, shard, DynamoItemSchema.ByTrash, each),
        ct);

    /// <inheritdoc />
    public async Task<bool> MarkIndexedAsync(IReadOnlyList<(ItemKey Key, long Revision)> indexed, string? indexGeneration, CancellationToken ct)
    {
        var filling = long.MaxValue;
        if (indexGeneration is not null)
        {
            var note = await IndexNote.ReadAsync(calls, ct);
            if (note.Generation != indexGeneration) return false;
            filling = note.Filling;
        }
        var held = true;
        await Parallel.ForEachAsync(indexed, DatasetList.Options(ct), async (one, each) =>
        {
            if (!await ItemOutbox.MarkAsync(calls, one.Key, one.Revision, filling, each)) Volatile.Write(ref held, false);
        });
        return held;
    }

    /// <inheritdoc />
    public async Task MarkAllDirtyAsync(string indexGeneration, CancellationToken ct)
    {
        // None is noted meanwhile: who pushed to the index before this one cannot make a row clean that is dirty by now.
        var filling = await IndexNote.BeginAsync(calls, ct);
        await Parallel.ForEachAsync(await ShardsAsync(ct), DatasetList.Options(ct), async (shard, each) => await ItemOutbox.MarkAllDirtyAsync(calls, shard, filling, each));
        await IndexNote.EndAsync(calls, filling, indexGeneration, ct);
    }

    /// <inheritdoc />
    public Task<bool> NoteIndexGenerationAsync(string before, string indexGeneration, CancellationToken ct) => IndexNote.ReplaceAsync(calls, before, indexGeneration, ct);

    /// <inheritdoc />
    public async ValueTask<string?> ReadIndexGenerationAsync(CancellationToken ct) => (await IndexNote.ReadAsync(calls, ct)).Generation;

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<DatasetKey>> ListDatasetsAsync(CancellationToken ct)
    {
        var all = await DatasetList.ReadAsync(calls, ct);
        var withRows = await DatasetList.WhereAsync(all, async (dataset, each) =>
        {
            foreach (var shard in DynamoItemKeys.Shards(dataset))
                if (await ItemQueries.HasAnyAsync(calls, shard, null, each)) return true;
            return false;
        }, ct);
        return [.. withRows.OrderBy(dataset => dataset.ToString(), StringComparer.Ordinal)];
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<ItemRow>> ReadOverdueAsync(ShardKey shard, DateTimeOffset before, int limit, CancellationToken ct) =>
        await ItemQueries.ReadOverdueAsync(calls, shard, before, limit, ct);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<ItemRow>> ReadTrashedAsync(ShardKey shard, DateTimeOffset before, int limit, CancellationToken ct) =>
        await ItemQueries.ReadTrashedAsync(calls, shard, before, limit, ct);

    /// <inheritdoc />
    public async Task EndWatchAsync(ItemRow row, CancellationToken ct)
    {
        if (row.UploadDeadline is { } deadline) throw new ArgumentException($"It is still to be looked at, at {deadline:O}.", nameof(row));
        if (await ItemOutbox.TryEndWatchAsync(calls, row, ct) is { } other) throw Inconsistent(row.Key, other.Revision, row.Revision);
    }

    /// <inheritdoc />
    public ValueTask<ChangePage?> ReadChangesAsync(DatasetKey dataset, string? since, int limit, CancellationToken ct) =>
        new(FeedReads.ReadAsync(calls, dataset, null, since, limit, ct));

    /// <inheritdoc />
    public ValueTask<string> StartOfChangesAsync(DatasetKey dataset, CancellationToken ct) => new(FeedReads.StartAsync(calls, dataset, ct));

    /// <inheritdoc />
    public ValueTask<string> EndOfChangesAsync(DatasetKey dataset, CancellationToken ct) => new(FeedReads.EndAsync(calls, dataset, ct));

    /// <inheritdoc />
    public async ValueTask<ChangePage?> FollowAsync(ShardKey shard, string? since, int limit, CancellationToken ct) => since is null
        ? new() { Changes = [], NextCursor = await FeedReads.EndAsync(calls, shard.Dataset, ct) }
        : await FeedReads.ReadAsync(calls, shard.Dataset, shard.Shard, since, limit, ct);

    /// <inheritdoc />
    public Task<int> TrimChangesAsync(DatasetKey dataset, DateTimeOffset before, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return FeedTrims.TrimAsync(calls, dataset, before, limit, ct);
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<DatasetKey>> ListToTrimAsync(DateTimeOffset before, CancellationToken ct) => await DatasetList.WhereAsync(
        await DatasetList.ReadAsync(calls, ct), (dataset, each) => FeedTrims.HasOlderAsync(calls, dataset, before, each), ct);

    /// <inheritdoc />
    public async ValueTask CheckAsync(CancellationToken ct) => await IndexNote.ReadAsync(calls, ct);

    private async Task<IEnumerable<ShardKey>> ShardsAsync(CancellationToken ct) => (await DatasetList.ReadAsync(calls, ct)).SelectMany(DynamoItemKeys.Shards);

    private Task<IReadOnlyList<bool>> Write(IReadOnlyList<ItemWrite> writes)
    {
        foreach (var write in writes)
            if (!ItemId.IsValid(write.Row.Key.ItemId)) throw new ArgumentException($"'{write.Row.Key.ItemId}' is not an item id.", nameof(writes));
        return _writers.GetOrAdd(writes[0].Row.Key.Dataset, static (dataset, calls) => new(dataset, calls), calls).WriteAsync(writes);
    }

    private static void Follows(ItemRow row, long expectedRevision)
    {
        if (row.Revision != expectedRevision + 1) throw new ArgumentException($"Revision {row.Revision} does not follow {expectedRevision}.", nameof(row));
    }

    private static InconsistentStateException Inconsistent(ItemKey key, long stored, long expected) => new(
        $"Item {key} is at another revision.", stored.ToString(CultureInfo.InvariantCulture), expected.ToString(CultureInfo.InvariantCulture));
}
