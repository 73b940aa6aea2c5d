using Edna.Results;
using Orleans.Storage;

namespace Edna.Items;

/// <summary>Calls to item grains whose faults become the answer of one item among many.</summary>
internal static class ItemCalls
{
    private const int Tries = 3;

    /// <summary>
    /// The call's answer. A conflict on the row wrote nothing and made the grain load anew, so the call is made again; a store
    /// or table that is away becomes <c>service.unavailable</c>.
    /// </summary>
    public static async Task<Result<T>> AnswerAsync<T>(Func<Task<Result<T>>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (InconsistentStateException) when (attempt < Tries)
            {
                // The grain that answered so has been dropped; the next call loads the row as it is.
            }
            catch (Exception e) when (Unavailable.Of(e) is { } problem)
            {
                return problem;
            }
        }
    }
}
