using System.Collections.Concurrent;
using System.Reflection;
using Edna.Results;
using Orleans.Serialization.Invocation;

namespace Edna.Requests;

/// <summary>
/// Makes a request's calls to grains again when they met a grain or a silo that was going, and nothing is lost by that (<see cref="Repetition"/>):
/// who asks notices nothing of a silo that is stopped, and of one that died only that it took longer. What still fails then is answered as 503.
/// </summary>
/// <remarks>
/// A call on the condition of a revision is not repeated when it may have been carried out: it would be refused for the revision that it
/// made itself. Calls of grains to each other are theirs to judge.
/// </remarks>
internal sealed class RepeatedCalls(TimeProvider time) : IOutgoingGrainCallFilter
{
    private readonly ConcurrentDictionary<MethodInfo, (bool Once, int Condition)> _methods = new();

    /// <inheritdoc />
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.SourceId is { } source && !source.IsClient())
        {
            await context.Invoke();
            return;
        }
        var began = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan? pause;
            try
            {
                await context.Invoke();
                if (context.Response?.Exception is not { } fault || (pause = Pause(fault, attempt)) is null) return;
            }
            catch (Exception fault) when ((pause = Pause(fault, attempt)) is not null)
            {
                // The arguments are the call's own until it has ended, so that it can be made again as it is.
            }
            await Task.Delay(pause!.Value, time);
        }

        TimeSpan? Pause(Exception fault, int attempt) => Repetition.Pause(fault, KindOf(context.Request, context.InterfaceMethod), attempt, time.GetElapsedTime(began));
    }

    private Repeatable KindOf(IInvokable call, MethodInfo method)
    {
        var (once, condition) = _methods.GetOrAdd(method, static method => (
            method.IsDefined(typeof(OnceAttribute), inherit: false), Array.FindIndex(method.GetParameters(), parameter => parameter.Name == "ifMatch")));
        if (once) return Repeatable.Once;
        return condition >= 0 && call.GetArgument(condition) is not null ? Repeatable.Conditional : Repeatable.Always;
    }
}
