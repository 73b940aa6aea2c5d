using Edna.Admin;
using Edna.Hosting;
using Microsoft.Extensions.Hosting;

if (await AdminCommands.RunAsync(args) is { } exit) return exit;
try
{
    await SiloProgram.Build(args).RunAsync();
    return ExitCodes.Done;
}
catch (Exception fault) when (AdminHost.Explain(fault) is { } reason)
{
    await Console.Error.WriteLineAsync(reason);
    return ExitCodes.Failed;
}
