using Edna.Hosting;
using Edna.Items;
using Edna.Results;
using Edna.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Edna.Admin;

/// <summary>Runs a command within a silo of its own, which nobody else is served by: grains, table, store and index as the service has them.</summary>
internal static class AdminHost
{
    /// <summary>Starts the silo, runs the command, and stops the silo; the exit code.</summary>
    /// <param name="read">Reads the options; may throw <see cref="AdminException"/>.</param>
    /// <param name="run">The command: with the services, the options, and what stops it.</param>
    public static async Task<int> RunAsync(Func<AdminOptions> read, Func<IServiceProvider, AdminOptions, CancellationToken, Task<int>> run)
    {
        try
        {
            var options = read();
            var builder = Host.CreateApplicationBuilder([.. options.Configuration]);
            builder.Logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
                .SetMinimumLevel(LogLevel.Warning).AddFilter("Orleans", LogLevel.Error);
            builder.AddEdnaSilo();
            using var host = builder.Build();
            host.Services.GetService<IStartupValidator>()?.Validate();
            // Before the host starts, so that a directory that is in use is told in a line.
            _ = host.Services.GetRequiredService<IItemTable>();
            var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            await AloneInCluster.EnsureAsync(host, stopping);
            await host.StartAsync(CancellationToken.None);
            try
            {
                return await run(host.Services, options, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                await Console.Error.WriteLineAsync("Stopped. The same command goes on from here.");
                return ExitCodes.Stopped;
            }
            finally
            {
                await host.StopAsync(CancellationToken.None);
            }
        }
        catch (Exception fault) when (Explain(fault) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return ExitCodes.Failed;
        }
    }

    /// <summary>The reason in an operator's words; null when it is not theirs to set right.</summary>
    internal static string? Explain(Exception fault) => fault switch
    {
        AdminException wrong => wrong.Message,
        OptionsValidationException wrong => string.Join(Environment.NewLine, wrong.Failures),
        AggregateException many when many.InnerExceptions.All(e => Explain(e) is not null) => string.Join(Environment.NewLine, many.InnerExceptions.Select(Explain)),
        DataDirectoryInUseException taken => taken.Message,
        UnauthorizedAccessException denied => $"EDNA_DATA: {denied.Message}",
        UnavailableException away => $"{away.What} does not answer: {away.InnerException?.Message ?? away.Message} The same command goes on where this one ended.",
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } wrong => wrong.Message,
        _ => null,
    };
}
