using Edna.Results;
using Edna.Storage.Sqlite;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Edna.Hosting;

/// <summary>Starts and stops a program; what a user can set right is one line on standard error, not a stack trace.</summary>
internal static class GatewayRun
{
    /// <summary>Builds and runs the application until it is told to stop.</summary>
    /// <param name="build">Builds it.</param>
    /// <returns>The process's exit code: 0, or 1 when it cannot start.</returns>
    public static async Task<int> UntilStoppedAsync(Func<WebApplication> build)
    {
        try
        {
            await using var app = build();
            // Before the host starts, which would log the fault with its stack.
            app.Services.GetService<IStartupValidator>()?.Validate();
            _ = app.Services.GetRequiredService<Events.CallbackKey>();
            _ = app.Services.GetService<Items.IItemTable>();
            await app.RunAsync();
            return 0;
        }
        catch (Exception fault) when (Explain(fault) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return 1;
        }
    }

    /// <summary>The reason in a user's words; null when it is not a user's to set right.</summary>
    internal static string? Explain(Exception fault) => fault switch
    {
        OptionsValidationException wrong => string.Join(Environment.NewLine, wrong.Failures),
        AggregateException many when many.InnerExceptions.All(e => Explain(e) is not null) =>
            string.Join(Environment.NewLine, many.InnerExceptions.Select(Explain)),
        ConfigurationException wrong => wrong.Message,
        DataDirectoryInUseException taken => taken.Message,
        UnavailableException away => $"{away.What} does not answer: {away.InnerException?.Message ?? away.Message}",
        // The binder's own message names the key and the type.
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } wrong => wrong.Message,
        IOException { InnerException: AddressInUseException } inUse => $"urls: {inUse.Message}",
        UnauthorizedAccessException denied => $"EDNA_DATA: {denied.Message}",
        _ => null,
    };
}
