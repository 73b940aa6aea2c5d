using System.Globalization;
using Edna.Changes;
using Edna.Items;
using Edna.Keys;
using Edna.Sqlite;
using Orleans.Storage;

namespace Edna.Storage.Sqlite;

/// <summary>The item table in <c>edna.db</c>.</summary>
internal sealed class SqliteItemTable(StateDatabase database) : IItemTable
{
    private const int RowsPerSweep = 5_000;

    /// <inheritdoc />
    public ValueTask<ItemRow?> ReadAsync(ItemKey key, CancellationToken ct) =>
        ReadAsync<ItemRow?>(key.Dataset, null, (connection, number) => ItemReads.Read(connection, number, key.Dataset, key.ItemId), ct);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ItemRow?>> ReadManyAsync(DatasetKey dataset, IReadOnlyList<string> itemIds, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<ItemRow?>>(dataset, new ItemRow?[itemIds.Count], (connection, number) =>
        {
            var rows = new ItemRow?[itemIds.Count];
            for (var i = 0; i < rows.Length; i++) rows[i] = ItemReads.Read(connection, number, dataset, itemIds[i]);
            return rows;
        }, ct);

    /// <inheritdoc />
    public async Task WriteAsync(ItemRow row, long expectedRevision, NewChange change, CancellationToken ct)
    {
        Follows(row, expectedRevision);
        var found = await database.WriteAsync<long?>(
            session => ItemWrites.TryWrite(session, new(row, expectedRevision, change)) ? null : ItemWrites.RevisionOf(session, row.Key), 1, ct);
        if (found is { } other) throw Inconsistent(row.Key, other, expectedRevision);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<bool>> WriteManyAsync(IReadOnlyList<ItemWrite> writes, CancellationToken ct)
    {
        foreach (var write in writes)
            if (write.ExpectedRevision > 0) Follows(write.Row, write.ExpectedRevision);
        return await database.WriteAsync(session =>
        {
            var written = new bool[writes.Count];
            for (var i = 0; i < written.Length; i++) written[i] = ItemWrites.TryWrite(session, writes[i]);
            return written;
        }, writes.Count, ct);
    }

    /// <inheritdoc />
    public ValueTask<ItemRowPage> ListAsync(DatasetKey dataset, ItemListRequest request, CancellationToken ct) =>
        ReadAsync(dataset, new ItemRowPage([], null), (connection, number) => ItemListing.List(connection, number, dataset, request), ct);

    /// <inheritdoc />
    public ValueTask<bool> AnyAsync(DatasetKey dataset, CancellationToken ct) => ReadAsync(dataset, false, ItemReads.Any, ct);

    /// <inheritdoc />
    public ValueTask<long> CountAsync(DatasetKey dataset, CancellationToken ct) => ReadAsync(dataset, 0L, ItemReads.Count, ct);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ItemRow>> ScanAsync(DatasetKey dataset, string? afterItemId, int limit, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<ItemRow>>(dataset, [], (connection, number) => ItemReads.Scan(connection, number, dataset, afterItemId, limit), ct);

    /// <inheritdoc />
    public async Task RemoveDatasetAsync(DatasetKey dataset, DateTimeOffset now, CancellationToken ct)
    {
        while (await database.WriteAsync(session => ItemIndexing.RemoveSome(session, dataset, now, RowsPerSweep), RowsPerSweep, ct))
            ct.ThrowIfCancellationRequested();
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ItemRow>> ReadDirtyAsync(ShardKey shard, int limit, CancellationToken ct) =>
        database.Numbers.TryFindShard(shard, out var number)
            ? database.ReadAsync(connection => ItemReads.ReadDirty(connection, number.Value, shard.Dataset, limit), ct)
            : new([]);

    /// <inheritdoc />
    public ValueTask<DateTimeOffset?> OldestDirtyAsync(DatasetKey dataset, CancellationToken ct) =>
        ReadAsync<DateTimeOffset?>(dataset, null, ItemReads.OldestDirty, ct);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ShardKey>> ListDirtyShardsAsync(CancellationToken ct) =>
        database.ReadAsync(connection => ItemReads.ListDirtyShards(connection, database.Numbers), ct);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ShardKey>> ListWatchedShardsAsync(CancellationToken ct) =>
        database.ReadAsync(connection => ItemReads.ListWatchedShards(connection, database.Numbers), ct);

    /// <inheritdoc />
    public Task<bool> MarkIndexedAsync(IReadOnlyList<(ItemKey Key, long Revision)> indexed, string? indexGeneration, CancellationToken ct) =>
        database.WriteAsync(session =>
        {
            if (indexGeneration is not null && ItemIndexing.ReadGeneration(session.Connection) != indexGeneration) return false;
            ItemIndexing.Mark(session, indexed);
            return true;
        }, indexed.Count, ct);

    /// <inheritdoc />
    public async Task MarkAllDirtyAsync(string indexGeneration, CancellationToken ct)
    {
        // None is noted meanwhile: who pushed to the index before this one cannot make a row clean that is dirty by now.
        await NoteAsync(null, ct);
        for (long? after = 0; after is { } from;)
            after = await database.WriteAsync(session => ItemIndexing.MarkDirty(session.Connection, from, RowsPerSweep), RowsPerSweep, ct);
        await NoteAsync(indexGeneration, ct);
    }

    /// <inheritdoc />
    public Task<bool> NoteIndexGenerationAsync(string before, string indexGeneration, CancellationToken ct) =>
        database.WriteAsync(session =>
        {
            if (ItemIndexing.ReadGeneration(session.Connection) != before) return false;
            ItemIndexing.NoteGeneration(session.Connection, indexGeneration);
            return true;
        }, 1, ct);

    /// <inheritdoc />
    public ValueTask<string?> ReadIndexGenerationAsync(CancellationToken ct) => database.ReadAsync(ItemIndexing.ReadGeneration, ct);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<DatasetKey>> ListDatasetsAsync(CancellationToken ct) => database.ReadAsync(ItemReads.ListDatasets, ct);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ItemRow>> ReadOverdueAsync(ShardKey shard, DateTimeOffset before, int limit, CancellationToken ct) =>
        database.Numbers.TryFindShard(shard, out var number)
            ? database.ReadAsync(connection => ItemReads.ReadOverdue(connection, number.Value, shard.Dataset, before, limit), ct)
            : new([]);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ItemRow>> ReadTrashedAsync(ShardKey shard, DateTimeOffset before, int limit, CancellationToken ct) =>
        database.Numbers.TryFindShard(shard, out var number)
            ? database.ReadAsync(connection => ItemReads.ReadTrashed(connection, number.Value, shard.Dataset, before, limit), ct)
            : new([]);

    /// <inheritdoc />
    public async Task EndWatchAsync(ItemRow row, CancellationToken ct)
    {
        if (row.UploadDeadline is { } deadline) throw new ArgumentException($"It is still to be looked at, at {deadline:O}.", nameof(row));
        var found = await database.WriteAsync(session => ItemWrites.TryEndWatch(session, row) ? 0 : ItemWrites.RevisionOf(session, row.Key), 1, ct);
        if (found != 0) throw Inconsistent(row.Key, found, row.Revision);
    }

    /// <inheritdoc />
    public ValueTask<ChangePage?> ReadChangesAsync(DatasetKey dataset, string? since, int limit, CancellationToken ct) =>
        database.ReadAsync(connection => ChangeReads.Read(connection, database.Numbers.Find(dataset), since, limit), ct);

    /// <inheritdoc />
    public ValueTask<string> StartOfChangesAsync(DatasetKey dataset, CancellationToken ct) =>
        database.ReadAsync(connection => ChangeReads.Start(connection, database.Numbers.Find(dataset)), ct);

    /// <inheritdoc />
    public ValueTask<string> EndOfChangesAsync(DatasetKey dataset, CancellationToken ct) => database.ReadAsync(ChangeReads.End, ct);

    /// <inheritdoc />
    public ValueTask<ChangePage?> FollowAsync(ShardKey shard, string? since, int limit, CancellationToken ct) =>
        database.ReadAsync(connection => ChangeReads.Follow(connection, database.Numbers.Find(shard.Dataset), shard.Shard, since, limit), ct);

    /// <inheritdoc />
    public Task<int> TrimChangesAsync(DatasetKey dataset, DateTimeOffset before, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return database.WriteAsync(session => ChangeTrims.Trim(session, dataset, before, limit), limit, ct);
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<DatasetKey>> ListToTrimAsync(DateTimeOffset before, CancellationToken ct) =>
        database.ReadAsync(connection => ChangeTrims.List(connection, database.Numbers, before), ct);

    /// <inheritdoc />
    public async ValueTask CheckAsync(CancellationToken ct) =>
        await database.ReadAsync(connection => connection.QueryLong("SELECT number FROM last_change"), ct);

    /// <summary>Reads of a dataset that has a number; one without has no rows.</summary>
    private Task<bool> NoteAsync(string? indexGeneration, CancellationToken ct) => database.WriteAsync(session =>
    {
        ItemIndexing.NoteGeneration(session.Connection, indexGeneration);
        return true;
    }, 1, ct);

    private ValueTask<T> ReadAsync<T>(DatasetKey dataset, T none, Func<Connection, int, T> read, CancellationToken ct) =>
        database.Numbers.Find(dataset) is { } number ? database.ReadAsync(connection => read(connection, number), ct) : new(none);

    private static void Follows(ItemRow row, long expectedRevision)
    {
        if (row.Revision != expectedRevision + 1) throw new ArgumentException($"Revision {row.Revision} does not follow {expectedRevision}.", nameof(row));
    }

    private static InconsistentStateException Inconsistent(ItemKey key, long stored, long expected) => new(
        $"Item {key} is at another revision.", stored.ToString(CultureInfo.InvariantCulture), expected.ToString(CultureInfo.InvariantCulture));
}
