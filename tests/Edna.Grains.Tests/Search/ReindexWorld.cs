using Edna.Items;
using Edna.Keys;
using Edna.Search;

namespace Edna.Grains.Tests.Search;

/// <summary>
/// A table, a server that remembers removed documents until it forgets them, two silos that index, and a reindex, in steps between which anything may
/// happen. The silos and the reindex do what the real ones do, in their order, and decide by the same functions; each of them may be
/// killed, and a bulk request of the reindex may take some documents and fail.
/// </summary>
internal sealed class ReindexWorld
{
    public const int Items = 6;

    private const string Mine = "new";
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly SortedDictionary<int, SearchDocument> rows = [];
    private readonly Dictionary<int, long> indexed = [];
    private readonly Dictionary<string, Dictionary<int, SearchDocument>> indexes = new() { ["old"] = [] };

    /// <summary>The versions of removals that the server remembers, by index and item.</summary>
    private readonly Dictionary<(string Index, int Item), long> removed = [];
    private readonly IEnumerator<bool>[] silos;
    private IEnumerator<bool>? job;
    private IEnumerator<bool>? operatorAtWork;
    private string? noted = "old";
    private string alias = "old";
    private int stamp;
    private bool isDropped;

    // What is kept of the job.
    private ReindexPhase phase;
    private int cursor = -1;
    private IReadOnlyList<ItemInHand>? inHand;
    private bool givesUp;

    // What it remembers as long as it is not killed.
    private Dictionary<int, SearchDocument>? known;

    /// <summary>Which half of the reindex's next bulk is taken before it fails; null where it does not fail.</summary>
    private int? failing;
    private bool hasFailed;

    public ReindexWorld() => silos = [Silo(0).GetEnumerator(), Silo(1).GetEnumerator()];

    public bool HasEnded { get; private set; }

    /// <summary>Whether the new index came into use.</summary>
    public bool HasSwitched => alias == Mine;

    /// <summary>Does one step of one of them.</summary>
    public void Step(int what, int item)
    {
        switch (what)
        {
            case 0 or 1: silos[what].MoveNext(); break;
            case 2: Write(item); break;
            case 3: Purge(item); break;
            case 4: Kill(); break;
            case 5: givesUp |= !HasEnded && phase < ReindexPhase.Switch && item == 0; break;
            case 6: operatorAtWork ??= item == 0 ? Drop().GetEnumerator() : null; break;
            case 7: if (operatorAtWork?.MoveNext() == false) operatorAtWork = null; break;
            case 9: failing = item % 2; break;
            case 11: removed.Clear(); break;
            case 10: silos[item % 2] = Silo(item % 2).GetEnumerator(); break;
            default: if (!HasEnded && !(job ??= Job().GetEnumerator()).MoveNext()) Kill(); break;
        }
    }

    /// <summary>Lets all of them come to their end.</summary>
    public void Settle()
    {
        for (var i = 0; i < 2_000; i++)
        {
            foreach (var what in (int[])[0, 1, 7, 8]) Step(what, 0);
            if (i % 50 == 0) Step(11, 0);
        }
    }

    /// <summary>What is not as it should be when all have come to their end; null when nothing is.</summary>
    public string? Fault()
    {
        if (!HasEnded) return $"the reindex does not end, at {phase}";
        if (noted != alias) return $"{noted} is noted, and {alias} in use";
        // Where somebody removed the new index once it was in use, the old one is not for the reindex to remove.
        if (indexes.Keys.Except(isDropped ? [alias, "old"] : [alias]).Any()) return $"there are {string.Join(", ", indexes.Keys)}";
        var (wanted, found) = (rows.Values.Where(row => row.Status != ItemStatus.Purged).ToList(), indexes[alias]);
        if (wanted.Count != found.Count) return $"there are {wanted.Count} items and {found.Count} documents";
        foreach (var row in wanted)
            if (!found.TryGetValue(NumberOf(row), out var document) || document != row) return $"{row.Key} is not as it should be";
        return null;
    }

    private static int NumberOf(SearchDocument document) => NumberOf(document.Key);

    private static int NumberOf(ItemKey key) => int.Parse(key.ItemId, null);

    /// <summary>Ends the reindex's process, or only what it remembers after a fault: it goes on from what is kept.</summary>
    private void Kill() => (job, known, hasFailed) = (null, null, false);

    private void Write(int item)
    {
        var revision = rows.TryGetValue(item, out var row) ? row.Revision + 1 : 1;
        rows[item] = new()
        {
            Key = new(new("t", "d"), $"{item}"), Path = $"{item}", Revision = revision, Status = ItemStatus.Available, Size = 1, ContentType = "", UpdatedAt = Noon.AddTicks(++stamp),
            Tags = new Dictionary<string, string>(), LabelClasses = [], Metadata = [],
        };
        indexed.TryAdd(item, 0);
    }

    private void Purge(int item)
    {
        if (!rows.TryGetValue(item, out var row) || row.Status == ItemStatus.Purged) return;
        rows[item] = row with { Status = ItemStatus.Purged, Revision = row.Revision + 1, UpdatedAt = Noon.AddTicks(++stamp) };
    }

    /// <summary>Pushes a document, and adds its item to those that are not taken yet if it is one. False: there is no such index.</summary>
    private bool TryPush(string index, SearchDocument document, HashSet<int> notYet)
    {
        if (!indexes.TryGetValue(index, out var documents)) return false;
        var (item, removes) = (NumberOf(document), document.Status == ItemStatus.Purged);
        if (documents.TryGetValue(item, out var there) && there.Revision >= document.Revision) return true;
        if (removed.TryGetValue((index, item), out var version) && version >= document.Revision)
        {
            if (!removes) notYet.Add(item);
            return true;
        }
        removed.Remove((index, item));
        if (removes)
        {
            documents.Remove(item);
            removed[(index, item)] = document.Revision;
        }
        else
        {
            documents[item] = document;
        }
        return true;
    }

    private bool Note(string before, string now)
    {
        if (noted != before) return false;
        noted = now;
        return true;
    }

    /// <summary>Each row is one silo's: it pushes one batch at a time.</summary>
    private IEnumerable<bool> Silo(int number)
    {
        while (true)
        {
            var known = noted;
            yield return true;
            var dirty = rows.Where(row => row.Key % 2 == number && indexed[row.Key] < row.Value.Revision).Select(row => row.Value).ToList();
            yield return true;
            if (known is null || dirty.Count == 0) continue;
            var (isThrough, notYet) = (true, new HashSet<int>());
            foreach (var document in dirty)
            {
                isThrough &= TryPush(alias, document, notYet);
                yield return true;
            }
            if (IndexTargets.Read(known).Next is { } next)
                foreach (var document in dirty)
                {
                    isThrough &= TryPush(next, document, notYet);
                    yield return true;
                }
            if (!isThrough || known != noted) continue;
            foreach (var document in dirty)
            {
                var item = NumberOf(document);
                if (notYet.Contains(item) || !rows.TryGetValue(item, out var row) || row.Revision < document.Revision) continue;
                if (row.Status == ItemStatus.Purged && row.Revision == document.Revision)
                {
                    rows.Remove(item);
                    indexed.Remove(item);
                }
                else
                {
                    indexed[item] = Math.Max(indexed[item], document.Revision);
                }
            }
        }
    }

    /// <summary>Somebody removes the index in use; an indexer makes another one and has it filled.</summary>
    private IEnumerable<bool> Drop()
    {
        var made = $"made{++stamp}";
        indexes.Remove(alias);
        isDropped = true;
        (alias, indexes[made]) = (made, []);
        yield return true;
        noted = null;
        yield return true;
        foreach (var item in rows.Keys.ToList())
        {
            if (indexed.ContainsKey(item)) indexed[item] = 0;
            yield return true;
        }
        noted = made;
    }

    private IEnumerable<bool> Job()
    {
        while (!HasEnded)
        {
            var part = givesUp ? Abandon() : phase switch { ReindexPhase.Announce => Announce(), ReindexPhase.Fill => Fill(), ReindexPhase.Switch => Switch(), _ => Retire() };
            foreach (var step in part) yield return step;
            if (hasFailed) yield break;
            yield return true;
        }
    }

    private IEnumerable<bool> Announce()
    {
        var (known, serving) = (noted, alias);
        yield return true;
        var turn = ReindexDecisions.Open(known, serving, Mine);
        if (turn.Move == ReindexMove.Announce && serving != "old") givesUp = true;
        else if (turn.Move == ReindexMove.Announce)
        {
            indexes.TryAdd(Mine, []);
            yield return true;
            if (!Note(known!, turn.Note!)) yield break;
            yield return true;
            phase = ReindexPhase.Fill;
        }
        else if (turn.Move == ReindexMove.GoOn) phase = ReindexPhase.Fill;
    }

    private IEnumerable<bool> Fill()
    {
        var isNoted = ReindexDecisions.GoOn(noted, "old", Mine).Move == ReindexMove.GoOn;
        yield return true;
        if (!isNoted)
        {
            givesUp = true;
            yield break;
        }
        if (inHand is { } items)
        {
            var documents = known ?? RowsOf(items);
            known = null;
            yield return true;
            var notYet = new HashSet<int>();
            foreach (var step in Push(ReindexDecisions.Due(items, [.. items.Select(item => documents.GetValueOrDefault(NumberOf(item.Key)))]), notYet)) yield return step;
            if (hasFailed) yield break;
            documents = RowsOf(items);
            yield return true;
            var later = items.Select(item => item.Key).Where(key => notYet.Contains(NumberOf(key))).ToHashSet();
            var left = ReindexDecisions.Left(items, [.. items.Select(item => documents.GetValueOrDefault(NumberOf(item.Key)))], later);
            if (left.Count > 0 && ReindexDecisions.IsWaitedFor(items, left, later)) yield break;
            if (left.Count > 0)
            {
                inHand = left;
                yield break;
            }
        }
        var page = rows.Where(row => row.Key > cursor).Take(2).Select(row => row.Value).ToList();
        yield return true;
        // All of it is kept by one write.
        inHand = null;
        if (page.Count == 0)
        {
            phase = ReindexPhase.Switch;
            yield break;
        }
        cursor = NumberOf(page[^1]);
        known = page.Where(row => row.Status != ItemStatus.Purged).ToDictionary(NumberOf);
        inHand = [.. known.Values.Select(ItemInHand.Of)];
    }

    private Dictionary<int, SearchDocument> RowsOf(IReadOnlyList<ItemInHand> items) =>
        items.Select(item => NumberOf(item.Key)).Where(rows.ContainsKey).ToDictionary(item => item, item => rows[item]);

    private IEnumerable<bool> Push(IReadOnlyList<SearchDocument> documents, HashSet<int> notYet)
    {
        var half = documents.Count == 0 ? null : failing;
        if (half is not null) failing = null;
        foreach (var document in documents)
        {
            if (half is { } taken && NumberOf(document) % 2 != taken) continue;
            if (!TryPush(Mine, document, notYet)) throw new InvalidOperationException("The index that is filled is gone.");
            yield return true;
        }
        hasFailed = half is not null;
    }

    private IEnumerable<bool> Switch()
    {
        var known = noted;
        yield return true;
        var turn = ReindexDecisions.Switch(known, "old", Mine);
        if (turn.Move == ReindexMove.Lost) givesUp = true;
        else if (turn.Move == ReindexMove.Retire) phase = ReindexPhase.Retire;
        else
        {
            // The server's: from the old one only, unless it has happened already.
            if (alias == "old") alias = Mine;
            if (alias != Mine)
            {
                givesUp = true;
                yield break;
            }
            yield return true;
            if (Note(known!, turn.Note!)) phase = ReindexPhase.Retire;
        }
    }

    private IEnumerable<bool> Retire()
    {
        if (alias != "old") indexes.Remove("old");
        HasEnded = true;
        yield return true;
    }

    private IEnumerable<bool> Abandon()
    {
        var serving = phase < ReindexPhase.Switch ? null : alias;
        yield return true;
        var known = noted;
        yield return true;
        var turn = ReindexDecisions.Abandon(known, serving, "old", Mine);
        if (turn.Note is not null && !Note(known!, turn.Note)) yield break;
        yield return true;
        if (turn.Move == ReindexMove.Retire) indexes.Remove("old");
        else if (turn.Move is ReindexMove.Back or ReindexMove.Drop && alias != Mine) indexes.Remove(Mine);
        HasEnded = true;
    }
}
