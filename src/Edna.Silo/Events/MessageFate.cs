namespace Edna.Events;

/// <summary>What becomes of a message.</summary>
internal enum MessageFate
{
    /// <summary>Its events were worked off, or it lies in the dead-letter queue: it is removed.</summary>
    Done,

    /// <summary>It cannot be read, and there is nowhere to put it: it stays, out of the way for long.</summary>
    Poison,

    /// <summary>Its events could not be worked off: it comes again, later each time.</summary>
    Later,

    /// <summary>All that is left of its events is bytes that are being compared with their checksum: it is held until that has ended.</summary>
    Verifying,
}
