using Edna.Hosting;
using OpenTelemetry.Metrics;
using Orleans.Dashboard;

namespace Edna.Operators;

/// <summary><c>/metrics</c> for Prometheus and <c>/dashboard</c>, the Orleans Dashboard. For operators only.</summary>
internal static class OperatorEndpoints
{
    /// <summary>Where the dashboard is.</summary>
    public const string Dashboard = "/dashboard";

    /// <summary>Where metrics are read.</summary>
    public const string Metrics = "/metrics";

    /// <summary>Adds what the routes stand on.</summary>
    public static IServiceCollection AddOperators(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAuthorizationBuilder().AddPolicy(OperatorRequirement.Policy, policy => policy.RequireAuthenticatedUser().AddRequirements(new OperatorRequirement()));
        return services.AddTelemetry(configuration, "edna-gateway", metrics => metrics.AddPrometheusExporter());
    }

    /// <summary>Maps the routes.</summary>
    public static void MapOperators(this IEndpointRouteBuilder routes)
    {
        routes.MapPrometheusScrapingEndpoint(Metrics).RequireAuthorization(OperatorRequirement.Policy).WithMetadata(new OperatorRoute());
        routes.MapOrleansDashboard(Dashboard).RequireAuthorization(OperatorRequirement.Policy).WithMetadata(new OperatorRoute()).ExcludeFromDescription();
    }
}
