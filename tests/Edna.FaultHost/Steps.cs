using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Edna.FaultHost;

/// <summary>
/// Counts the calls that EDNA makes to its store and its table, and kills the process before one of them. It counts from when a file
/// with a number or the name of a call appears: before that call the process dies by SIGKILL; with 0 it lives. The names of the calls are written
/// beside the file. What the change feed, the indexer, the look for orphans and the health check do by themselves is not counted.
/// </summary>
/// <param name="file">The file; a test writes it when the process shall begin to count, and removes it.</param>
internal sealed class Steps(string file)
{
    private static readonly HashSet<string> OfTheirOwn =
    [
        "ReadDirtyAsync", "OldestDirtyAsync", "ListDirtyShardsAsync", "ListWatchedShardsAsync", "MarkIndexedAsync", "MarkAllDirtyAsync", "ReadIndexGenerationAsync",
        "FollowAsync", "ListToTrimAsync", "ReadOverdueAsync", "ReadTrashedAsync", "CheckAsync", "PresignPut", "PresignGet", "PresignPart",
    ];

    private readonly Lock _gate = new();
    private int _made;

    /// <summary>A call is about to be made.</summary>
    /// <param name="call">Its name.</param>
    /// <param name="arguments">What it is called with.</param>
    public void Before(MethodInfo call, object?[]? arguments)
    {
        if (call.IsSpecialName || OfTheirOwn.Contains(call.Name) || IsLookForOrphans(call, arguments)) return;
        lock (_gate)
        {
            var wanted = Wanted();
            if (wanted is null)
            {
                _made = 0;
                return;
            }
            var name = $"{call.DeclaringType!.Name}.{call.Name}";
            if (wanted == (++_made).ToString(CultureInfo.InvariantCulture) || wanted == name) Process.GetCurrentProcess().Kill();
            File.AppendAllText(file + ".steps", name + "\n");
        }
    }

    /// <summary>A whole bucket is listed, not an item.</summary>
    private static bool IsLookForOrphans(MethodInfo call, object?[]? arguments) =>
        call.Name == "ListMultipartsAsync" && arguments is [_, string prefix, ..] && !prefix.Contains("items/", StringComparison.Ordinal);

    private string? Wanted()
    {
        try
        {
            return File.ReadAllText(file);
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
        _steps.Before(targetMethod!, args);
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
