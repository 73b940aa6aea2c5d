namespace Edna.Results;

/// <summary>Finds the outage behind an exception: of a server, or of a silo that is going. Orleans wraps what a storage provider throws.</summary>
public static class Unavailable
{
    /// <summary>The problem, when the exception or one within it is an outage; null otherwise.</summary>
    /// <param name="fault">Any exception.</param>
    public static Problem? Of(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
        {
            if (fault is UnavailableException outage) return RequestErrors.Unavailable(outage.What);
            if (fault is TimeoutException || Repetition.WasNotDelivered(fault) || Repetition.MayHaveBeenLost(fault)) return RequestErrors.Unavailable("A part of the service");
        }
        return null;
    }
}
