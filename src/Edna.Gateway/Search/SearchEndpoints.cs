using System.Text.Json.Serialization;
using Edna.Access;
using Edna.Answers;
using Edna.Idempotency;
using Edna.Jobs;
using Edna.OpenApi;
using Edna.Requests;
using Edna.Results;

namespace Edna.Search;

/// <summary><c>/v1/search</c>, the switch for what fills its index: <c>/v1/search/indexing</c>, and a new index: <c>/v1/search/reindex</c>.</summary>
internal static class SearchEndpoints
{
    /// <summary>Maps the route.</summary>
    public static void MapSearch(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/search").WithTags("Search").AddEndpointFilter<BoundFilter>();
        group.MapPost("", SearchAsync).Requires(Permissions.Read)
            .Says<SearchPage>("Search items by text, filters and facets").Refuses(404);
        group.MapGet("indexing", GetIndexingAsync).Requires(Permissions.Admin)
            .Says<Indexing>("Whether the search index is being filled, and the items that it does not take in, for admins of the default tenant");
        group.MapPut("indexing", SetIndexingAsync).Requires(Permissions.Admin)
            .Says<Indexing>("Pause filling the search index, or resume it; nothing is lost meanwhile. For admins of the default tenant");
        group.MapPost("reindex", ReindexAsync).Requires(Permissions.Admin).Idempotent()
            .Says<Job>("Make the search index anew beside the one in use, by a job, and let it take its place. For admins of the default tenant", 202).Refuses(409);
    }

    private static async Task<Answer<SearchPage>> SearchAsync(Caller caller, Body<SearchRequest> body, IGrainFactory grains, CancellationToken gone) =>
        (await grains.Search(caller).SearchAsync(body.Value, gone)).ToAnswer();

    private static async Task<Answer<Indexing>> GetIndexingAsync(Caller caller, IGrainFactory grains) =>
        RefusalOf(caller) is { } refused ? refused : await grains.GetGrain<IIndexingGrain>(0).GetAsync();

    private static async Task<Answer<Indexing>> SetIndexingAsync(Caller caller, Body<SetIndexing> body, IGrainFactory grains) =>
        RefusalOf(caller) is { } refused ? refused : await grains.GetGrain<IIndexingGrain>(0).SetAsync(body.Value.Paused, caller.Subject);

    private static async Task<Answer<Job>> ReindexAsync(Caller caller, IdempotencyKey key, IGrainFactory grains)
    {
        if (RefusalOf(caller) is { } refused) return refused;
        return (await grains.GetGrain<IIndexingGrain>(0).StartReindexAsync(caller.Tenant, caller.Subject, key.Name)).TryGet(out var job, out var problem)
            ? new Answer<Job> { Value = job, Status = 202, Location = $"/v1/jobs/{job.Id}" }
            : problem;
    }

    /// <summary>The index is everybody's: whoever runs the service switches it, who has the default tenant.</summary>
    private static Problem? RefusalOf(Caller caller) => caller.Tenant == Caller.DefaultTenant ? null : AccessErrors.NotTheOperator();
}

/// <summary>The body of <c>PUT /v1/search/indexing</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SetIndexing
{
    /// <summary>Whether rows shall wait for the index.</summary>
    public required bool Paused { get; init; }
}
