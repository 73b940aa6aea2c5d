using System.Globalization;
using Spectre.Console;

namespace Edna.Cli;

/// <summary>
/// A bar on standard error while work runs; where that is not a terminal, a line now and then. Work that does not know yet how much
/// there is to do reports 0 for all.
/// </summary>
internal static class ProgressBar
{
    public static async Task<T> RunAsync<T>(string what, Func<Action<double, double>, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (Console.IsErrorRedirected) return await work(new PlainLines(what).Report);
        return await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new SpinnerColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(what);
                return await work((done, all) =>
                {
                    task.IsIndeterminate = all == 0;
                    task.Description = all == 0 ? string.Create(CultureInfo.InvariantCulture, $"{what}: {done:N0}") : what;
                    task.MaxValue = Math.Max(all, 1);
                    task.Value = all == 0 ? 0 : done;
                });
            });
    }

    /// <summary>A line at each tenth of the way, or every 10,000 while the way's length is not known.</summary>
    private sealed class PlainLines(string what)
    {
        private readonly Lock _lock = new();
        private int _tenth;
        private int _tenThousands;

        public void Report(double done, double all)
        {
            var tenth = all > 0 ? (int)(10 * done / all) : 0;
            lock (_lock)
            {
                if (all == 0 && (int)(done / 10_000) > _tenThousands)
                {
                    _tenThousands = (int)(done / 10_000);
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {done:N0}"));
                }
                if (tenth <= _tenth) return;
                _tenth = tenth;
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {tenth * 10} % ({done:N0} of {all:N0})"));
            }
        }
    }
}

/// <summary>Reports on the thread that calls, so that nothing is still under way when the work is done.</summary>
internal sealed class Report<T>(Action<T> report) : IProgress<T>
{
    void IProgress<T>.Report(T value) => report(value);
}
