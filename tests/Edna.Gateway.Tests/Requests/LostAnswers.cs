using System.Collections.Concurrent;
using Edna.Results;

namespace Edna.Gateway.Tests.Requests;

/// <summary>Carries calls of grains out and loses their answers, as when a silo dies with the work done; refuses them, or holds them back.</summary>
internal sealed class LostAnswers : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, bool> _next = new();
    private readonly ConcurrentDictionary<string, bool> _refused = new();
    private readonly ConcurrentDictionary<string, (TaskCompletionSource Came, Task Go)> _held = new();

    /// <summary>Loses the next answer of a method, <c>Interface.Method</c>.</summary>
    public void Lose(string method) => _next[method] = true;

    /// <summary>Refuses a method from now on, as when its table is away.</summary>
    public void Refuse(string method) => _refused[method] = true;

    /// <summary>Lets a method pass again.</summary>
    public void Admit(string method) => _refused.TryRemove(method, out _);

    /// <summary>Holds the next call of a method back until told; ends when it has come.</summary>
    public Task HoldAsync(string method, Task until)
    {
        var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _held[method] = (came, until);
        return came.Task;
    }

    /// <summary>Whether none is left to be lost.</summary>
    public bool AllLost => _next.IsEmpty;

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        var method = $"{context.InterfaceMethod.DeclaringType!.Name}.{context.InterfaceMethod.Name}";
        if (_refused.ContainsKey(method)) throw new UnavailableException("The state table");
        if (_held.TryRemove(method, out var held))
        {
            held.Came.SetResult();
            await held.Go;
        }
        await context.Invoke();
        if (_next.TryRemove(method, out _)) throw new SiloUnavailableException("The silo died.");
    }
}
