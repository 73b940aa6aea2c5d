using Edna.Results;
using Orleans.Storage;

namespace Edna.Problems;

/// <summary>What an exception means to a caller.</summary>
internal static class Faults
{
    private const string Service = "The service";

    /// <summary>The problem to answer with. Only <c>internal</c> is a fault of ours, to be logged as an error.</summary>
    public static Problem ToProblem(Exception fault)
    {
        for (var at = fault; at is not null; at = at.InnerException)
        {
            switch (at)
            {
                case UnavailableException unavailable:
                    return RequestErrors.Unavailable(unavailable.What.Length > 0 ? unavailable.What : Service);
                case BadHttpRequestException { StatusCode: 413 }:
                    return GatewayErrors.TooLarge(null);
                case BadHttpRequestException bad:
                    return GatewayErrors.Bad(bad.StatusCode is >= 400 and < 500 ? bad.StatusCode : 400);
                // The outcome is unknown: the call timed out, met a dying silo, or one of its rows was somebody else's by then. Whoever asked may
                // ask again: all is idempotent by itself, or by the request's Idempotency-Key.
                case TimeoutException or SiloUnavailableException or OrleansMessageRejectionException or ClientNotAvailableException
                    or InconsistentStateException:
                    return RequestErrors.Unavailable(Service);
            }
        }
        return RequestErrors.Internal();
    }
}
