using Edna.Access;
using Edna.Answers;
using Edna.OpenApi;
using Edna.Requests;

namespace Edna.Search;

/// <summary><c>/v1/search</c>.</summary>
internal static class SearchEndpoints
{
    /// <summary>Maps the route.</summary>
    public static void MapSearch(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/search", SearchAsync).WithTags("Search").AddEndpointFilter<BoundFilter>().Requires(Permissions.Read)
            .Says<SearchPage>("Search items by text, filters and facets").Refuses(404);

    private static async Task<Answer<SearchPage>> SearchAsync(Caller caller, Body<SearchRequest> body, IGrainFactory grains) =>
        (await grains.Query(caller).SearchAsync(body.Value)).ToAnswer();
}
