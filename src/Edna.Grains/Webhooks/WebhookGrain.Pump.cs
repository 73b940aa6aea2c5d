using Edna.Results;
using Microsoft.Extensions.Logging;

namespace Edna.Webhooks;

/// <summary>
/// This part: the deliveries. A timer runs beside the grain's calls: it takes changes from the feed as far as there is room, tries what is
/// due, a few at once, and stores what came of it, at the latest when nothing is under way. What was not stored before a crash is sent again.
/// </summary>
public sealed partial class WebhookGrain
{
    private const int Page = 200;
    private static readonly TimeSpan KeepInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterOutage = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(50);

    private readonly HashSet<string> underWay = new(StringComparer.Ordinal);
    private WebhookQueue held = new();
    private TaskCompletionSource noticed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IGrainTimer? pump;
    private bool pumping;
    private bool behind = true;

    private WebhookQueue Queue
    {
        get => held;
        set
        {
            WebhookMeter.Wait(value.Waiting.Count - held.Waiting.Count);
            held = value;
        }
    }

    /// <inheritdoc />
    public Task NoticeAsync()
    {
        behind = true;
        if (pumping) noticed.TrySetResult();
        else if (IsSending) Wake(TimeSpan.Zero);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            if (reason.ReasonCode is DeactivationReasonCode.ShuttingDown or DeactivationReasonCode.ActivationIdle) await KeepAsync(always: true);
        }
        finally
        {
            // Counted by whoever wakes it next.
            WebhookMeter.Wait(-held.Waiting.Count);
        }
    }

    private void Wake(TimeSpan after)
    {
        if (pump is null) pump = this.RegisterGrainTimer(PumpAsync, new() { DueTime = after, Period = Timeout.InfiniteTimeSpan, Interleave = true, KeepAlive = true });
        else pump.Change(after, Timeout.InfiniteTimeSpan);
    }

    private void StopPumping()
    {
        pump?.Dispose();
        pump = null;
    }

    private void Revive()
    {
        (Queue, behind) = (Queue.Revived(), true);
        if (pumping) noticed.TrySetResult();
        else Wake(TimeSpan.Zero);
    }

    private async Task PumpAsync(CancellationToken ct)
    {
        if (pumping) return;
        pumping = true;
        var after = Timeout.InfiniteTimeSpan;
        try
        {
            await DeliverAsync(ct);
            after = UntilNext();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The webhook is removed, or its silo stops: what was cut off is sent again by whoever comes after.
            return;
        }
        catch (Exception e) when (Unavailable.Of(e) is not null && !ct.IsCancellationRequested)
        {
            LogPutOff(log, dataset, id, e);
            after = AfterOutage;
        }
        finally
        {
            pumping = false;
        }
        if (IsSending && after != Timeout.InfiniteTimeSpan && !ct.IsCancellationRequested) Wake(after);
    }

    private async Task DeliverAsync(CancellationToken ct)
    {
        var sends = new List<Task>();
        try
        {
            while (IsSending && !ct.IsCancellationRequested)
            {
                noticed = new(TaskCreationOptions.RunContinuationsAsynchronously);
                await FillAsync(ct);
                foreach (var due in Queue.DueAt(underWay, time.GetUtcNow())) sends.Add(TryAsync(due, ct));
                if (sends.Count == 0)
                {
                    await KeepAsync();
                    if (noticed.Task.IsCompleted || Queue.DueAt(underWay, time.GetUtcNow()).Count > 0 || (behind && Queue.Room > 0)) continue;
                    return;
                }
                await RestAsync(sends, ct);
                sends.RemoveAll(s => s.IsCompletedSuccessfully);
                if (time.GetElapsedTime(keptAt) >= KeepInterval) await KeepAsync();
                // A send ends otherwise when it is cancelled, and then so is this.
                if (sends.Find(s => s.IsCompleted) is { } ended) await ended;
            }
        }
        finally
        {
            await Task.WhenAll(sends).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
        await KeepAsync();
    }

    /// <summary>Waits for what there may be something to do after: an attempt that ends, a notice, or, while a hand is free, the next that is due.</summary>
    private async Task RestAsync(List<Task> sends, CancellationToken ct)
    {
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var due = Task.Delay(underWay.Count < WebhookLimits.Together ? UntilNext() : Timeout.InfiniteTimeSpan, time, rest.Token);
        await Task.WhenAny([.. sends, noticed.Task, due]);
        await rest.CancelAsync();
    }

    /// <summary>Takes changes from the feed while there are more and something may wait.</summary>
    private async Task FillAsync(CancellationToken ct)
    {
        while (behind && Queue.Room > 0)
        {
            behind = false;
            var page = await table.ReadChangesAsync(dataset, Queue.Cursor, Page, ct);
            if (page is null)
            {
                await PassExpiredAsync(ct);
                continue;
            }
            Queue = Queue.Take(id, page.Changes, state.State.Kinds);
            // A notice that came meanwhile has set it too.
            behind |= page.Changes.Count == Page || (page.Changes.Count > 0 && Queue.Cursor != page.Changes[^1].Cursor);
        }
    }

    /// <summary>Goes on where the feed begins, and has the address told.</summary>
    private async Task PassExpiredAsync(CancellationToken ct)
    {
        var start = await table.StartOfChangesAsync(dataset, ct);
        (Queue, behind) = (Queue.PassExpired(id, start, time.GetUtcNow()), true);
        LogExpired(log, id, dataset);
        // Stored before it is sent: made anew after a crash, it would be another message.
        await KeepAsync(always: true);
    }

    private async Task TryAsync(QueuedDelivery delivery, CancellationToken ct)
    {
        underWay.Add(delivery.Id);
        try
        {
            await AttemptAsync(delivery.Id, BodyOf(delivery), ct);
        }
        finally
        {
            underWay.Remove(delivery.Id);
        }
    }

    /// <summary>Tries a delivery and notes what came of it.</summary>
    private async Task<WebhookAnswer> AttemptAsync(string delivery, byte[] body, CancellationToken ct)
    {
        var url = state.State.Url;
        var (answer, asked) = await sender.SendAsync(url, delivery, body, state.State.SigningAt(time.GetUtcNow()).Select(s => s.Value), ct);
        WebhookMeter.Count(answer);
        Queue = Queue.After(delivery, answer, options.Value.Schedule, Random.Shared.NextDouble(), asked);
        // One that was moved meanwhile is not gone because its former address is.
        if (AnswerMeanings.Of(answer.Status) == AnswerMeaning.Gone && state.State.Url == url) await DisableAsync(answer.At);
        return answer;
    }

    private async Task DisableAsync(DateTimeOffset since)
    {
        if (!IsSending) return;
        LogGone(log, id, dataset);
        await ChangeAsync(now => now.Enabled ? now with { Enabled = false, GoneSince = since } : now);
    }

    /// <summary>How long until the next delivery is due. What is due later than this activation may live, the reminder brings back.</summary>
    private TimeSpan UntilNext()
    {
        if (Queue.NextAttemptAt(underWay) is not { } next) return Timeout.InfiniteTimeSpan;
        var after = next - time.GetUtcNow();
        return after < LeastPause ? LeastPause : after < options.Value.LookInterval ? after : options.Value.LookInterval;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deliveries of {Dataset} to webhook {Webhook} wait: the table does not answer. Nothing is lost")]
    private static partial void LogPutOff(ILogger log, Keys.DatasetKey dataset, string webhook, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Webhook} of {Dataset} was so far behind that changes were kept no more; it is told so")]
    private static partial void LogExpired(ILogger log, string webhook, Keys.DatasetKey dataset);

    [LoggerMessage(Level = LogLevel.Information, Message = "Webhook {Webhook} of {Dataset} answered 410; nothing more is sent to it until it is enabled again")]
    private static partial void LogGone(ILogger log, string webhook, Keys.DatasetKey dataset);
}
