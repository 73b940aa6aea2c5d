using Edna.Items;
using Edna.Keys;

namespace Edna.Search;

/// <summary>Which part of a reindex comes next. The numbers are stored.</summary>
internal enum ReindexPhase
{
    /// <summary>The new index is made and noted, so that every push goes there too.</summary>
    Announce = 0,

    /// <summary>What is there already is pushed.</summary>
    Fill = 1,

    /// <summary>The new index is counted against the table.</summary>
    Count = 2,

    /// <summary>Items taken at random are compared.</summary>
    Sample = 3,

    /// <summary>It takes the place of the old one. From here on there is no way back.</summary>
    Switch = 4,

    /// <summary>The old one goes.</summary>
    Retire = 5,
}

/// <summary>What is to be done next.</summary>
internal enum ReindexMove
{
    /// <summary>Nothing yet: the indexer is about to note which index it fills.</summary>
    Wait,

    /// <summary>Make the new index and note it.</summary>
    Announce,

    /// <summary>An earlier reindex was given up and left its index behind: that one is noted no more, and dropped.</summary>
    DropOther,

    /// <summary>An earlier reindex was given up after its index had come into use: that is noted.</summary>
    KeepOther,

    /// <summary>Go on with what the phase does.</summary>
    GoOn,

    /// <summary>Put the new index in the place of the old one, and note it.</summary>
    Switch,

    /// <summary>Remove the old index.</summary>
    Retire,

    /// <summary>Note the old index alone, and drop the new one.</summary>
    Back,

    /// <summary>Drop the new index.</summary>
    Drop,

    /// <summary>The index in use is not the one that this began with: give up.</summary>
    Lost,
}

/// <summary>A move, and what the table notes by it.</summary>
/// <param name="Move">What to do.</param>
/// <param name="Note">What is noted from then on; null where the note stays.</param>
/// <param name="Other">The other reindex's index.</param>
internal readonly record struct ReindexTurn(ReindexMove Move, string? Note = null, string? Other = null);

/// <summary>
/// What a reindex does, told from what the table notes and which index is in use, and nothing else: so it is the same after a crash as
/// without one.
/// </summary>
internal static class ReindexDecisions
{
    /// <summary>How to begin.</summary>
    /// <param name="noted">What the table notes; null when nothing.</param>
    /// <param name="serving">The generation in use.</param>
    /// <param name="mine">The generation to be made.</param>
    public static ReindexTurn Open(string? noted, string serving, string mine)
    {
        if (noted is null) return new(ReindexMove.Wait);
        var targets = IndexTargets.Read(noted);
        if (targets.Next == mine) return new(ReindexMove.GoOn);
        if (targets.Next is { } other && serving == other) return new(ReindexMove.KeepOther, other, other);
        if (serving != targets.Serving) return new(ReindexMove.Wait);
        return targets.Next is { } left
            ? new(ReindexMove.DropOther, targets.Serving, left)
            : new(ReindexMove.Announce, new IndexTargets(serving, mine).ToString());
    }

    /// <summary>Whether it may go on: every push goes to the new index only as long as that is noted.</summary>
    public static ReindexTurn GoOn(string? noted, string before, string mine) =>
        new(noted == new IndexTargets(before, mine).ToString() ? ReindexMove.GoOn : ReindexMove.Lost);

    /// <summary>How to let the new index take over.</summary>
    public static ReindexTurn Switch(string? noted, string before, string mine) =>
        noted == mine ? new(ReindexMove.Retire)
        : GoOn(noted, before, mine).Move == ReindexMove.GoOn ? new(ReindexMove.Switch, mine)
        : new(ReindexMove.Lost);

    /// <summary>How to give up. An index that is in use by then stays, whatever happened: everybody searches it, and it is complete.</summary>
    /// <param name="noted">What the table notes.</param>
    /// <param name="serving">The generation in use; null where it cannot be the new one.</param>
    /// <param name="before">The generation that was in use in the beginning.</param>
    /// <param name="mine">The generation that was made.</param>
    public static ReindexTurn Abandon(string? noted, string? serving, string before, string mine)
    {
        if (noted == mine) return new(ReindexMove.Retire);
        if (GoOn(noted, before, mine).Move != ReindexMove.GoOn) return new(serving == mine ? ReindexMove.Lost : ReindexMove.Drop);
        return serving == mine ? new(ReindexMove.Retire, mine) : new(ReindexMove.Back, before);
    }

    /// <summary>
    /// What is pushed of the page in hand: what is noted of it and nothing else, for of that alone it is known after a crash that the index may
    /// have it. A row that is another one by now is for <see cref="Left"/> to judge.
    /// </summary>
    /// <param name="inHand">What is noted.</param>
    /// <param name="rows">The rows as documents, in that order; null where there is none.</param>
    public static IReadOnlyList<SearchDocument> Due(IReadOnlyList<ItemInHand> inHand, IReadOnlyList<SearchDocument?> rows)
    {
        var due = new List<SearchDocument>(inHand.Count);
        for (var i = 0; i < inHand.Count; i++)
        {
            if (inHand[i].Removes) due.Add(Removal(inHand[i]));
            else if (rows[i] is { Status: not ItemStatus.Purged } row && ItemInHand.Of(row) == inHand[i]) due.Add(row);
        }
        return due;
    }

    /// <summary>
    /// What must be noted and pushed once more, told from the rows as they are after a push. A row may have gone while its document was on its
    /// way: then it must not stay. Who writes it meanwhile pushes it as well, so a newer row is no matter, but for one that began anew,
    /// whose revisions are lower than the document's. A document that the index does not take yet stays in hand: its row may be clean, for the
    /// removal that the index remembers may be the reindex's own, of what the writer had pushed.
    /// </summary>
    /// <param name="inHand">What the index may have now, by this push or one before it that was cut off.</param>
    /// <param name="rows">The rows as documents, in that order; null where there is none.</param>
    /// <param name="notYet">The items that it does not take yet, for it remembers their removal.</param>
    public static IReadOnlyList<ItemInHand> Left(IReadOnlyList<ItemInHand> inHand, IReadOnlyList<SearchDocument?> rows, IReadOnlySet<ItemKey> notYet)
    {
        var left = new List<ItemInHand>();
        for (var i = 0; i < inHand.Count; i++)
        {
            var (item, row) = (inHand[i], rows[i]);
            var isThere = row is { Status: not ItemStatus.Purged };
            if (item.Removes)
            {
                if (isThere) left.Add(ItemInHand.Of(row!));
                continue;
            }
            if (isThere && ItemInHand.Of(row!) == item)
            {
                if (notYet.Contains(item.Key)) left.Add(item);
                continue;
            }
            if (isThere && row!.Revision > item.Revision) continue;
            left.Add(new(item.Key, Math.Max(item.Revision + 1, isThere ? 0 : row?.Revision ?? 0), null));
        }
        return left;
    }

    /// <summary>Whether all that is left can only be waited for: it is to be pushed once more as it is, when the index has forgotten the removal.</summary>
    /// <param name="inHand">What was in hand.</param>
    /// <param name="left">What is left of it.</param>
    /// <param name="notYet">The items that the index does not take yet.</param>
    public static bool IsWaitedFor(IReadOnlyList<ItemInHand> inHand, IReadOnlyList<ItemInHand> left, IReadOnlySet<ItemKey> notYet) =>
        left.All(item => notYet.Contains(item.Key) && inHand.Contains(item));

    private static SearchDocument Removal(ItemInHand item) => new()
    {
        Key = item.Key, Revision = item.Revision, Status = ItemStatus.Purged, Path = "", Size = 0, ContentType = "", UpdatedAt = default,
        Tags = new Dictionary<string, string>(), LabelClasses = [], Metadata = [],
    };

    /// <summary>
    /// Whether a dataset is complete as far as counting tells. Rows and documents are not counted at one moment, so each row that was waiting for the
    /// index, or was written meanwhile, may be in one count and not in the other.
    /// </summary>
    /// <param name="rows">Rows that are not purged.</param>
    /// <param name="documents">Documents.</param>
    /// <param name="unsettled">Rows that waited, were written meanwhile, or were refused, at most.</param>
    public static bool Agrees(long rows, long documents, long unsettled) => Math.Abs(rows - documents) <= unsettled;
}
