namespace Edna.Admin;

/// <summary>The commands of the silo's program, beside running a silo: for whoever operates it, on the configuration that the silo has.</summary>
internal static class AdminCommands
{
    private static readonly OrderedDictionary<string, Func<string[], Task<int>>> Commands = new()
    {
        ["check-store"] = CheckStoreCommand.RunAsync,
        ["init-tables"] = InitTablesCommand.RunAsync,
        ["permissions"] = PermissionsCommand.RunAsync,
        ["rebuild"] = RebuildCommand.RunAsync,
        ["scrub"] = ScrubCommand.RunAsync,
    };

    /// <summary>Runs the command that the arguments name first.</summary>
    /// <param name="args">The program's arguments.</param>
    /// <returns>The exit code; null when they name none, and the silo is meant.</returns>
    public static async Task<int?> RunAsync(string[] args)
    {
        // Settings for the host look like --Key=value, and never come as a bare word.
        if (args is not [{ } name, .. var rest] || name.StartsWith('-') || name.Contains('=', StringComparison.Ordinal)) return null;
        if (Commands.TryGetValue(name, out var run)) return await run(rest);
        await Console.Error.WriteLineAsync($"There is no command '{name}'. Without one the silo runs; with one of these it does what the name says and ends:");
        foreach (var known in Commands.Keys) await Console.Error.WriteLineAsync($"  {known}");
        return ExitCodes.Failed;
    }
}
