using Edna.Results;

namespace Edna.Events;

/// <summary>Takes object events in, whoever brought them, and hands each to its item. Key: 0; a stateless worker.</summary>
[Alias("edna.IEventIntakeGrain")]
public interface IEventIntakeGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Works events off, side by side. Every one of them may be repeated. Errors: <c>service.unavailable</c>, when any could not be
    /// worked off (the others were), and <c>upload.being_verified</c>, when all that is left of them is bytes that are being compared with
    /// their checksum: then all are to be brought again.
    /// </summary>
    /// <param name="events">At most some thousand.</param>
    [Alias("Take")] Task<Result<EventCounts>> TakeAsync(IReadOnlyList<ObjectEvent> events);
}
