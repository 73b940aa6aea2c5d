using System.Globalization;
using Spectre.Console;

namespace Edna.Admin;

/// <summary>How far a command is.</summary>
/// <param name="What">What it is at.</param>
/// <param name="Done">Items done.</param>
/// <param name="Fraction">0–1, of what it is at.</param>
internal readonly record struct AdminPosition(string What, long Done, double Fraction)
{
    /// <summary>How far an item is on the way through all ids, which are spread evenly: 0–1.</summary>
    public static double Through(string? itemId) => itemId is null ? 0 : itemId.Take(4).Aggregate(0d, (sum, c) => (sum * 32) + "234567abcdefghijklmnopqrstuvwxyz".IndexOf(c, StringComparison.Ordinal)) / Math.Pow(32, 4);
}

/// <summary>Shows how far a command is: a bar on a terminal, a line every five seconds elsewhere. On standard error, so that the result stands alone.</summary>
internal static class AdminProgress
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(5);

    /// <summary>Runs work and shows its progress meanwhile.</summary>
    /// <param name="work">The work.</param>
    /// <param name="position">Where it is; asked from another thread.</param>
    /// <param name="time">The clock.</param>
    public static async Task WhileAsync(Func<Task> work, Func<AdminPosition> position, TimeProvider time)
    {
        var meter = new Meter(position, time);
        if (Console.IsErrorRedirected)
        {
            await WatchAsync(work, Elsewhere, () => Console.Error.WriteLine(meter.Line()), time);
            return;
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).StartAsync(async context =>
        {
            var bar = context.AddTask("…", maxValue: 1);
            await WatchAsync(work, OnTerminal, () => (bar.Value, bar.Description) = (position().Fraction, Markup.Escape(meter.Line())), time);
        });
    }

    private static async Task WatchAsync(Func<Task> work, TimeSpan pause, Action show, TimeProvider time)
    {
        var working = work();
        while (await Task.WhenAny(working, Task.Delay(pause, time)) != working) show();
        await working;
    }

    private sealed class Meter(Func<AdminPosition> position, TimeProvider time)
    {
        private readonly long start = time.GetTimestamp();
        private readonly long before = position().Done;

        public string Line()
        {
            var now = position();
            var rate = (now.Done - before) / Math.Max(0.001, time.GetElapsedTime(start).TotalSeconds);
            return string.Create(CultureInfo.InvariantCulture, $"{now.What}: {now.Done:N0} items, {rate:N0}/s, {now.Fraction:P0}");
        }
    }
}
