namespace Edna.Admin;

/// <summary>What an operator does to an EDNA that is stopped: <c>dotnet run --project src/Edna.Silo -- COMMAND [options]</c>.</summary>
internal static class AdminCommands
{
    private static readonly Dictionary<string, Func<string[], Task<int>>> All = new(StringComparer.Ordinal)
    {
        ["rebuild"] = RebuildCommand.RunAsync,
        ["scrub"] = ScrubCommand.RunAsync,
    };

    /// <summary>Runs a command; the process's exit code, 2 when there is no such command or it failed.</summary>
    public static async Task<int> RunAsync(string name, string[] arguments)
    {
        if (All.TryGetValue(name, out var command)) return await command(arguments);
        await Console.Error.WriteLineAsync($"There is no command '{name}'. There are: {string.Join(", ", All.Keys)}; without one, a silo is started.");
        return ExitCodes.Failed;
    }
}

/// <summary>How a command ends.</summary>
internal static class ExitCodes
{
    /// <summary>Done, and nothing to tell.</summary>
    public const int Done = 0;

    /// <summary>Done, and something was found that wants looking at.</summary>
    public const int Findings = 1;

    /// <summary>Not done: wrong options, wrong configuration, or something does not answer.</summary>
    public const int Failed = 2;

    /// <summary>Stopped half-way by the operator; the same command goes on.</summary>
    public const int Stopped = 3;
}
