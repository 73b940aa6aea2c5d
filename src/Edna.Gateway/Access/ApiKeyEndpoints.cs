using System.Reflection;
using System.Text.Json;
using Edna.Answers;
using Edna.Idempotency;
using Edna.Json;
using Edna.OpenApi;
using Edna.Requests;
using Edna.Results;
using Microsoft.AspNetCore.Http.Metadata;

namespace Edna.Access;

/// <summary><c>/v1/api-keys</c>.</summary>
internal static class ApiKeyEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/api-keys").WithTags("API keys").AddEndpointFilter<BoundFilter>();
        group.MapPost("", CreateAsync).Requires(Permissions.Admin).Idempotent(WithoutSecret)
            .Says<ApiKey>("Make an API key; the answer alone has its secret", 201).Refuses(409);
        group.MapGet("", ListAsync).Requires(Permissions.Admin)
            .Says<ApiKeyPage>("List the API keys");
        group.MapGet("{key}", GetAsync).Requires(Permissions.Admin)
            .Says<ApiKey>("Read an API key, without its secret").Refuses(404);
        group.MapDelete("{key}", RevokeAsync).Requires(Permissions.Admin)
            .Says("Revoke an API key; it stops working within 10 seconds", 204).Refuses(404);
    }

    private static async Task<Answer<ApiKey>> CreateAsync(Caller caller, Body<CreateApiKey> body, IdempotencyKey idempotency, IGrainFactory grains)
    {
        var result = await grains.GetGrain<IApiKeyDirectoryGrain>(caller.Tenant).CreateAsync(body.Value, caller.Subject, idempotency.Name);
        return result.TryGet(out var key, out var problem)
            ? new Answer<ApiKey> { Value = key, Status = 201, Location = $"/v1/api-keys/{key.Id}" }
            : problem;
    }

    private static async Task<Answer<ApiKeyPage>> ListAsync(Caller caller, Page page, IGrainFactory grains) =>
        (await grains.GetGrain<IApiKeyDirectoryGrain>(caller.Tenant).ListAsync(page.Cursor, page.Limit)).ToAnswer();

    private static async Task<Answer<ApiKey>> GetAsync(ApiKeyAddress at, IGrainFactory grains) =>
        (await grains.GetGrain<IApiKeyGrain>(at.Id).GetAsync(at.Caller.Tenant)).ToAnswer();

    private static async Task<Answer<ApiKey>> RevokeAsync(ApiKeyAddress at, IGrainFactory grains) =>
        (await grains.GetGrain<IApiKeyGrain>(at.Id).RevokeAsync(at.Caller.Tenant)).ToNoContent();

    // An answer that is kept to be repeated must not keep the secret with it.
    private static byte[] WithoutSecret(byte[] body) =>
        JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize(body, EdnaJson.Of<ApiKey>())! with { Secret = null }, EdnaJson.Of<ApiKey>());
}

/// <summary>The API key that an address names.</summary>
internal sealed class ApiKeyAddress : IBound, IEndpointParameterMetadataProvider
{
    /// <summary>The key's id.</summary>
    public string Id { get; private init; } = "";

    /// <summary>Who asks.</summary>
    public required Caller Caller { get; init; }

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the address. An id that no key can have is a key that is not there.</summary>
    public static ValueTask<ApiKeyAddress> BindAsync(HttpContext context)
    {
        var (caller, id) = (Caller.Of(context), (string?)context.GetRouteValue("key") ?? "");
        return new(new ApiKeyAddress { Caller = caller, Id = id, Problem = ApiKeyScheme.IsId(id) ? null : ApiKeyErrors.NotFound(id) });
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new RequestParameter("key", "path", "The key's id, 16 characters."));
}
