using System.Reflection;
using Edna.Access;
using Edna.Answers;
using Edna.OpenApi;
using Edna.Problems;
using Edna.Requests;
using Edna.Results;
using Microsoft.AspNetCore.Http.Metadata;

namespace Edna.Changes;

/// <summary><c>/v1/datasets/{dataset}/changes</c>, page by page.</summary>
internal static class ChangeEndpoints
{
    /// <summary>Maps the route.</summary>
    public static void MapChanges(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/datasets/{dataset}/changes", GetAsync).WithTags("Changes").AddEndpointFilter<BoundFilter>().Requires(Permissions.Read)
            .Says<ChangePage>("Read what happened, in order").Refuses(404, 501);

    private static async Task<Answer<ChangePage>> GetAsync(DatasetAddress at, ChangesSince query, IGrainFactory grains) =>
        (await grains.Query(at.Caller).GetChangesAsync(at.Key, query.Since, query.Limit)).ToAnswer();
}

/// <summary>Which changes: <c>?since=</c> and <c>?limit=</c>.</summary>
internal sealed class ChangesSince : IBound, IEndpointParameterMetadataProvider
{
    /// <summary>The cursor after which to read; null from the oldest kept.</summary>
    public string? Since { get; private init; }

    /// <summary>1–1000.</summary>
    public int Limit { get; private init; }

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the query. Waiting and streaming are refused as long as there is neither.</summary>
    public static ValueTask<ChangesSince> BindAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request.Query);
        var asked = new ChangesSince { Since = query.Text("since"), Limit = query.Limit(), Problem = query.Problem };
        if (context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase))
            return new(new ChangesSince { Problem = GatewayErrors.ChangesStreamUnavailable() });
        return new(context.Request.Query.ContainsKey("wait") ? new ChangesSince { Problem = GatewayErrors.ChangesWaitUnavailable() } : asked);
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new RequestParameter("since", "query", "The cursor after which to read; the oldest kept when left out."));
        builder.Metadata.Add(new RequestParameter("limit", "query", "Changes on a page, 1 to 1000; 100 when left out.", "integer") { Minimum = 1, Maximum = Page.MaxLimit });
        builder.Metadata.Add(new RequestParameter("wait", "query", "Seconds to wait for a change (not available yet: 501).", "integer"));
    }
}
