using Edna.Results;

namespace Edna.Objects;

/// <summary>Does again what an outage stopped, after pauses that double.</summary>
internal static class Retries
{
    /// <summary>The answer, once there is one; the fault that is not to be tried again otherwise.</summary>
    /// <param name="work">What can be done again.</param>
    /// <param name="first">The first pause.</param>
    /// <param name="longest">The longest pause.</param>
    /// <param name="again">Whether to try again after a fault, given how often it was tried and the pause that would follow.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<T> DoAsync<T>(
        Func<ValueTask<T>> work, TimeSpan first, TimeSpan longest, Func<UnavailableException, int, TimeSpan, bool> again, TimeProvider time, CancellationToken ct)
    {
        for (var (tries, pause) = (1, first); ; tries++, pause = pause * 2 < longest ? pause * 2 : longest)
        {
            try
            {
                return await work();
            }
            catch (UnavailableException e) when (again(e, tries, pause))
            {
                // Tried again below.
            }
            await Task.Delay(pause, time, ct);
        }
    }
}
