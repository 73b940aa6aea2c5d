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

    /// <summary>How long steps follow each other without a pause, so that reminders and calls come in between.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    private IGrainTimer? timer;
    private IJobWork? work;
    private TaskCompletionSource? cancelling;
    private int failures;

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
                if (cancelling is not null)
                {
                    await EndAsync(state.State.Clone(), JobStatus.Cancelled);
                    return;
                }
                var next = state.State.Clone();
                work ??= works.Open(id, Dataset, next.Kind);
                var step = await work.StepAsync(next, ct);
                (next.Faults, failures) = (0, 0);
                if (step.Problem is { } problem) next.Note(null, problem);
                if (step.Next == JobProceeds.NoMore) await EndAsync(next, step.Problem is null ? JobStatus.Succeeded : JobStatus.Failed);
                else await KeepAsync(next);
                if (step.Next == JobProceeds.Later) return;
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
            if (Refusal(fault) is { } refusal) next.Note(null, JobErrors.StoreRefuses(refusal));
            else if (outage is null && ++next.Faults >= MostFaults) next.Note(null, JobErrors.Faulty(id));
            if (cancelling is not null) await EndAsync(next, JobStatus.Cancelled);
            else if (next.ErrorCount > state.State.ErrorCount)
            {
                LogGivenUp(log, id, fault);
                await EndAsync(next, JobStatus.Failed);
            }
            else
            {
                if (outage is null) await KeepAsync(next);
                var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, failures++)));
                LogStepFailed(log, id, pause.TotalSeconds, fault);
                GoOn(pause);
            }
        }
        catch (Exception e)
        {
            // What is held may not be what is stored: the reminder takes the job up from there.
            LogDropped(log, id, e);
            DeactivateOnIdle();
        }
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
