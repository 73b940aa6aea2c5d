using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Edna.FaultHost;

/// <summary>
/// Counts the calls that EDNA makes to its store and its table, and kills the process before one of them. It counts from when a file
/// with a number appears: before the call of that number the process dies by SIGKILL; with 0 it lives, and the names of the calls are
/// written beside the file. What the change feed, the indexer and the health check do by themselves is not counted.
/// </summary>
/// <param name="file">The file; a test writes it when the process shall begin to count, and removes it.</param>
internal sealed class Steps(string file)
{
    private static readonly HashSet<string> OfTheirOwn =
    [
        "ReadDirtyAsync", "OldestDirtyAsync", "ListDirtyShardsAsync", "ListWatchedShardsAsync", "MarkIndexedAsync", "MarkAllDirtyAsync", "ReadIndexGenerationAsync",
        "FollowAsync", "ReadOverdueAsync", "ReadTrashedAsync", "CheckAsync", "PresignPut", "PresignGet", "PresignPart",
    ];

    private readonly Lock _gate = new();
    private int _made;

    /// <summary>A call is about to be made.</summary>
    /// <param name="call">Its name.</param>
    public void Before(MethodInfo call)
    {
        if (call.IsSpecialName || OfTheirOwn.Contains(call.Name)) return;
        lock (_gate)
        {
            if (Wanted() is not { } wanted)
            {
                _made = 0;
                return;
            }
            _made++;
            if (wanted == 0) File.AppendAllText(file + ".steps", $"{call.DeclaringType!.Name}.{call.Name}\n");
            else if (_made == wanted) Process.GetCurrentProcess().Kill();
        }
    }

    private int? Wanted()
    {
        try
        {
            return int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}

/// <summary>Puts <see cref="Steps"/> in front of a port.</summary>
public class StepProxy : DispatchProxy
{
    private object _port = null!;
    private Steps _steps = null!;

    internal static T Wrap<T>(T port, Steps steps) where T : class
    {
        var proxy = Create<T, StepProxy>();
        var own = (StepProxy)(object)proxy;
        (own._port, own._steps) = (port, steps);
        return proxy;
    }

    /// <inheritdoc />
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        _steps.Before(targetMethod!);
        return targetMethod!.Invoke(_port, BindingFlags.DoNotWrapExceptions, null, args, null);
    }
}

/// <summary>Replaces a registered port by itself behind a <see cref="StepProxy"/>.</summary>
internal static class StepServices
{
    public static void Between<T>(this IServiceCollection services, Steps steps) where T : class
    {
        var real = services.Last(s => s.ServiceType == typeof(T));
        services.Remove(real);
        services.AddSingleton(provider => StepProxy.Wrap(
            (T)(real.ImplementationInstance ?? real.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, real.ImplementationType!)), steps));
    }
}
