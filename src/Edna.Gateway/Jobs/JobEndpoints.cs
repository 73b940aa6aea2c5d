using System.Reflection;
using Edna.Access;
using Edna.Answers;
using Edna.OpenApi;
using Edna.Requests;
using Edna.Results;
using Microsoft.AspNetCore.Http.Metadata;

namespace Edna.Jobs;

/// <summary><c>/v1/jobs/{job}</c>.</summary>
internal static class JobEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/jobs").WithTags("Jobs").AddEndpointFilter<BoundFilter>();
        group.MapGet("{job}", GetAsync).Requires(Permissions.Read).Says<Job>("See how far a job is").Refuses(404);
        group.MapDelete("{job}", CancelAsync).Requires(Permissions.Write).Says<Job>("Cancel a job").Refuses(404, 409);
    }

    private static async Task<Answer<Job>> GetAsync(JobAddress at, IGrainFactory grains) => (await FindAsync(at, grains)).ToAnswer();

    private static async Task<Answer<Job>> CancelAsync(JobAddress at, IGrainFactory grains) =>
        (await FindAsync(at, grains)).Problem is { } missing ? missing : (await grains.Job(at.Caller, at.Id).CancelAsync()).ToAnswer();

    /// <summary>A job of the caller's. What concerns all tenants is the operators' alone; to others it is not there.</summary>
    private static async Task<Result<Job>> FindAsync(JobAddress at, IGrainFactory grains)
    {
        var found = await grains.Job(at.Caller, at.Id).GetAsync();
        return found.Value is { Kind: JobWorks.Reindex } && !at.Caller.May(Permissions.Admin) ? JobErrors.NotFound(at.Id) : found;
    }
}

/// <summary>The job that an address names, in the caller's tenant.</summary>
internal sealed class JobAddress : IBound, IEndpointParameterMetadataProvider
{
    private const int MaxLength = 128;

    /// <summary>The job's id.</summary>
    public string Id { get; private init; } = "";

    /// <summary>Who asks.</summary>
    public required Caller Caller { get; init; }

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the address. An id that no job can have is a job that is not there.</summary>
    public static ValueTask<JobAddress> BindAsync(HttpContext context)
    {
        var (caller, id) = (Caller.Of(context), (string?)context.GetRouteValue("job") ?? "");
        var valid = id.Length is > 0 and <= MaxLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        return new(new JobAddress { Caller = caller, Id = id, Problem = valid ? null : JobErrors.NotFound(id) });
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new RequestParameter("job", "path", "The job's id."));
}
