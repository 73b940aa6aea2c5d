using Edna.Events;
using Edna.Objects;

namespace Edna.Items;

/// <summary>Which of an item's objects an event is about.</summary>
public enum EventPlace
{
    /// <summary>None: a content that another one has replaced, or an object that is not its.</summary>
    None,

    /// <summary>The bytes of the open upload.</summary>
    Upload,

    /// <summary>The confirmed content.</summary>
    Content,

    /// <summary>The bytes of an attempt after the content that came to nothing.</summary>
    Late,
}

/// <summary>What an event asks to be done.</summary>
public enum EventMeaning
{
    /// <summary>Nothing: it tells nothing new.</summary>
    Nothing,

    /// <summary>To settle the open upload by the event's own word.</summary>
    Confirm,

    /// <summary>To settle the open upload by asking the store.</summary>
    AskForUpload,

    /// <summary>To note that the object of the open upload was removed: an older event of its creation may still come.</summary>
    Doubt,

    /// <summary>To ask the store for the content.</summary>
    AskForContent,

    /// <summary>To ask the store for the content and its tags.</summary>
    AskForTags,

    /// <summary>To remove bytes that nobody waits for any more and no sweep will look for.</summary>
    RemoveLate,
}

/// <summary>What an event means to an item: functions of state and event, without effects. Doubled, late and shuffled events are normal.</summary>
public static class EventDecisions
{
    /// <summary>Who changes made by events stand under.</summary>
    public const string By = "store";

    /// <summary>Decides what an event asks to be done.</summary>
    /// <param name="state">The item.</param>
    /// <param name="place">Which of its objects the event is about.</param>
    /// <param name="evidence">The event.</param>
    /// <param name="enforced">Checksum algorithms that the store enforces on a signed PUT.</param>
    public static EventMeaning Read(ItemState state, EventPlace place, ObjectEvent evidence, IReadOnlySet<string> enforced) => (place, evidence.Kind) switch
    {
        (EventPlace.Upload, ObjectEventKind.Created) => WordIsEnough(state.Upload!, evidence, enforced) ? EventMeaning.Confirm : EventMeaning.AskForUpload,
        (EventPlace.Upload, ObjectEventKind.Removed) => state.Upload!.Doubted ? EventMeaning.Nothing : EventMeaning.Doubt,
        (EventPlace.Content, ObjectEventKind.Tagged) => EventMeaning.AskForTags,
        (EventPlace.Content, _) when Sequencers.IsPast(evidence.Sequencer, state.Sequencer) => EventMeaning.Nothing,
        (EventPlace.Content, ObjectEventKind.Created) => state.IsWhole && IsWordOf(state, evidence) ? EventMeaning.Nothing : EventMeaning.AskForContent,
        (EventPlace.Content, ObjectEventKind.Removed) => EventMeaning.AskForContent,
        // While a URL works the sweeper is to look. Of an item that was rebuilt it is not known what was signed: its bytes stay.
        (EventPlace.Late, ObjectEventKind.Created) when state is { LateUntil: null, SignedUntil: not null } => EventMeaning.RemoveLate,
        _ => EventMeaning.Nothing,
    };

    /// <summary>The object of the open upload as the event tells of it. Its type was signed into the PUT, so the store took no other.</summary>
    /// <param name="upload">The open upload.</param>
    /// <param name="evidence">An event with size and entity tag.</param>
    public static StoredObject ObjectOf(OpenUpload upload, ObjectEvent evidence) => new()
    {
        Size = evidence.Size!.Value, ETag = evidence.ETag!, ContentType = upload.ContentType, LastModified = evidence.At ?? default,
    };

    /// <summary>The item whose open upload no event's word confirms any more.</summary>
    /// <param name="state">The item; it has an open upload.</param>
    /// <param name="now">The time, UTC.</param>
    public static ItemState Doubt(ItemState state, DateTimeOffset now) =>
        state with { Revision = state.Revision + 1, Upload = state.Upload! with { Doubted = true }, UpdatedAt = now };

    /// <summary>The item with the newer of the sequencers of state and event; events of tags order nothing.</summary>
    /// <param name="state">The item.</param>
    /// <param name="evidence">An event of its content.</param>
    public static ItemState Note(ItemState state, ObjectEvent evidence) =>
        evidence.Sequencer is null || evidence.Kind == ObjectEventKind.Tagged || Sequencers.IsPast(evidence.Sequencer, state.Sequencer) ? state : state with { Sequencer = evidence.Sequencer };

    /// <summary>
    /// Whether the event's word settles the upload well. What it would fail is looked at first: failing removes the object. Parts were
    /// not signed for a type.
    /// </summary>
    private static bool WordIsEnough(OpenUpload upload, ObjectEvent evidence, IReadOnlySet<string> enforced) =>
        upload is { UploadId: null, Doubted: false } && evidence.ETag is not null && evidence.Size == upload.Size
        && Checksums.Compare(upload.Checksum, ObjectOf(upload, evidence), enforced) is ChecksumVerdict.NotDeclared or ChecksumVerdict.Match;

    private static bool IsWordOf(ItemState state, ObjectEvent evidence) =>
        string.Equals(evidence.ETag, state.ETag, StringComparison.OrdinalIgnoreCase) && (evidence.Size ?? state.Size) == state.Size;
}
