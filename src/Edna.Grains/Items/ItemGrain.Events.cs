using Edna.Changes;
using Edna.Events;
using Edna.Objects;

namespace Edna.Items;

public sealed partial class ItemGrain
{
    /// <inheritdoc />
    public async Task<EventOutcome> ConfirmAsync(ObjectEvent evidence)
    {
        if (!(await OpenAsync()).TryGet(out var at, out _))
        {
            // Events tell of any object: what is nobody's must not stay in memory.
            DeactivateOnIdle();
            return EventOutcome.Ignored;
        }
        switch (EventDecisions.Read(at.State, PlaceOf(at, evidence), evidence, store.Capabilities.EnforcedChecksums))
        {
            case EventMeaning.Confirm:
                return await SettleAsync(at, evidence, EventDecisions.ObjectOf(at.State.Upload!, evidence), ChecksumVerdict.Match);
            case EventMeaning.AskForUpload:
                if (await LookAsync(at, at.State.Upload!, EventPatience) is not { } look) return EventOutcome.Verifying;
                return look.Found is { } found ? await SettleAsync(at, evidence, found, look.Checksum) : EventOutcome.Unchanged;
            case EventMeaning.Doubt:
                await WriteAsync(EventDecisions.Doubt(at.State, time.GetUtcNow()), ChangeKind.UploadOpened, EventDecisions.By);
                return EventOutcome.Unchanged;
            case EventMeaning.AskForContent:
                return await LookAsync(at, evidence, withTags: false);
            case EventMeaning.AskForTags:
                return await LookAsync(at, evidence, withTags: true);
            case EventMeaning.RemoveLate:
                await RemoveLateAsync(at);
                return EventOutcome.Unchanged;
            default:
                return EventOutcome.Unchanged;
        }
    }

    private EventPlace PlaceOf(Opened at, ObjectEvent evidence)
    {
        if ((at.Keys.Bucket ?? store.Bucket) != evidence.Bucket) return EventPlace.None;
        if (at.State.Upload is { } upload && at.Keys.Content(key.ItemId, upload.Attempt).Key == evidence.Key) return EventPlace.Upload;
        if (at.State.HasContent && at.Keys.Content(key.ItemId, at.State).Key == evidence.Key) return EventPlace.Content;
        return IsLate(at, evidence.Key) ? EventPlace.Late : EventPlace.None;
    }

    private async Task<EventOutcome> SettleAsync(Opened at, ObjectEvent evidence, StoredObject found, ChecksumVerdict checksum)
    {
        var outcome = UploadDecisions.Confirm(at.State, found, checksum, time.GetUtcNow());
        await ApplyAsync(at, outcome.Problem is null ? outcome.Map(next => next with { Sequencer = evidence.Sequencer }) : outcome, EventDecisions.By);
        return outcome.Next is null ? EventOutcome.Unchanged : outcome.Problem is null ? EventOutcome.Confirmed : EventOutcome.Failed;
    }

    private async Task<EventOutcome> LookAsync(Opened at, ObjectEvent evidence, bool withTags) =>
        await ObserveAsync(at, EventDecisions.Note(at.State, evidence), withTags, EventDecisions.By) is ObjectFinding.Same or ObjectFinding.NoContent
            ? EventOutcome.Unchanged
            : EventOutcome.Changed;
}
