using Edna.Changes;
using Edna.Items;
using Edna.Keys;

namespace Edna.Rebuild;

/// <summary>A rebuild that is under way: its checkpoint, and who wants to know.</summary>
/// <param name="checkpoint">How far it is.</param>
/// <param name="save">Keeps the checkpoint.</param>
/// <param name="written">Is told of shards whose rows wait for the index.</param>
/// <param name="signedUntil">When the last upload URL that may have been signed before stops working, UTC.</param>
/// <param name="dryRun">Whether nothing is written.</param>
public sealed class RebuildRun(RebuildCheckpoint checkpoint, Action<RebuildCheckpoint> save, Action<ShardKey> written, DateTimeOffset signedUntil, bool dryRun)
{
    /// <summary>How far it is.</summary>
    public RebuildCheckpoint Checkpoint { get; } = checkpoint;

    /// <summary>When the last upload URL that may have been signed before stops working, UTC.</summary>
    public DateTimeOffset SignedUntil { get; } = signedUntil;

    /// <summary>Whether nothing is written.</summary>
    public bool DryRun { get; } = dryRun;

    /// <summary>Items of which only labels were found so far.</summary>
    public WaitingItems Waiting { get; set; } = new();

    /// <summary>Keeps the checkpoint.</summary>
    public void Save() => save(Checkpoint);

    /// <summary>Rows of a shard wait for the index.</summary>
    /// <param name="shard">The shard.</param>
    public void Written(ShardKey shard) => written(shard);

    /// <summary>Notes what could not be used.</summary>
    /// <param name="fault">What, and why.</param>
    public void Note(string fault) => Checkpoint.Report.Note(fault);

    /// <summary>Notes an id that makes no item.</summary>
    public void Unusable(DatasetKey dataset, string itemId, string fault)
    {
        Checkpoint.Report.Unusable++;
        Note($"{dataset} {itemId}: {fault}");
    }

    /// <summary>Counts an item in, or out again when another state takes its place.</summary>
    /// <param name="state">The item.</param>
    /// <param name="by">1 or −1.</param>
    public void Count(ItemState state, int by = 1)
    {
        var report = Checkpoint.Report;
        report.Items += by;
        if (state.ContentKey is not null) report.InPlace += by;
        if (state.Status == ItemStatus.Trashed) report.Trashed += by;
        if (state.Status == ItemStatus.Failed) report.Failed += by;
        if (state.Labels is not null) report.Labelled += by;
    }

    /// <summary>The row of a state, with the change that tells of it.</summary>
    internal static (ItemRow Row, NewChange Change) RowOf(ItemKey key, ItemState state, DateTimeOffset now) => (ItemView.RowOf(key, state), new(state.Status switch
    {
        ItemStatus.Trashed => ChangeKind.Trashed, ItemStatus.Failed => ChangeKind.Failed, _ => ChangeKind.Available,
    }, now, "edna:rebuild"));
}

/// <summary>Items that wait for an import page to tell their path. At most <see cref="Most"/> are remembered; beyond it, it is not known which do.</summary>
public sealed class WaitingItems
{
    /// <summary>How many are remembered.</summary>
    public const int Most = 200_000;

    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private bool unknown;

    /// <summary>It is not known which items wait: any may.</summary>
    public static WaitingItems Unknown => new() { unknown = true };

    /// <summary>Those that still wait; none when it is not known.</summary>
    public IReadOnlyCollection<string> Left => unknown ? [] : ids;

    /// <summary>Adds one.</summary>
    /// <param name="itemId">The item.</param>
    public void Add(string itemId)
    {
        if (!unknown) ids.Add(itemId);
        if (ids.Count <= Most) return;
        unknown = true;
        ids.Clear();
    }

    /// <summary>Takes one out; whether it waited, or may have.</summary>
    /// <param name="itemId">The item.</param>
    public bool Remove(string itemId) => unknown || ids.Remove(itemId);
}
