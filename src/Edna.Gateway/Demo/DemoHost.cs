using Edna.Client;
using Edna.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Edna.Demo;

/// <summary>Runs the demo once the server listens, as a client of its own REST API, and leaves the server running.</summary>
internal sealed partial class DemoHost(
    IServer server, IHostApplicationLifetime lifetime, DataDirectory data, TimeProvider time, ILogger<DemoHost> logger) : BackgroundService
{
    /// <summary>The argument that asks for the demo.</summary>
    public const string Switch = "--demo";

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        try
        {
            await started.Task.WaitAsync(stoppingToken);
            var key = (await File.ReadAllTextAsync(data.At("admin.key"), stoppingToken)).Trim();
            using var client = new EdnaClient(OwnAddress(), key);
            await new DemoWalk(client, data, time, new DemoConsole()).RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is being stopped; the next demo goes on where this one was.
        }
        catch (Exception e)
        {
            LogFailed(e);
        }
    }

    private Uri OwnAddress()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
            ?? throw new InvalidOperationException("The server listens on no address.");
        var own = BindingAddress.Parse(address);
        var host = own.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : own.Host;
        return new UriBuilder(own.Scheme, host.Trim('[', ']'), own.Port).Uri;
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "The demo failed; the server goes on.")]
    private partial void LogFailed(Exception fault);
}
