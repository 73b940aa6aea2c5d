using System.Diagnostics.CodeAnalysis;
using Edna.Items;
using Edna.Keys;
using Edna.Results;

namespace Edna.Storage.Dynamo;

/// <summary>
/// The one writer of a dataset's rows in this process. A transaction gives the dataset's next numbers, so two at a time would only be in
/// each other's way: what comes while one is under way waits, and goes together in the next. Other processes have writers of their own; the
/// head's condition keeps them in order.
/// </summary>
internal sealed class DatasetWriter(DatasetKey dataset, ItemTableCalls calls)
{
    /// <summary>Rows that may wait: more than go in ten seconds would only wait in vain.</summary>
    public const int MostWaiting = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<PendingRow> _waiting = new();
    private bool _running;

    /// <summary>The head after the last transaction of ours; null when we cannot tell.</summary>
    private FeedHead? _head;

    /// <summary>Somebody else has written since our last transaction: the head is read before the next one, which costs less than one in vain.</summary>
    private bool _shared;

    /// <summary>Queues rows; for each, whether it was written. What is written is durable when the task ends.</summary>
    /// <param name="writes">Rows of the dataset, at least one.</param>
    /// <exception cref="UnavailableException">Too many wait already, or the table does not answer.</exception>
    /// <exception cref="ArgumentException">A body is larger than the table takes.</exception>
    public Task<IReadOnlyList<bool>> WriteAsync(IReadOnlyList<ItemWrite> writes)
    {
        var (batch, now) = (new PendingBatch(writes.Count), calls.Time.GetTimestamp());
        var rows = writes.Select((write, index) => new PendingRow(write, Pack(write.Row), batch, index, now)).ToArray();
        lock (_gate)
        {
            if (_waiting.Count > 0 && _waiting.Count + rows.Length > MostWaiting) throw DynamoFault.Unavailable(new InvalidOperationException($"{_waiting.Count} writes of the dataset {dataset} are waiting."));
            foreach (var row in rows) _waiting.Enqueue(row);
            if (_running) return batch.Task;
            _running = true;
        }
        _ = Task.Run(RunAsync);
        return batch.Task;
    }

    private static byte[] Pack(ItemRow row)
    {
        var packed = PackedBytes.Pack(row.Body);
        return packed.Length <= ItemAttributes.MostPacked
            ? packed
            : throw new ArgumentException($"The body of {row.Key} has {packed.Length} bytes packed; the table takes {ItemAttributes.MostPacked}.", nameof(row));
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong is told to those who wait.")]
    private async Task RunAsync()
    {
        while (Take() is { Count: > 0 } group)
        {
            try
            {
                await CommitAsync(group);
            }
            catch (Exception fault)
            {
                // Whether it was done is not known: the head tells.
                _head = null;
                foreach (var row in group) row.Fail(fault);
            }
        }
    }

    /// <summary>What goes into the next transaction, in the order it came; empty when the writer may rest.</summary>
    private List<PendingRow> Take()
    {
        var (group, late) = (new List<PendingRow>(), new List<PendingRow>());
        lock (_gate)
        {
            var (bytes, changeBytes, items) = (0, 0, new HashSet<string>(StringComparer.Ordinal));
            while (group.Count < calls.TransactionActions - ItemCommit.Overhead && _waiting.TryPeek(out var next))
            {
                if (calls.Time.GetElapsedTime(next.Since) > calls.Patience)
                {
                    late.Add(_waiting.Dequeue());
                    continue;
                }
                (bytes, changeBytes) = (bytes + next.Bytes, changeBytes + next.ChangeBytes);
                if (group.Count > 0 && (bytes > ItemCommit.MostBytes || changeBytes > ItemCommit.MostChangeBytes)) break;
                if (!items.Add(next.Write.Row.Key.ItemId)) break;
                group.Add(_waiting.Dequeue());
            }
            _running = group.Count > 0;
        }
        foreach (var row in late) row.Fail(DynamoFault.Unavailable(new TimeoutException("The write waited too long for those before it.")));
        return group;
    }

    /// <summary>Writes rows, again and again as long as there is hope. Those that are settled leave the group.</summary>
    private async Task CommitAsync(List<PendingRow> group)
    {
        var began = calls.Time.GetTimestamp();
        for (var round = 0; group.Count > 0; round++)
        {
            var head = await HeadAsync();
            var token = Guid.NewGuid().ToString("n");
            var (outcome, code, why) = await TryCommitAsync(head, group, token);
            // An answer that was lost, and a repetition so late that its token was forgotten: the segment tells whose it is.
            if (outcome == CommitOutcome.HeadMoved && await IsOursAsync(head.Last + group.Count, token)) outcome = CommitOutcome.Done;
            switch (outcome)
            {
                case CommitOutcome.Done:
                    _head = head.Advanced(group.Count);
                    foreach (var row in group) row.Written();
                    group.Clear();
                    break;
                case CommitOutcome.RowRefused:
                    // None is found that would be refused: it was for a moment.
                    if (!await DropRefusedAsync(group)) await calls.PauseAsync(round, began, why, CancellationToken.None);
                    break;
                case CommitOutcome.Refused when group.Count == 1:
                    throw DynamoFault.Refused(code, why!);
                case CommitOutcome.Refused:
                    await EachAloneAsync(group);
                    break;
                default:
                    _shared |= outcome == CommitOutcome.HeadMoved;
                    await calls.PauseAsync(round, began, why, CancellationToken.None);
                    break;
            }
        }
    }

    private async Task<(CommitOutcome Outcome, string Code, Exception? Why)> TryCommitAsync(FeedHead head, List<PendingRow> group, string token)
    {
        try
        {
            var cancelled = await calls.TransactAsync(ItemCommit.Actions(calls.Keys, dataset, head, group, token), token, CancellationToken.None);
            if (cancelled is null) return (CommitOutcome.Done, "", null);
            var (outcome, code) = ItemCommit.Meaning([.. (cancelled.CancellationReasons ?? []).Select(reason => reason.Code)]);
            return (outcome, code, cancelled);
        }
        catch (UnavailableException e) when (e.Refusal == DynamoFault.Invalid)
        {
            return (CommitOutcome.Refused, e.Refusal, e);
        }
    }

    private async Task<FeedHead> HeadAsync()
    {
        if (!_shared && _head is not null) return _head;
        var found = await FeedHead.FindAsync(calls, dataset, CancellationToken.None) ?? FeedHead.Begin(calls.Time.GetUtcNow());
        _shared = _head is not null && found.Last != _head.Last;
        return _head = found;
    }

    private async Task<bool> IsOursAsync(long last, string token) =>
        await calls.GetAsync(calls.Keys.Segment(dataset, last), CancellationToken.None, FeedSegment.Token) is { } segment
        && new StoredAttributes(segment).Text(FeedSegment.Token) == token;

    /// <summary>Settles the rows that are not at the revision that was expected; whether there were any.</summary>
    private async Task<bool> DropRefusedAsync(List<PendingRow> group)
    {
        var revisions = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var item in await calls.GetManyAsync(group.Select(row => calls.Keys.Row(row.Write.Row.Key)), CancellationToken.None, "pk, sk, r"))
        {
            var stored = new StoredAttributes(item);
            revisions[stored.Text(DynamoItemSchema.SortKey)] = stored.Number(ItemAttributes.Revision);
        }
        var refused = group.Where(row => revisions.GetValueOrDefault(row.Write.Row.Key.ItemId) != row.Write.ExpectedRevision).ToArray();
        foreach (var row in refused)
        {
            group.Remove(row);
            row.Refused();
        }
        return refused.Length > 0;
    }

    /// <summary>One of them is at fault: each goes alone, and only that one fails.</summary>
    private async Task EachAloneAsync(List<PendingRow> group)
    {
        foreach (var row in group.ToArray())
        {
            group.Remove(row);
            try
            {
                await CommitAsync([row]);
            }
            catch (Exception fault)
            {
                _head = null;
                row.Fail(fault);
            }
        }
    }
}
