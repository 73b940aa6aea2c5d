using Edna.Admin;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Edna.Hosting;

/// <summary>The silo's program: runs a silo until it is told to stop, or a command of the operator's.</summary>
public static class SiloRun
{
    /// <summary>Runs it.</summary>
    /// <param name="args">A command's name and its arguments (<c>init-tables</c>, <c>check-store</c>, <c>rebuild</c>, <c>scrub</c>), or settings of a silo.</param>
    /// <returns>The process's exit code: 0; 2 when it cannot start; what the command says.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (await AdminCommands.RunAsync(args) is { } exit) return exit;
        try
        {
            var host = SiloProgram.Build(args);
            // Before the host starts, which would log the fault with its stack.
            host.Services.GetService<IStartupValidator>()?.Validate();
            await host.RunAsync();
            return ExitCodes.Done;
        }
        catch (Exception fault) when (AdminHost.Explain(fault) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return ExitCodes.Failed;
        }
    }
}
