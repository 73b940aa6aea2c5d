using Edna.Results;
using Microsoft.AspNetCore.Authentication;

namespace Edna.Access;

/// <summary>
/// Checks again, while a request goes on for long, that whoever sent it would still be let in: its key or token goes through the same
/// checks as that of a new request, so a revoked key counts for <see cref="ApiKeyCache.Life"/> at most.
/// </summary>
internal sealed class StandingAccess(IServiceScopeFactory scopes)
{
    /// <summary>Why the caller of a request would be refused now; null while they would not.</summary>
    /// <param name="http">The request.</param>
    /// <param name="permission">What it needs, one of <see cref="Permissions"/>.</param>
    public async Task<Problem?> FaultOfAsync(HttpContext http, string permission)
    {
        await using var scope = scopes.CreateAsyncScope();
        var again = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        again.Request.Headers.Authorization = http.Request.Headers.Authorization;
        var checkedNow = await again.AuthenticateAsync();
        if (checkedNow.Principal?.Identity is not CallerIdentity { Caller: var caller })
            return again.Features.Get<AccessFault>()?.Problem ?? AccessErrors.Missing();
        return caller.May(permission) && caller.Tenant == Caller.Of(http).Tenant ? null : AccessErrors.Forbidden(permission);
    }
}
