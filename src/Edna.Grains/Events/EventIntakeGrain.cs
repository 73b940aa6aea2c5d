using Edna.Items;
using Edna.Results;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Edna.Events;

/// <inheritdoc cref="IEventIntakeGrain"/>
[StatelessWorker, Reentrant]
public sealed partial class EventIntakeGrain(EventRouter router, ILogger<EventIntakeGrain> log) : Grain, IEventIntakeGrain
{
    private const int Together = 64;

    /// <inheritdoc />
    public async Task<Result<EventCounts>> TakeAsync(IReadOnlyList<ObjectEvent> events)
    {
        var answers = new Result<EventOutcome>?[events.Count];
        var next = 0;
        async Task WorkAsync()
        {
            while (next < answers.Length)
            {
                var i = next++;
                answers[i] = await ItemCalls.AnswerAsync(() => TakeAsync(events[i]));
            }
        }
        await Task.WhenAll(Enumerable.Range(0, Math.Min(Together, answers.Length)).Select(_ => WorkAsync()));
        return Sum(events, answers);
    }

    private async Task<Result<EventOutcome>> TakeAsync(ObjectEvent evidence)
    {
        if (await router.FindAsync(evidence.Bucket, evidence.Key) is { } item) return await GrainFactory.GetGrain<IItemGrain>(item.ToString()).ConfirmAsync(evidence);
        LogIgnored(log, evidence.Kind, evidence.Bucket, evidence.Key);
        return EventOutcome.Ignored;
    }

    private static Result<EventCounts> Sum(IReadOnlyList<ObjectEvent> events, Result<EventOutcome>?[] answers)
    {
        Problem? refusal = null;
        Problem? verifying = null;
        var counts = new int[5];
        for (var i = 0; i < answers.Length; i++)
        {
            if (!answers[i]!.TryGet(out var outcome, out var problem)) refusal ??= problem;
            else if (outcome == EventOutcome.Verifying) verifying ??= UploadErrors.BeingVerified(events[i].Key);
            else counts[(int)outcome]++;
        }
        for (var i = 0; i < counts.Length; i++)
            EventMeter.Count(Enum.GetName((EventOutcome)i)!, counts[i]);
        if ((refusal ?? verifying) is { } notYet) return notYet;
        return new EventCounts
        {
            Received = answers.Length, Confirmed = counts[(int)EventOutcome.Confirmed], Failed = counts[(int)EventOutcome.Failed],
            Changed = counts[(int)EventOutcome.Changed], Unchanged = counts[(int)EventOutcome.Unchanged], Ignored = counts[(int)EventOutcome.Ignored], Invalid = 0,
        };
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "An event ({Kind}) of {Bucket}/{Key} is not of an item's bytes and was dropped")]
    private static partial void LogIgnored(ILogger log, ObjectEventKind kind, string bucket, string key);
}
