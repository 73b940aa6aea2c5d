using System.Globalization;
using Spectre.Console;

namespace Edna.Demo;

/// <summary>What the demo says: bars on a terminal, plain lines elsewhere.</summary>
internal sealed class DemoConsole
{
    private readonly TextWriter _out = Console.Out;

    /// <summary>A line.</summary>
    public void Say(FormattableString line) => _out.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>Runs a step, with a bar that the step moves, then says what came of it.</summary>
    /// <param name="what">The step.</param>
    /// <param name="step">Does it, reporting how much of how much is done; answers what to say.</param>
    public async Task StepAsync(string what, Func<Action<double, double>, Task<FormattableString>> step)
    {
        var said = !Console.IsOutputRedirected ? await WithBarAsync(what, step) : await step((_, _) => { });
        Say($"{what}: {said.ToString(CultureInfo.InvariantCulture)}");
    }

    private static Task<FormattableString> WithBarAsync(string what, Func<Action<double, double>, Task<FormattableString>> step) =>
        AnsiConsole.Progress().AutoClear(true).StartAsync(context =>
        {
            var task = context.AddTask(what);
            return step((done, all) =>
            {
                task.MaxValue = Math.Max(all, 1);
                task.Value = done;
            });
        });
}

/// <summary>Reports on the thread that calls, so that nothing is still under way when a step is done.</summary>
internal sealed class DemoProgress<T>(Action<T> report) : IProgress<T>
{
    void IProgress<T>.Report(T value) => report(value);
}
