namespace Edna.Hosting;

/// <summary>Writes of grain state whose failure leaves nothing unwritten in memory.</summary>
internal static class StateWrites
{
    /// <summary>
    /// Replaces the state and writes it. When that fails, its outcome is unknown: the activation is dropped, so that the next call
    /// loads what is really there, and the fault goes to the caller.
    /// </summary>
    /// <param name="state">The grain's state.</param>
    /// <param name="next">The new state: another object than the one that is held.</param>
    /// <param name="drop">Drops the activation: <c>DeactivateOnIdle</c>.</param>
    public static async Task WriteAsync<T>(this IPersistentState<T> state, T next, Action drop)
    {
        state.State = next;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            drop();
            throw;
        }
    }
}
