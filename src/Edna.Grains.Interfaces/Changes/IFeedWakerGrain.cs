namespace Edna.Changes;

/// <summary>
/// Wakes the feeds of the shards that have rows for the search index, or something to watch, of all datasets. Key: 0, one for the service. A process
/// that was killed may have written rows and told nobody, and what others told a feed on it is lost: not even the reminder is there that would find
/// them. So it looks when a silo starts, when one has died, and every ten minutes.
/// </summary>
[Alias("edna.IFeedWakerGrain")]
public interface IFeedWakerGrain : IGrainWithIntegerKey
{
    /// <summary>Has it look every ten minutes from now on. Repeating it changes nothing.</summary>
    [Alias("Arm")] Task ArmAsync();

    /// <summary>Has it look soon; calls that come while it looks have it look once more.</summary>
    [Alias("Wake")] Task WakeAsync();
}
