using System.CommandLine;
using Edna.Client;

namespace Edna.Cli;

/// <summary>Runs a command's work and turns what went wrong into a clear message and an exit code.</summary>
internal static class Run
{
    public static void Does(this Command command, Connection connection, Func<EdnaClient, ParseResult, CancellationToken, Task<int>> work) =>
        command.SetAction((parsed, ct) => GuardAsync(connection, parsed, work, ct));

    private static async Task<int> GuardAsync(
        Connection connection, ParseResult parsed, Func<EdnaClient, ParseResult, CancellationToken, Task<int>> work, CancellationToken ct)
    {
        try
        {
            using var client = connection.Open(parsed);
            return await work(client, parsed, ct);
        }
        catch (EdnaException e)
        {
            await Print.ProblemAsync(e.Problem);
            return ExitCodes.Of(e);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped. Run the same command again to go on.");
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is UsageException or IOException or UnauthorizedAccessException or FormatException)
        {
            await Console.Error.WriteLineAsync($"edna: {e.Message}");
            return ExitCodes.Usage;
        }
    }
}
