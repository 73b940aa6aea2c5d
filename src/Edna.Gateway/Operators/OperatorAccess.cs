using Edna.Access;
using Microsoft.AspNetCore.Authorization;

namespace Edna.Operators;

/// <summary>
/// Who may see the service as a whole: admins of the tenant <see cref="Caller.DefaultTenant"/>, the service's own. What operators see is of all tenants, so the admin of
/// another is none.
/// </summary>
internal sealed class OperatorRequirement : AuthorizationHandler<OperatorRequirement>, IAuthorizationRequirement
{
    /// <summary>The policy's name.</summary>
    public const string Policy = "operators";

    /// <inheritdoc />
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, OperatorRequirement requirement)
    {
        if (context.User.Identity is CallerIdentity { Caller: { Tenant: Caller.DefaultTenant } caller } && caller.May(Permissions.Admin)) context.Succeed(requirement);
        return Task.CompletedTask;
    }
}

/// <summary>
/// Marks a route that a browser or a scraper opens: the key may come as the password of Basic authentication. Only these take it so: what a browser keeps and
/// sends by itself must not be good for a change.
/// </summary>
internal sealed class OperatorRoute
{
    /// <summary>The challenge that has a browser ask.</summary>
    public const string Challenge = "Basic realm=\"EDNA operators\", charset=\"UTF-8\"";

    /// <summary>Whether a request is for such a route.</summary>
    public static bool IsOf(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<OperatorRoute>() is not null;
}
