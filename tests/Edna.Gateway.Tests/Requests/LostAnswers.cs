using System.Collections.Concurrent;

namespace Edna.Gateway.Tests.Requests;

/// <summary>Carries calls of grains out and loses their answers, as when a silo dies with the work done.</summary>
internal sealed class LostAnswers : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, bool> _next = new();

    /// <summary>Loses the next answer of a method, <c>Interface.Method</c>.</summary>
    public void Lose(string method) => _next[method] = true;

    /// <summary>Whether none is left to be lost.</summary>
    public bool AllLost => _next.IsEmpty;

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (_next.TryRemove($"{context.InterfaceMethod.DeclaringType!.Name}.{context.InterfaceMethod.Name}", out _)) throw new SiloUnavailableException("The silo died.");
    }
}
