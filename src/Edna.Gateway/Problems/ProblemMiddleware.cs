using Edna.Results;
using Microsoft.AspNetCore.Http.Features;

namespace Edna.Problems;

/// <summary>
/// Outermost: every failure leaves as a problem document, also those that ASP.NET answers with an empty body (unknown route,
/// wrong method, wrong media type) and those that are thrown.
/// </summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    private const int ClientClosedRequest = 499;

    /// <summary>Carries the request out.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer, and a client that goes away is no fault.
            if (!http.Response.HasStarted) http.Response.StatusCode = ClientClosedRequest;
            return;
        }
        catch (Exception fault) when (!http.Response.HasStarted)
        {
            await AnswerAsync(http, fault);
            return;
        }
        if (IsEmptyFailure(http.Response)) await http.WriteProblemAsync(OfStatus(http));
    }

    private Task AnswerAsync(HttpContext http, Exception fault)
    {
        var problem = Faults.ToProblem(fault);
        if (problem.Status == StatusCodes.Status500InternalServerError) LogFault(http.Request.Method, http.Request.Path, fault);
        else if (problem.Status == StatusCodes.Status503ServiceUnavailable) LogUnavailable(http.Request.Method, http.Request.Path, fault.Message);
        http.Response.Clear();
        return http.WriteProblemAsync(problem);
    }

    private static bool IsEmptyFailure(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400 and not ClientClosedRequest, ContentType: null, ContentLength: null or 0 };

    private static Problem OfStatus(HttpContext http) => http.Response.StatusCode switch
    {
        404 => GatewayErrors.RouteNotFound(http.Request.Path),
        405 => GatewayErrors.MethodNotAllowed(http.Request.Method, http.Response.Headers.Allow.ToString()),
        413 => GatewayErrors.TooLarge(http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize),
        415 => GatewayErrors.UnsupportedMediaType(http.Request.ContentType),
        503 => RequestErrors.Unavailable("The service"),
        >= 500 => RequestErrors.Internal(),
        var status => GatewayErrors.Bad(status),
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private partial void LogFault(string method, string path, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} was refused for now: {Reason}")]
    private partial void LogUnavailable(string method, string path, string reason);
}
