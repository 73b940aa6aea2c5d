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
/// made itself. A removal that is repeated and finds nothing has come to what was asked for, and is answered so
/// (<see cref="RemovesAttribute"/>). Calls of grains to each other are theirs to judge.
/// </remarks>
internal sealed class RepeatedCalls(TimeProvider time) : IOutgoingGrainCallFilter
{
    private readonly ConcurrentDictionary<MethodInfo, (bool Once, int Condition, RemovesAttribute? Removes, int When)> _methods = new();

    /// <inheritdoc />
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.SourceId is { } source && !source.IsClient())
        {
            await context.Invoke();
            return;
        }
        var began = time.GetTimestamp();
        string? removed = null;
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan? pause;
            try
            {
                await context.Invoke();
                if (context.Response?.Exception is not { } fault)
                {
                    if (removed is not null) context.Result = Removals.Settled(context.Result, removed);
                    return;
                }
                if ((pause = Pause(fault, attempt)) is null) return;
                removed ??= RemovedBy(fault);
            }
            catch (Exception fault) when ((pause = Pause(fault, attempt)) is not null)
            {
                // The arguments are the call's own until it has succeeded, so that it can be made again as it is.
                removed ??= RemovedBy(fault);
            }
            await Task.Delay(pause!.Value, time);
        }

        TimeSpan? Pause(Exception fault, int attempt) => Repetition.Pause(fault, KindOf(context.Request, context.InterfaceMethod), attempt, time.GetElapsedTime(began));

        string? RemovedBy(Exception fault) => Repetition.MayHaveRun(fault) ? NotFoundOf(context.Request, context.InterfaceMethod) : null;
    }

    private Repeatable KindOf(IInvokable call, MethodInfo method)
    {
        var (once, condition, _, _) = Of(method);
        if (once) return Repeatable.Once;
        return condition >= 0 && call.GetArgument(condition) is not null ? Repeatable.Conditional : Repeatable.Always;
    }

    /// <summary>The code by which a repetition says that a call has removed what it was to remove; null when it removes nothing.</summary>
    private string? NotFoundOf(IInvokable call, MethodInfo method)
    {
        var (_, _, removes, when) = Of(method);
        return when < 0 || call.GetArgument(when) is true ? removes?.NotFound : null;
    }

    private (bool Once, int Condition, RemovesAttribute? Removes, int When) Of(MethodInfo method) => _methods.GetOrAdd(method, static method =>
    {
        var (names, removes) = (method.GetParameters().Select(parameter => parameter.Name).ToList(), method.GetCustomAttribute<RemovesAttribute>());
        return (method.IsDefined(typeof(OnceAttribute), inherit: false), names.IndexOf("ifMatch"), removes, removes?.When is { } when ? names.IndexOf(when) : -1);
    });
}
