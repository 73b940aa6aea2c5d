using System.Globalization;
using Edna.Answers;
using Edna.Results;

namespace Edna.Problems;

/// <summary>The one place where a <see cref="Problem"/> becomes an HTTP answer.</summary>
internal static class ProblemAnswers
{
    /// <summary>Answers a request with a problem, and leaves it among the request's features.</summary>
    public static Task WriteProblemAsync(this HttpContext http, Problem problem)
    {
        http.Features.Set(problem);
        if (problem.RetryAfterSeconds is { } seconds)
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return http.WriteJsonAsync(problem.Status, ProblemDocument.From(problem, http), ProblemDocument.MediaType);
    }
}

/// <summary>A handler's answer that is a problem.</summary>
/// <param name="problem">What is wrong.</param>
internal sealed class ProblemAnswer(Problem problem) : IResult
{
    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext) => httpContext.WriteProblemAsync(problem);
}
