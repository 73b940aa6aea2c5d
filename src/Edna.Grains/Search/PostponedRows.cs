using Edna.Items;
using Edna.Keys;

namespace Edna.Search;

/// <summary>
/// Rows that the index takes, but not yet: each is passed by for a while, longer each time, and then its shard is told of. They keep nobody
/// else waiting, and stay dirty, so nothing is forgotten when the process ends.
/// </summary>
internal sealed class PostponedRows : IDisposable
{
    /// <summary>The first pause of a row; each further one is twice as long.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause of a row.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>Rows of a shard that are noted one by one. With more, as when a large dataset is filled anew, the shard waits as a whole.</summary>
    public const int MostOfAShard = 1_000;

    /// <summary>How long it is remembered how often a row was tried. One that went with its dataset never comes back.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<ShardKey, Dictionary<ItemKey, Row>> shards = [];
    private readonly TimeProvider time;
    private readonly Action<ShardKey> due;
    private readonly ITimer timer;

    /// <summary>Notes no rows yet.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="due">Told of a shard with rows whose pause is over.</param>
    public PostponedRows(TimeProvider time, Action<ShardKey> due)
    {
        (this.time, this.due) = (time, due);
        timer = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Rows that are passed by now.</summary>
    public int Count
    {
        get
        {
            lock (gate) return shards.Values.Sum(Held);
        }
    }

    /// <summary>How many rows of a shard are passed by now, so that as many more are to be read.</summary>
    public int CountOf(ShardKey shard)
    {
        lock (gate) return shards.TryGetValue(shard, out var rows) ? Held(rows) : 0;
    }

    /// <summary>Whether a row is passed by now. One that was written meanwhile is not.</summary>
    public bool Holds(ItemRow row)
    {
        lock (gate) return shards.TryGetValue(row.Key.Shard, out var rows) && rows.TryGetValue(row.Key, out var known) && known.IsHeld && known.Revision == row.Revision;
    }

    /// <summary>Notes rows that the index does not take yet.</summary>
    public void Add(IEnumerable<RefusedPush> pushes)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            foreach (var pushed in pushes.GroupBy(push => push.Item.Shard))
            {
                if (!shards.TryGetValue(pushed.Key, out var rows)) shards.Add(pushed.Key, rows = []);
                // Only those that are held count: each of them has its shard told of again, and with it the rows that are not noted.
                var held = Held(rows);
                foreach (var push in pushed)
                {
                    var known = rows.GetValueOrDefault(push.Item);
                    if (known is null && held >= MostOfAShard) continue;
                    var tries = known is null ? 0 : known.Tries + 1;
                    rows[push.Item] = new(push.Revision, tries, WholeSecond(now + PauseAfter(tries)), IsHeld: true);
                    if (known is not { IsHeld: true }) held++;
                }
            }
            Arm(now);
        }
    }

    /// <summary>Forgets rows that the index has.</summary>
    public void Remove(IEnumerable<ItemKey> items)
    {
        lock (gate)
        {
            if (shards.Count == 0) return;
            foreach (var item in items)
                if (shards.TryGetValue(item.Shard, out var rows) && rows.Remove(item) && rows.Count == 0) shards.Remove(item.Shard);
        }
    }

    /// <summary>How long a row is passed by after it was tried again so often.</summary>
    public static TimeSpan PauseAfter(int tries) =>
        tries < 8 && FirstPause * (1 << tries) is var pause && pause < LongestPause ? pause : LongestPause;

    /// <inheritdoc />
    public void Dispose() => timer.Dispose();

    /// <summary>Lets go of the rows whose pause is over, and forgets those that nobody came back to.</summary>
    private void Wake()
    {
        var ripe = new List<ShardKey>();
        lock (gate)
        {
            var now = time.GetUtcNow();
            foreach (var (shard, rows) in shards)
            {
                var isRipe = false;
                foreach (var (item, row) in rows)
                {
                    if (row.IsHeld && row.Until <= now) (rows[item], isRipe) = (row with { IsHeld = false }, true);
                    else if (!row.IsHeld && row.Until + Remembered <= now) rows.Remove(item);
                }
                if (isRipe) ripe.Add(shard);
                if (rows.Count == 0) shards.Remove(shard);
            }
            Arm(now);
        }
        foreach (var shard in ripe) due(shard);
    }

    private void Arm(DateTimeOffset now)
    {
        var next = DateTimeOffset.MaxValue;
        foreach (var row in shards.Values.SelectMany(rows => rows.Values))
            if ((row.IsHeld ? row.Until : row.Until + Remembered) is var at && at < next) next = at;
        var pause = next == DateTimeOffset.MaxValue ? Timeout.InfiniteTimeSpan : next - now is var left && left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1);
        timer.Change(pause, Timeout.InfiniteTimeSpan);
    }

    // Rows that were turned away within one second are tried together.
    private static DateTimeOffset WholeSecond(DateTimeOffset at) => new((at.UtcTicks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);

    private static int Held(Dictionary<ItemKey, Row> rows) => rows.Values.Count(row => row.IsHeld);

    private sealed record Row(long Revision, int Tries, DateTimeOffset Until, bool IsHeld);
}
