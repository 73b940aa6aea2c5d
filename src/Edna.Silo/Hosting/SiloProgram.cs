using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace Edna.Hosting;

/// <summary>A process that is a silo and nothing else.</summary>
internal static class SiloProgram
{
    /// <summary>
    /// The setting that has it answer <c>/health/live</c>, <c>/health/ready</c> and <c>/metrics</c>: the address to listen at, such as <c>http://0.0.0.0:9090</c>; not
    /// set, it listens for silos and their clients alone. Whoever reaches it is answered: it belongs within the cluster's network.
    /// </summary>
    public const string StatusUrl = "Edna:Silo:StatusUrl";

    /// <summary>Builds the process.</summary>
    /// <param name="args">Settings.</param>
    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    public static IHost Build(string[] args)
    {
        var plain = Host.CreateApplicationBuilder(args);
        if (plain.Configuration[StatusUrl] is { Length: > 0 } url) return BuildWithStatus(args, url);
        plain.AddEdnaSilo();
        plain.Services.AddTelemetry(plain.Configuration, Name);
        return plain.Build();
    }

    private const string Name = "edna-silo";

    private static WebApplication BuildWithStatus(string[] args, string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp || address.PathAndQuery != "/")
            throw new OptionsValidationException(StatusUrl, typeof(string), [$"{StatusUrl}: must be an address such as http://0.0.0.0:9090, not '{url}'."]);
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddEdnaSilo();
        builder.Services.AddTelemetry(builder.Configuration, Name, metrics => metrics.AddPrometheusExporter());
        // Images of ASP.NET's set ports too, which would be warned of.
        builder.WebHost.UseUrls(url).UseSetting(WebHostDefaults.HttpPortsKey, "");
        var app = builder.Build();
        app.MapGet("/health/live", () => TypedResults.Text("live"));
        app.MapGet("/health/ready", (IHostApplicationLifetime life) => IsReady(life)
            ? TypedResults.Text("ready")
            : TypedResults.Text(life.ApplicationStopping.IsCancellationRequested ? "This silo is being stopped." : "This silo has not joined yet.", statusCode: StatusCodes.Status503ServiceUnavailable));
        app.MapPrometheusScrapingEndpoint("/metrics");
        return app;
    }

    /// <summary>All services have started, the silo among them, and none is being stopped.</summary>
    private static bool IsReady(IHostApplicationLifetime life) => life.ApplicationStarted.IsCancellationRequested && !life.ApplicationStopping.IsCancellationRequested;
}
