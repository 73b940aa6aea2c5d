using Edna.Results;
using Orleans.Concurrency;

namespace Edna.Access;

/// <summary>One API key. Key: its id. Only a SHA-256 of the secret is stored.</summary>
[Alias("edna.IApiKeyGrain")]
public interface IApiKeyGrain : IGrainWithStringKey
{
    /// <summary>Makes the key. Errors: <c>request.invalid</c>.</summary>
    /// <param name="request">What to make.</param>
    /// <param name="tenant">The tenant it is for.</param>
    /// <param name="secretSha256">The SHA-256 of the whole key's UTF-8, 32 bytes.</param>
    /// <param name="by">Who asks.</param>
    [Alias("Create")] Task<Result<ApiKey>> CreateAsync(CreateApiKey request, string tenant, byte[] secretSha256, string by);

    /// <summary>Who the secret stands for; null when it is not this key's, or the key has expired or was revoked.</summary>
    /// <param name="secretSha256">The SHA-256 of the whole key's UTF-8, compared in constant time.</param>
    [Alias("Verify"), ReadOnly] Task<KeyHolder?> VerifyAsync(byte[] secretSha256);

    /// <summary>The key. Errors: <c>api_key.not_found</c>.</summary>
    /// <param name="tenant">The caller's tenant.</param>
    [Alias("Get"), ReadOnly] Task<Result<ApiKey>> GetAsync(string tenant);

    /// <summary>Ends the key; ended before: nothing changes. Errors: <c>api_key.not_found</c>.</summary>
    /// <param name="tenant">The caller's tenant.</param>
    [Alias("Revoke")] Task<Result<ApiKey>> RevokeAsync(string tenant);
}

/// <summary>The ids of a tenant's API keys, in the order they were made. Key: the tenant. At most <see cref="Limit"/>.</summary>
[Alias("edna.IApiKeyDirectoryGrain")]
public interface IApiKeyDirectoryGrain : IGrainWithStringKey
{
    /// <summary>API keys that a tenant may have.</summary>
    const int Limit = 1_000;

    /// <summary>Makes a key with a new secret and notes it. Errors: <c>request.invalid</c>, <c>api_key.limit_reached</c>.</summary>
    /// <param name="request">What to make.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="name">The id that it gets; a key that has it already is answered, without its secret. Null for a new one.</param>
    [Alias("Create"), Once] Task<Result<ApiKey>> CreateAsync(CreateApiKey request, string by, string? name = null);

    /// <summary>A page of the keys, without their secrets.</summary>
    [Alias("List"), ReadOnly] Task<Result<ApiKeyPage>> ListAsync(string? cursor, int limit);
}

/// <summary>A page of API keys.</summary>
[GenerateSerializer, Immutable, Alias("edna.ApiKeyPage")]
public sealed record ApiKeyPage
{
    /// <summary>The keys.</summary>
    [Id(0)] public required IReadOnlyList<ApiKey> Items { get; init; }

    /// <summary>Where the next page starts; null at the end.</summary>
    [Id(1)] public string? NextCursor { get; init; }
}

/// <summary>What can be wrong with a request about API keys.</summary>
public static class ApiKeyErrors
{
    /// <summary><c>api_key.not_found</c>.</summary>
    /// <param name="id">The id asked for.</param>
    public static Problem NotFound(string id) => new()
    {
        Code = "api_key.not_found", Status = 404, Title = "There is no such API key.",
        Detail = $"No API key has the id '{id}'. GET /v1/api-keys lists those there are.",
    };

    /// <summary><c>api_key.limit_reached</c>.</summary>
    public static Problem LimitReached() => new()
    {
        Code = "api_key.limit_reached", Status = 409, Title = "There are too many API keys.",
        Detail = $"A tenant may have {IApiKeyDirectoryGrain.Limit} API keys, revoked ones included.",
    };
}
