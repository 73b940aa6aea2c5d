using Edna.Results;
using Microsoft.AspNetCore.Authentication;

namespace Edna.Access;

/// <summary>Why a request's credentials were refused, kept with the request until it is answered.</summary>
/// <param name="Problem">The answer.</param>
internal sealed record AccessFault(Problem Problem)
{
    /// <summary>Refuses the credentials of a request.</summary>
    public static AuthenticateResult Refuse(HttpContext http, Problem problem)
    {
        http.Features.Set(new AccessFault(problem));
        return AuthenticateResult.Fail(problem.Code);
    }
}
