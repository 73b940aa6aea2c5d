using Edna.Keys;
using Edna.Results;
using Microsoft.Extensions.Logging;

namespace Edna.Jobs;

public sealed partial class JobGrain
{
    private const string Reminder = "go-on";

    /// <summary>So often on end may a step fail by a fault that is no outage: what fails that often fails for good.</summary>
    private const int MostFaults = 10;

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>After a step that waits for something else; each pause on end is twice the one before.</summary>
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>How long steps follow each other without a pause, so that reminders and calls come in between.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    private IGrainTimer? timer;
    private IJobWork? work;
    private TaskCompletionSource? cancelling;
    private int failures;
    private TimeSpan wait = FirstWait;

    private DatasetKey Dataset => new(tenant, state.State.Dataset);

    private void GoOn(TimeSpan after)
    {
        if (timer is null) timer = this.RegisterGrainTimer(RunAsync, new() { DueTime = after, Period = Pause, KeepAlive = true });
        else timer.Change(after, Pause);
    }

    /// <summary>Steps, one after the other, each kept before the next.</summary>
    private async Task RunAsync(CancellationToken ct)
    {
        try
        {
            for (var began = time.GetTimestamp(); IsRunning && time.GetElapsedTime(began) < Turn;)
            {
                var next = state.State.Clone();
                if (next.EndsAs is { } status)
                {
                    work ??= works.Open(id, Dataset, next.Kind);
                    await work.AbandonAsync(next, ct);
                    await EndAsync(next, status);
                    return;
                }
                if (cancelling is not null)
                {
                    await GiveUpAsync(next, JobStatus.Cancelled);
                    continue;
                }
                work ??= works.Open(id, Dataset, next.Kind);
                var step = await work.StepAsync(next, ct);
                (next.Faults, failures) = (0, 0);
                if (step.Next == JobProceeds.Later)
                {
                    if (state.State.Faults != 0) await KeepAsync(next);
                    GoOn(cancelling is null ? wait : TimeSpan.Zero);
                    wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
                    return;
                }
                wait = FirstWait;
                if (step.Problem is { } problem) next.Note(null, problem);
                if (step.Problem is not null) await GiveUpAsync(next, JobStatus.Failed);
                else if (step.Next == JobProceeds.NoMore) await EndAsync(next, JobStatus.Succeeded);
                else await KeepAsync(next);
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            await FailAsync(e);
        }
    }

    /// <summary>
    /// After a failed step: a store that refuses for good ends the job, and so does a fault that does not go away. An outage is
    /// waited for as long as it takes; the pauses grow.
    /// </summary>
    private async Task FailAsync(Exception fault)
    {
        await CloseAsync();
        try
        {
            var next = state.State.Clone();
            var outage = Unavailable.Of(fault);
            if (next.EndsAs is null && Refusal(fault) is { } refusal) next.Note(null, JobErrors.StoreRefuses(refusal));
            else if ((outage is null || Refusal(fault) is not null) && ++next.Faults >= MostFaults) next.Note(null, JobErrors.Faulty(id));
            if (next.ErrorCount > state.State.ErrorCount && cancelling is null) LogGivenUp(log, id, fault);
            if (next.EndsAs is { } status)
            {
                // It is tidied up as soon as that can be done; who cancelled it is told that it cannot yet. What cannot be tidied up at all stays.
                cancelling?.TrySetException(new UnavailableException("The job", fault));
                cancelling = null;
                if (next.Faults < MostFaults) await PauseAsync(next, fault);
                else await EndAsync(next, status);
            }
            else if (cancelling is not null || next.ErrorCount > state.State.ErrorCount)
            {
                await GiveUpAsync(next, cancelling is not null ? JobStatus.Cancelled : JobStatus.Failed);
                if (IsRunning) GoOn(TimeSpan.Zero);
            }
            else
            {
                await PauseAsync(next, fault);
            }
        }
        catch (Exception e)
        {
            // What is held may not be what is stored: the reminder takes the job up from there.
            LogDropped(log, id, e);
            DeactivateOnIdle();
        }
    }

    private async Task PauseAsync(JobState next, Exception fault)
    {
        if (next.Faults != state.State.Faults) await KeepAsync(next);
        var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, failures++)));
        LogStepFailed(log, id, pause.TotalSeconds, fault);
        GoOn(pause);
    }

    /// <summary>Ends it before it is done, or, where it has something to tidy away, has that done next.</summary>
    private async Task GiveUpAsync(JobState last, JobStatus status)
    {
        if (!JobWorks.HasToTidy(last.Kind))
        {
            await EndAsync(last, status);
            return;
        }
        (last.EndsAs, last.Faults) = (status, 0);
        await KeepAsync(last);
    }

    private async Task EndAsync(JobState last, JobStatus status)
    {
        (last.Status, last.EndedAt) = (status, time.GetUtcNow());
        if (status == JobStatus.Succeeded) last.Total = last.Done;
        await KeepAsync(last);
        timer?.Dispose();
        timer = null;
        cancelling?.TrySetResult();
        cancelling = null;
        await CloseAsync();
        if (await this.GetReminder(Reminder) is { } reminder) await this.UnregisterReminder(reminder);
    }

    private async ValueTask CloseAsync()
    {
        var open = work;
        work = null;
        if (open is not null) await open.DisposeAsync();
    }

    private static string? Refusal(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
            if (fault is UnavailableException { Refusal: { } refusal }) return refusal;
        return null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A step of job {Job} failed; it is tried again in {Seconds} s")]
    private static partial void LogStepFailed(ILogger log, string job, double seconds, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job} has failed for good")]
    private static partial void LogGivenUp(ILogger log, string job, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} could not note that a step failed; it is taken up again within a minute")]
    private static partial void LogDropped(ILogger log, string job, Exception e);
}
