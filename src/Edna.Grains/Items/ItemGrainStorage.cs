using System.Globalization;
using Edna.Changes;
using Edna.Keys;
using Orleans.Storage;

namespace Edna.Items;

/// <summary>What an <see cref="ItemGrain"/> holds: its state, and what its next write means.</summary>
public sealed class ItemRecord
{
    /// <summary>The state; null while there is no item.</summary>
    public ItemState? Item { get; set; }

    /// <summary>What the next write means; null when nobody sees anything of it, and the sweeper need not look at the item again.</summary>
    public NewChange? Change { get; set; }
}

/// <summary>
/// The storage provider of <see cref="ItemGrain"/>: one row an item in the <see cref="IItemTable"/>, its revision the etag.
/// Change and row are written together, and the shard's feed is told after.
/// </summary>
public sealed class ItemGrainStorage(IItemTable table, ChangeNotifier notifier) : IGrainStorage
{
    /// <summary>The provider's name.</summary>
    public const string Name = "items";

    /// <inheritdoc />
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = await table.ReadAsync(KeyOf(grainId), CancellationToken.None);
        var record = RecordOf(grainState);
        record.Item = row is null ? null : ItemJson.Read(row.Body);
        grainState.RecordExists = row is not null;
        grainState.ETag = row is null ? null! : EtagOf(row.Revision);
    }

    /// <inheritdoc />
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var record = RecordOf(grainState);
        var item = record.Item ?? throw new InvalidOperationException("An item grain writes a state, never none.");
        var key = KeyOf(grainId);
        if (record.Change is not { } change)
        {
            await table.EndWatchAsync(ItemView.RowOf(key, item), CancellationToken.None);
            return;
        }
        var expected = grainState.ETag is null ? 0 : long.Parse(grainState.ETag, CultureInfo.InvariantCulture);
        await table.WriteAsync(ItemView.RowOf(key, item), expected, change, CancellationToken.None);
        grainState.RecordExists = true;
        grainState.ETag = EtagOf(item.Revision);
        notifier.Notify(key.Shard);
    }

    /// <inheritdoc />
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        // An item's row ends as purged, so that the index learns of it; only such a one can be let go.
        var record = RecordOf(grainState);
        if (record.Item is { } item) await table.EndWatchAsync(ItemView.RowOf(KeyOf(grainId), item with { SignedUntil = null }), CancellationToken.None);
        record.Item = null;
        (grainState.RecordExists, grainState.ETag) = (false, null!);
    }

    private static ItemKey KeyOf(GrainId id) => ItemKey.Parse(id.Key.ToString()!);

    private static string EtagOf(long revision) => revision.ToString(CultureInfo.InvariantCulture);

    private static ItemRecord RecordOf<T>(IGrainState<T> state)
    {
        if (state.State is null) state.State = (T)(object)new ItemRecord();
        return state.State as ItemRecord ?? throw new InvalidOperationException($"The '{Name}' storage holds items only, not {typeof(T).Name}.");
    }
}
