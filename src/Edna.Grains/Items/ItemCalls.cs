using System.Diagnostics;
using Edna.Results;
using Orleans.Storage;

namespace Edna.Items;

/// <summary>Calls to item grains whose faults become the answer of one item among many.</summary>
internal static class ItemCalls
{
    /// <summary>
    /// The call's answer. One that met a conflict on the row, a grain that was just going or a silo that died is made again
    /// (<see cref="Repetition"/>); a store, table or silo that is away becomes <c>service.unavailable</c>.
    /// </summary>
    /// <param name="call">A call that comes to the same when it is made again: without the condition of a revision.</param>
    public static Task<Result<T>> AnswerAsync<T>(Func<Task<Result<T>>> call) => AnswerAsync(call, static answer => answer);

    /// <summary>As <see cref="AnswerAsync{T}(Func{Task{Result{T}}})"/>, of a removal: when a repetition finds nothing, it is done.</summary>
    /// <param name="call">The call.</param>
    /// <param name="notFound">The code that says that it is not there.</param>
    public static Task<Result<Done>> RemoveAsync(Func<Task<Result<Done>>> call, string notFound) => AnswerAsync(call, answer => Removals.Settled(answer, notFound));

    /// <param name="call">The call.</param>
    /// <param name="settled">What the answer of a repetition means when the call may have been carried out before.</param>
    private static async Task<Result<T>> AnswerAsync<T>(Func<Task<Result<T>>> call, Func<Result<T>, Result<T>> settled)
    {
        var (began, mayHaveRun) = (Stopwatch.GetTimestamp(), false);
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan? pause = null;
            try
            {
                var answer = await call();
                return mayHaveRun ? settled(answer) : answer;
            }
            catch (Exception e) when ((pause = Repetition.Pause(e, Repeatable.Always, attempt, Stopwatch.GetElapsedTime(began))) is not null)
            {
                // The grain that answered so is gone; the next call loads the row as it is.
                mayHaveRun |= Repetition.MayHaveRun(e);
            }
            catch (InconsistentStateException)
            {
                // Others write the row all the time. Nothing is wrong with it: the caller may try later.
                return RequestErrors.Unavailable("The item");
            }
            catch (Exception e) when (Unavailable.Of(e) is { } problem)
            {
                return problem;
            }
            await Task.Delay(pause!.Value);
        }
    }
}
