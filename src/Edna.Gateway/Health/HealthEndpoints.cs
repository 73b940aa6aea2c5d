using Edna.Answers;
using Edna.OpenApi;
using Edna.Results;

namespace Edna.Health;

/// <summary><c>/health/live</c>: the process runs. <c>/health/ready</c>: requests can be served, see <see cref="Readiness"/>.</summary>
internal static class HealthEndpoints
{
    private static readonly HealthReport Live = new() { Status = "live", Parts = new Dictionary<string, string>() };

    /// <summary>Maps the routes. Anybody may ask.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/health").WithTags("Health").AllowAnonymous();
        group.MapGet("live", () => new Answer<HealthReport> { Value = Live }).WithSummary("Whether the process runs").Produces<HealthReport>();
        group.MapGet("ready", ReadyAsync).WithSummary("Whether requests can be served").Produces<HealthReport>().Refuses(503);
    }

    private static async Task<Answer<HealthReport>> ReadyAsync(IGrainFactory grains, IHostApplicationLifetime life, Readiness readiness)
    {
        if (life.ApplicationStopping.IsCancellationRequested) return RequestErrors.Unavailable("This process") with { Detail = "This process is being stopped." };
        var parts = await grains.GetGrain<IHealthGrain>(0).CheckAsync();
        var unwell = parts.Where(p => !p.Healthy).Select(p => p.Name).ToList();
        if (!readiness.IsReady(unwell))
            return RequestErrors.Unavailable($"Of what the service stands on, {string.Join(" and ", unwell)}") with { Errors = unwell.ToDictionary(p => p, string[] (_) => ["does not answer"]) };
        return new HealthReport { Status = unwell.Count == 0 ? "ready" : "degraded", Parts = parts.ToDictionary(p => p.Name, p => p.Healthy ? "ok" : "does not answer") };
    }
}

/// <summary>How the service is.</summary>
public sealed record HealthReport
{
    /// <summary><c>live</c>, <c>ready</c>, or <c>degraded</c> when something that it stands on does not answer.</summary>
    public required string Status { get; init; }

    /// <summary>What it stands on, each with <c>ok</c> or <c>does not answer</c>.</summary>
    public required IReadOnlyDictionary<string, string> Parts { get; init; }
}
