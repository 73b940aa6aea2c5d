using Edna.Access;
using Edna.Problems;

namespace Edna.OpenApi;

/// <summary>Says on a route who may call it and what it answers.</summary>
internal static class RouteWords
{
    /// <summary>Only callers with a permission.</summary>
    public static RouteHandlerBuilder Requires(this RouteHandlerBuilder route, string permission) =>
        route.RequireAuthorization(permission).WithMetadata(new RequiredPermission(permission));

    /// <summary>What it does, and what it answers when it could.</summary>
    public static RouteHandlerBuilder Says<T>(this RouteHandlerBuilder route, string summary, int status = 200) =>
        route.WithSummary(summary).Produces<T>(status).Refuses(400, 401, 403, 503);

    /// <summary>What it does, where success has no body.</summary>
    public static RouteHandlerBuilder Says(this RouteHandlerBuilder route, string summary, int status) =>
        route.WithSummary(summary).Produces(status).Refuses(400, 401, 403, 503);

    /// <summary>The problems that it may answer.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses) route.Produces<ProblemDocument>(status, ProblemDocument.MediaType);
        return route;
    }
}

/// <summary>The permission that a route asks for.</summary>
/// <param name="Permission">One of <see cref="Permissions"/>.</param>
internal sealed record RequiredPermission(string Permission);
