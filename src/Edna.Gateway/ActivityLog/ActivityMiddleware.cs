using Edna.Access;
using Edna.Events;
using Edna.OpenApi;
using Edna.Problems;
using Edna.Results;

namespace Edna.ActivityLog;

/// <summary>Notes every request that may change something, also one that is refused: who, what, which, from where, what came of it.</summary>
internal sealed class ActivityMiddleware(RequestDelegate next, ActivityWriter writer, TimeProvider time)
{
    /// <summary>Route values that name what a request is about, after the dataset.</summary>
    private static readonly string[] Targets = ["item", "job", "webhook", "key", "delivery"];

    /// <summary>Carries the request out.</summary>
    public Task InvokeAsync(HttpContext http) => writer.IsOn && MayChange(http) ? NoteAsync(http) : next(http);

    private async Task NoteAsync(HttpContext http)
    {
        var (at, started) = (time.GetUtcNow(), time.GetTimestamp());
        try
        {
            await next(http);
        }
        catch (Exception fault)
        {
            await WriteAsync(http, at, started, Faults.ToProblem(fault));
            throw;
        }
        await WriteAsync(http, at, started, http.Features.Get<Problem>());
    }

    private ValueTask WriteAsync(HttpContext http, DateTimeOffset at, long started, Problem? problem)
    {
        var caller = (http.User.Identity as CallerIdentity)?.Caller;
        return writer.WriteAsync(new()
        {
            At = at, Tenant = caller?.Tenant, Who = caller?.Subject, Action = $"{http.Request.Method} {(http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/')}",
            Dataset = http.GetRouteValue("dataset") as string, Target = Targets.Select(http.GetRouteValue).OfType<string>().FirstOrDefault(),
            From = http.Connection.RemoteIpAddress?.ToString(), Status = problem?.Status ?? http.Response.StatusCode, Code = problem?.Code,
            DurationMs = time.GetElapsedTime(started).TotalMilliseconds, TraceId = ProblemDocument.TraceIdOf(http),
        });
    }

    private static bool MayChange(HttpContext http) => !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method)
        && http.GetEndpoint()?.Metadata is { } metadata
        && (metadata.GetMetadata<RequiredPermission>() is { Permission: not Permissions.Read } || metadata.GetMetadata<CallbackAccess>() is not null);
}
