using System.Collections.Concurrent;
using Edna.Items;
using Edna.Keys;

namespace Edna.Search;

/// <summary>
/// Rows that the index did not take in while it took others: they are passed by, so that they keep nobody waiting, until they are
/// written again or <see cref="TriedAgain"/> has passed. They stay dirty, so nothing is forgotten when the process ends.
/// </summary>
internal sealed class RefusedDocuments(TimeProvider time)
{
    /// <summary>When a refused row is tried again at the latest, as whoever looks for dirty rows comes by.</summary>
    public static readonly TimeSpan TriedAgain = TimeSpan.FromMinutes(10);

    /// <summary>Rows refused at most: when more are, it is the index that is at fault, and everything waits for it.</summary>
    public const int Most = 1_000;

    private readonly ConcurrentDictionary<ItemKey, RefusedDocument> refused = new();

    /// <summary>How many there are. Who was not tried again in time is none any more: a row that is gone, or another silo's by now.</summary>
    public int Count
    {
        get
        {
            foreach (var (key, document) in refused)
                if (!IsFresh(document)) refused.TryRemove(key, out _);
            return refused.Count;
        }
    }

    /// <summary>Them.</summary>
    public IReadOnlyCollection<RefusedDocument> All => [.. refused.Values.Where(IsFresh)];

    /// <summary>How many rows of a shard are passed by, so that as many more are to be read.</summary>
    public int CountOf(ShardKey shard) => refused.IsEmpty ? 0 : refused.Keys.Count(k => k.Shard == shard);

    /// <summary>Whether a row is passed by.</summary>
    public bool Holds(ItemRow row)
    {
        if (refused.IsEmpty || !refused.TryGetValue(row.Key, out var before)) return false;
        if (before.Revision == row.Revision && IsFresh(before)) return true;
        refused.TryRemove(row.Key, out _);
        return false;
    }

    private bool IsFresh(RefusedDocument document) => time.GetUtcNow() - document.At < TriedAgain;

    /// <summary>Notes that a revision was refused.</summary>
    public void Add(ItemKey key, long revision, string reason) => refused[key] = new(key, revision, reason, time.GetUtcNow());
}

/// <summary>A row that the index did not take in.</summary>
/// <param name="Item">Which item.</param>
/// <param name="Revision">Of which revision.</param>
/// <param name="Reason">What was in the way.</param>
/// <param name="At">When it was tried last, UTC.</param>
public sealed record RefusedDocument(ItemKey Item, long Revision, string Reason, DateTimeOffset At);
