using Edna.Operators;
using Edna.Problems;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Edna.Access;

/// <summary>Asks for one of <see cref="Permissions"/>.</summary>
/// <param name="permission">Which.</param>
internal sealed class PermissionRequirement(string permission) : AuthorizationHandler<PermissionRequirement>, IAuthorizationRequirement
{
    /// <summary>The permission.</summary>
    public string Permission { get; } = permission;

    /// <inheritdoc />
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (context.User.Identity is CallerIdentity { Caller: var caller } && caller.May(requirement.Permission)) context.Succeed(requirement);
        return Task.CompletedTask;
    }
}

/// <summary>Answers 401 and 403 with a problem that says what is missing.</summary>
internal sealed class AccessAnswers : IAuthorizationMiddlewareResultHandler
{
    /// <inheritdoc />
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded) return next(context);
        if (authorizeResult.Forbidden)
        {
            var missing = authorizeResult.AuthorizationFailure?.FailedRequirements.OfType<PermissionRequirement>().FirstOrDefault()?.Permission;
            return context.WriteProblemAsync(OperatorRoute.IsOf(context) ? AccessErrors.NotTheOperator() : AccessErrors.Forbidden(missing ?? Permissions.Read));
        }
        var problem = context.Features.Get<AccessFault>()?.Problem ?? AccessErrors.Missing();
        if (problem.Status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = problem.Code == "auth.missing" ? "Bearer realm=\"edna\"" : "Bearer realm=\"edna\", error=\"invalid_token\"";
        if (problem.Status == StatusCodes.Status401Unauthorized && OperatorRoute.IsOf(context)) context.Response.Headers.Append("WWW-Authenticate", OperatorRoute.Challenge);
        return context.WriteProblemAsync(problem);
    }
}
