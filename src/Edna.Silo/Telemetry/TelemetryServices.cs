using System.Globalization;
using Edna.Items;
using Edna.Objects;
using Edna.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Edna.Hosting;

/// <summary>Adds metrics and traces.</summary>
public static class TelemetryServices
{
    /// <summary>The OpenTelemetry variable that switches OTLP on: where the collector is.</summary>
    public const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>EDNA's own meters, those of Orleans, of HTTP in both directions, and of the runtime.</summary>
    private static readonly string[] Meters = ["Edna.*", "Microsoft.Orleans", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime"];

    /// <summary>From the grains, which a request goes through, to the store: Orleans, the calls of ports, and outgoing HTTP that is not of an SDK.</summary>
    private static readonly string[] Sources = [CallMeter.Name, "Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application", "System.Net.Http"];

    /// <summary>
    /// Collects metrics, and exports metrics and traces by OTLP when <see cref="OtlpEndpoint"/> is set; the other <c>OTEL_*</c> variables are read by
    /// OpenTelemetry itself.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root of the configuration.</param>
    /// <param name="service">What the process calls itself unless <c>OTEL_SERVICE_NAME</c> does.</param>
    /// <param name="metrics">More readers of the metrics.</param>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration, string service, Action<MeterProviderBuilder>? metrics = null)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(configuration["OTEL_SERVICE_NAME"] ?? service, serviceInstanceId: Environment.ProcessId.ToString(CultureInfo.InvariantCulture)))
            .WithMetrics(meters =>
            {
                meters.AddMeter(Meters);
                metrics?.Invoke(meters);
            });
        if (!IsTraced(configuration)) return services;
        telemetry.WithMetrics(meters => meters.AddOtlpExporter()).WithTracing(traces => traces.AddAspNetCoreInstrumentation().AddSource(Sources).AddOtlpExporter());
        return services;
    }

    /// <summary>Whether traces are exported: then calls of grains carry the trace that they are part of (<c>AddActivityPropagation</c>), and cost a little more.</summary>
    /// <param name="configuration">The root of the configuration.</param>
    internal static bool IsTraced(IConfiguration configuration) => configuration[OtlpEndpoint] is { Length: > 0 };

    /// <summary>Has the calls of the ports that are registered by now measured.</summary>
    internal static IServiceCollection MeasurePorts(this IServiceCollection services)
    {
        Wrap<IObjectStore>(services, store => new MeasuredObjectStore(store));
        Wrap<IItemTable>(services, table => new MeasuredItemTable(table));
        return services;
    }

    private static void Wrap<T>(IServiceCollection services, Func<T, T> wrap) where T : class
    {
        var inner = services.Last(service => service.ServiceType == typeof(T));
        services.Remove(inner);
        services.AddSingleton(provider => wrap((T)(inner.ImplementationInstance ?? inner.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!))));
    }
}
