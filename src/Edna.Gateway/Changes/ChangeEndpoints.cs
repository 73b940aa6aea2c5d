using Edna.Access;
using Edna.Answers;
using Edna.OpenApi;
using Edna.Requests;

namespace Edna.Changes;

/// <summary><c>/v1/datasets/{dataset}/changes</c>, page by page or as a live stream.</summary>
internal static class ChangeEndpoints
{
    /// <summary>Maps the route.</summary>
    public static void MapChanges(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/datasets/{dataset}/changes", GetAsync).WithTags("Changes").AddEndpointFilter<BoundFilter>().Requires(Permissions.Read)
            .Says<ChangePage>("Read what happened, in order: page by page, or with Accept: text/event-stream as it happens").Refuses(404, 409, 410);

    private static async Task<IResult> GetAsync(DatasetAddress at, ChangesAsked asked, ChangePages pages, ChangeStreams streams, CancellationToken ct) =>
        asked.Stream ? streams.Of(at, asked.Since) : (await pages.ReadAsync(at, asked, ct)).ToAnswer();
}
