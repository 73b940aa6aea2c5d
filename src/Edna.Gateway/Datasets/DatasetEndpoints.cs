using Edna.Access;
using Edna.Answers;
using Edna.Idempotency;
using Edna.Jobs;
using Edna.Keys;
using Edna.OpenApi;
using Edna.Requests;
using Edna.Results;
using Edna.Search;

namespace Edna.Datasets;

/// <summary><c>/v1/datasets</c>.</summary>
internal static class DatasetEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapDatasets(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/datasets").WithTags("Datasets").AddEndpointFilter<BoundFilter>();
        group.MapPost("", CreateAsync).Requires(Permissions.Write).Idempotent()
            .Says<Dataset>("Make a dataset", 201).Refuses(409);
        group.MapGet("", ListAsync).Requires(Permissions.Read)
            .Says<DatasetPage>("List the datasets, by name");
        group.MapGet("{dataset}", GetAsync).Requires(Permissions.Read)
            .Says<Dataset>("Read a dataset with its stats").Refuses(404);
        group.MapPatch("{dataset}", PatchAsync).Requires(Permissions.Write)
            .Says<Dataset>("Change a dataset by JSON merge patch").Refuses(404, 412);
        group.MapDelete("{dataset}", DeleteAsync).Requires(Permissions.Write)
            .Says("Remove an empty dataset, or with ?purge=true everything in it", 204).Produces<Job>(202).Refuses(404, 409, 412);
    }

    private static async Task<Answer<Dataset>> CreateAsync(Caller caller, Body<CreateDataset> body, IdempotencyKey key, IGrainFactory grains)
    {
        if (!DatasetName.IsValid(body.Value.Name)) return RequestErrors.Invalid("name", DatasetName.Rule);
        var dataset = new DatasetKey(caller.Tenant, body.Value.Name!);
        var result = await grains.Dataset(dataset).CreateAsync(body.Value, caller.Subject, key.ScopedTo(caller));
        return result.TryGet(out var made, out var problem)
            ? new Answer<Dataset> { Value = made, Status = 201, Revision = made.Revision, Location = $"/v1/datasets/{made.Name}" }
            : problem;
    }

    private static async Task<Answer<DatasetPage>> ListAsync(Caller caller, Page page, IGrainFactory grains) =>
        (await grains.Query(caller).ListDatasetsAsync(page.Cursor, page.Limit)).ToAnswer();

    private static async Task<Answer<Dataset>> GetAsync(DatasetAddress at, IGrainFactory grains) =>
        (await grains.Query(at.Caller).GetDatasetAsync(at.Key)).ToAnswer(d => d.Revision);

    private static async Task<Answer<Dataset>> PatchAsync(DatasetAddress at, MergePatch patch, IfMatch ifMatch, IGrainFactory grains) =>
        (await grains.Dataset(at.Key).PatchAsync(patch.Value, ifMatch.Revision, at.By)).ToAnswer(d => d.Revision);

    private static async Task<Answer<Job>> DeleteAsync(DatasetAddress at, DeleteDataset query, IfMatch ifMatch, IGrainFactory grains)
    {
        var dataset = grains.Dataset(at.Key);
        if (!query.Purge)
            return (await dataset.DeleteAsync(ifMatch.Revision)).TryGet(out _, out var refused) ? new Answer<Job> { Status = 204 } : refused;
        if (!at.Caller.May(Permissions.Admin)) return AccessErrors.Forbidden(Permissions.Admin);
        if (!(await dataset.PurgeAsync(ifMatch.Revision, at.By)).TryGet(out var id, out var problem)) return problem;
        return (await grains.Job(at.Caller, id).GetAsync()).TryGet(out var job, out problem)
            ? new Answer<Job> { Value = job, Status = 202, Location = $"/v1/jobs/{id}" }
            : problem;
    }
}
