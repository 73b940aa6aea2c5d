using Edna.Access;
using Edna.Answers;
using Edna.Idempotency;
using Edna.Jobs;
using Edna.OpenApi;
using Edna.Requests;

namespace Edna.Imports;

/// <summary><c>/v1/datasets/{dataset}/imports</c>.</summary>
internal static class ImportEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapImports(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/datasets/{dataset}/imports").WithTags("Jobs").AddEndpointFilter<BoundFilter>();
        group.MapPost("", StartAsync).Requires(Permissions.Write).Idempotent()
            .Says<Job>("Register objects where they lie, by a job", 202).Refuses(404, 409, 501);
    }

    private static async Task<Answer<Job>> StartAsync(DatasetAddress at, Body<CreateImport> body, IdempotencyKey key, IGrainFactory grains)
    {
        // Of two attempts at one request the second finds the job of the first.
        var id = $"import-{at.Key.Dataset}-{key.Name ?? Guid.NewGuid().ToString("n")}";
        return (await grains.Job(at.Caller, id).StartImportAsync(at.Key.Dataset, body.Value, at.By)).TryGet(out var job, out var problem)
            ? new Answer<Job> { Value = job, Status = 202, Location = $"/v1/jobs/{id}" }
            : problem;
    }
}
