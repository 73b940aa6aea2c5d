using Edna.Changes;

namespace Edna.Webhooks;

/// <summary>
/// Where a webhook stands in the change feed, and its deliveries, as they are stored. Every change up to <see cref="Cursor"/> is settled, waits
/// here, was not asked for, or was kept no more, which a delivery of its own tells. Immutable: each function answers the queue after it. Never rename a member.
/// </summary>
public sealed record WebhookQueue
{
    /// <summary>The last change that was taken.</summary>
    public string Cursor { get; init; } = "";

    /// <summary>Deliveries made so far: the number of the next.</summary>
    public long Made { get; init; }

    /// <summary>What is not settled, in the feed's order.</summary>
    public IReadOnlyList<QueuedDelivery> Waiting { get; init; } = [];

    /// <summary>What is settled, in the order it was.</summary>
    public IReadOnlyList<QueuedDelivery> Settled { get; init; } = [];

    /// <summary>The last changes that were kept no more; null when there were none.</summary>
    public ExpiredChanges? Expired { get; init; }

    /// <summary>How many more may wait.</summary>
    internal int Room => WebhookLimits.Waiting - Waiting.Count;

    /// <summary>Whether another queue has the same deliveries, in the same state.</summary>
    internal bool HasDeliveriesOf(WebhookQueue other) => ReferenceEquals(Waiting, other.Waiting) && ReferenceEquals(Settled, other.Settled);

    /// <summary>Takes changes as deliveries, as many as there is room for; those of other kinds are passed by.</summary>
    /// <param name="webhook">The webhook's id.</param>
    /// <param name="changes">What comes after <see cref="Cursor"/>, in the feed's order.</param>
    /// <param name="kinds">The kinds wanted; null for all.</param>
    internal WebhookQueue Take(string webhook, IReadOnlyList<ItemChange> changes, IReadOnlyList<ChangeKind>? kinds)
    {
        var (cursor, made, waiting) = (Cursor, Made, new List<QueuedDelivery>(Waiting));
        foreach (var change in changes)
        {
            if (WebhookRules.Tells(kinds, change.Kind))
            {
                if (waiting.Count >= WebhookLimits.Waiting) break;
                waiting.Add(new() { Id = WebhookMessage.IdOf(webhook, change.Cursor), Number = made++, Change = QueuedChange.Of(change) });
            }
            cursor = change.Cursor;
        }
        return this with { Cursor = cursor, Made = made, Waiting = waiting.Count == Waiting.Count ? Waiting : waiting };
    }

    /// <summary>Goes on where the feed begins now, and tells so by a delivery, whatever kinds are wanted.</summary>
    /// <param name="webhook">The webhook's id.</param>
    /// <param name="start">Where the feed begins, after <see cref="Cursor"/>.</param>
    /// <param name="now">The time.</param>
    internal WebhookQueue PassExpired(string webhook, string start, DateTimeOffset now)
    {
        var expired = new ExpiredChanges { From = Cursor, To = start, At = now };
        var told = new QueuedDelivery { Id = WebhookMessage.IdOf(webhook, expired), Number = Made, Expired = expired };
        return this with { Cursor = start, Made = Made + 1, Waiting = [.. Waiting, told], Expired = expired };
    }

    /// <summary>
    /// The deliveries to try now: of each item only its earliest, so that its changes arrive in their order. That changes are kept no more
    /// is told after everything before it, and before everything behind it.
    /// </summary>
    /// <param name="underWay">The ids of those that are being tried.</param>
    /// <param name="now">The time.</param>
    internal IReadOnlyList<QueuedDelivery> DueAt(IReadOnlySet<string> underWay, DateTimeOffset now) =>
        [.. Heads().Where(d => !underWay.Contains(d.Id) && !(d.NextAttemptAt > now)).Take(Math.Max(0, WebhookLimits.Together - underWay.Count))];

    /// <summary>When the next delivery is to be tried; null when none is.</summary>
    /// <param name="underWay">The ids of those that are being tried.</param>
    internal DateTimeOffset? NextAttemptAt(IReadOnlySet<string> underWay) =>
        Heads().Where(d => !underWay.Contains(d.Id)).Select(d => (DateTimeOffset?)(d.NextAttemptAt ?? DateTimeOffset.MinValue)).Min();

    /// <summary>The queue after an attempt: delivered, to be tried again, or given up.</summary>
    /// <param name="id">The delivery; one that is not here (any more) changes nothing.</param>
    /// <param name="answer">What came of it.</param>
    /// <param name="schedule">When to try again.</param>
    /// <param name="chance">A random number, 0 to below 1.</param>
    /// <param name="asked">The pause that the address asked for.</param>
    internal WebhookQueue After(string id, WebhookAnswer answer, RetrySchedule schedule, double chance, TimeSpan? asked)
    {
        if (Waiting.FirstOrDefault(d => d.Id == id) is not { } waiting) return Again(id, answer);
        var tried = waiting.Tried(answer);
        if (AnswerMeanings.Of(answer.Status) == AnswerMeaning.Delivered) return Settle(tried with { State = DeliveryState.Delivered });
        var ended = answer.At + TimeSpan.FromMilliseconds(answer.DurationMs);
        if (schedule.Next(tried.Attempts, tried.FirstAttemptAt!.Value, ended, chance, asked) is not { } next) return Settle(tried with { State = DeliveryState.Failed });
        return this with { Waiting = [.. Waiting.Select(d => d.Id == id ? tried with { NextAttemptAt = next } : d)] };
    }

    /// <summary>The queue with one more settled delivery, that of a test.</summary>
    internal WebhookQueue With(QueuedDelivery test) => (this with { Made = Made + 1 }).Settle(test with { Number = Made });

    /// <summary>The queue of a webhook that sends again: what waits is tried at once, and not given up before its time has passed anew.</summary>
    internal WebhookQueue Revived() => this with { Waiting = [.. Waiting.Select(d => d with { FirstAttemptAt = null, NextAttemptAt = null })] };

    /// <summary>A delivery; null when it is not kept.</summary>
    internal QueuedDelivery? Find(string id) => Waiting.FirstOrDefault(d => d.Id == id) ?? Settled.FirstOrDefault(d => d.Id == id);

    /// <summary>Deliveries with a number below another, the newest first.</summary>
    internal IReadOnlyList<QueuedDelivery> Before(long number, int limit) =>
        [.. Waiting.Concat(Settled).Where(d => d.Number < number).OrderByDescending(d => d.Number).Take(limit)];

    private IEnumerable<QueuedDelivery> Heads()
    {
        var items = new HashSet<string>(StringComparer.Ordinal);
        foreach (var delivery in Waiting)
        {
            if (delivery.Change is not { } change)
            {
                if (items.Count == 0) yield return delivery;
                yield break;
            }
            if (items.Add(change.Item)) yield return delivery;
        }
    }

    private WebhookQueue Settle(QueuedDelivery delivery) => this with
    {
        Waiting = [.. Waiting.Where(d => d.Id != delivery.Id)],
        Settled = [.. Settled.Skip(Math.Max(0, Settled.Count + 1 - WebhookLimits.Kept)), delivery with { NextAttemptAt = null }],
    };

    /// <summary>A settled delivery was tried again: what was delivered stays so.</summary>
    private WebhookQueue Again(string id, WebhookAnswer answer)
    {
        var delivered = AnswerMeanings.Of(answer.Status) == AnswerMeaning.Delivered;
        return this with { Settled = [.. Settled.Select(d => d.Id != id ? d : d.Tried(answer) with { State = delivered ? DeliveryState.Delivered : d.State })] };
    }
}
