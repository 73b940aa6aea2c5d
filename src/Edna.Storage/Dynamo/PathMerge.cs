using System.Diagnostics.CodeAnalysis;
using System.Text;
using Edna.Items;
using Edna.Keys;

namespace Edna.Storage.Dynamo;

/// <summary>
/// Merges what shards have in path order (UTF-8 bytes). A row may be told when no shard can still have one before it. Pure; not for two
/// threads at once.
/// </summary>
internal sealed class PathMerge
{
    private static readonly Comparer<byte[]> s_order = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    private readonly Shard[] _shards;

    /// <summary>Begins with shards of which nothing is known.</summary>
    /// <param name="shards">How many.</param>
    /// <param name="from">Where all of them are read from; empty for the start.</param>
    public PathMerge(int shards, byte[] from) => _shards = [.. Enumerable.Range(0, shards).Select(_ => new Shard { Next = from })];

    /// <summary>Whether there is nothing more to tell, and nothing more to read.</summary>
    public bool IsEmpty => _shards.All(shard => shard.Ended && shard.Rows.Count == 0);

    /// <summary>A path up to which everything has been read and told; null before that is so of every shard.</summary>
    public byte[]? Frontier
    {
        get
        {
            var open = _shards.Where(shard => !shard.Ended).ToList();
            return open.Count > 0 && open.All(shard => shard.Reached is not null) ? open.Select(shard => shard.Reached!).Min(s_order) : null;
        }
    }

    /// <summary>The shards to read next: those that have nothing to tell, but may still have.</summary>
    public IEnumerable<int> Wanting() => Enumerable.Range(0, _shards.Length).Where(n => _shards[n] is { Ended: false, Rows.Count: 0 });

    /// <summary>From where a shard is read next.</summary>
    public byte[] NextOf(int shard) => _shards[shard].Next;

    /// <summary>Notes what was read of a shard.</summary>
    /// <param name="shard">Which.</param>
    /// <param name="rows">What it has to tell, in path order.</param>
    /// <param name="reached">The last path that was looked at; null when that was the shard's end.</param>
    public void Add(int shard, IEnumerable<ItemRow> rows, byte[]? reached)
    {
        var at = _shards[shard];
        foreach (var row in rows) at.Rows.Enqueue((Encoding.UTF8.GetBytes(row.Path), row));
        if (reached is null) at.Ended = true;
        else (at.Reached, at.Next) = (reached, ByteOrder.After(reached, ItemPath.MaxBytes));
    }

    /// <summary>The next row in path order, when it is known that none comes before it.</summary>
    public bool TryTake([NotNullWhen(true)] out ItemRow? row)
    {
        row = null;
        var first = _shards.Where(shard => shard.Rows.Count > 0).MinBy(shard => shard.Rows.Peek().Path, s_order);
        if (first is null) return false;
        var path = first.Rows.Peek().Path;
        foreach (var shard in _shards)
        {
            if (shard.Ended || shard.Rows.Count > 0) continue;
            if (shard.Reached is null || shard.Reached.AsSpan().SequenceCompareTo(path) < 0) return false;
        }
        row = first.Rows.Dequeue().Row;
        return true;
    }

    private sealed class Shard
    {
        public Queue<(byte[] Path, ItemRow Row)> Rows { get; } = new();

        public byte[]? Reached { get; set; }

        public required byte[] Next { get; set; }

        public bool Ended { get; set; }
    }
}
