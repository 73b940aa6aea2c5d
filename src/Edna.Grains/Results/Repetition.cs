using Orleans.Runtime.Messaging;
using Orleans.Storage;

namespace Edna.Results;

/// <summary>What comes of a call that is made again.</summary>
public enum Repeatable
{
    /// <summary>The same, however far it had come before.</summary>
    Always = 0,

    /// <summary>It is refused when it was carried out, for the revision that it made itself: it carries the condition of one.</summary>
    Conditional = 1,

    /// <summary>What it does is done anew: <see cref="OnceAttribute"/>.</summary>
    Once = 2,
}

/// <summary>What is done about a call to a grain that failed: by a request's caller, and by a grain for each of many items. Pure.</summary>
public static class Repetition
{
    /// <summary>The longest that a request may spend on repeating a call. Clients wait longer, and a silo that was killed is given up by then.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>How often a call is made whose grain found a row that somebody else had written in between.</summary>
    public const int TriesOnConflict = 3;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait before the call is made again; null to give up.</summary>
    /// <param name="fault">What came of it.</param>
    /// <param name="call">What comes of it when it is made again.</param>
    /// <param name="attempt">Which attempt failed, from 1.</param>
    /// <param name="spent">How long the attempts have taken together.</param>
    public static TimeSpan? Pause(Exception fault, Repeatable call, int attempt, TimeSpan spent)
    {
        // The row was another than the grain knew. The grain was dropped, and the next call loads the row as it is. Only this row was not
        // written: the call may have written others before, so what does its work anew is not made again.
        if (fault is InconsistentStateException) return call != Repeatable.Once && attempt < TriesOnConflict ? TimeSpan.Zero : null;
        if (!(WasNotDelivered(fault) || (call == Repeatable.Always && MayHaveBeenLost(fault)))) return null;
        var pause = First * Math.Pow(2, Math.Min(attempt - 1, 10));
        pause = pause > Longest ? Longest : pause;
        return spent + pause < Patience ? pause : null;
    }

    /// <summary>Whether the call may have been carried out for all that, in whole or in part.</summary>
    /// <param name="fault">What came of it.</param>
    public static bool MayHaveRun(Exception fault) => fault is InconsistentStateException || MayHaveBeenLost(fault);

    /// <summary>Its grain was just going or its silo stopping, or no silo was to be reached.</summary>
    internal static bool WasNotDelivered(Exception fault) =>
        fault is (OrleansMessageRejectionException or ClientNotAvailableException) and not SiloUnavailableException;

    /// <summary>The silo died, or the connection to it, and nobody knows how far the call had come.</summary>
    internal static bool MayHaveBeenLost(Exception fault) => fault is SiloUnavailableException or ConnectionFailedException;
}
