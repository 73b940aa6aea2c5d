using Edna.Hosting;
using Edna.Results;

namespace Edna.Access;

/// <inheritdoc cref="IApiKeyGrain" />
public sealed class ApiKeyGrain([PersistentState("apikey")] IPersistentState<ApiKeyState> key, TimeProvider time) : Grain, IApiKeyGrain
{
    private string Id => this.GetPrimaryKeyString();

    /// <inheritdoc />
    public async Task<Result<ApiKey>> CreateAsync(CreateApiKey request, string tenant, byte[] secretSha256, string by)
    {
        var now = time.GetUtcNow();
        if (ApiKeyRules.FaultOf(request, now) is { } problem) return problem;
        await key.WriteAsync(new()
        {
            Tenant = tenant, Name = request.Name!, Scopes = [.. request.Scopes!.Distinct()], SecretSha256 = secretSha256,
            CreatedAt = now, CreatedBy = by, ExpiresAt = request.ExpiresAt?.ToUniversalTime(),
        }, DeactivateOnIdle);
        return View();
    }

    /// <inheritdoc />
    public Task<KeyHolder?> VerifyAsync(byte[] secretSha256)
    {
        // Anybody can ask for any id: what is not there must not stay in memory.
        if (!key.RecordExists) DeactivateOnIdle();
        return Task.FromResult(key.RecordExists && ApiKeyRules.Opens(key.State, secretSha256, time.GetUtcNow()) ? Holder() : null);
    }

    /// <inheritdoc />
    public Task<Result<ApiKey>> GetAsync(string tenant) => Task.FromResult<Result<ApiKey>>(IsOf(tenant) ? View() : ApiKeyErrors.NotFound(Id));

    /// <inheritdoc />
    public async Task<Result<ApiKey>> RevokeAsync(string tenant)
    {
        if (!IsOf(tenant)) return ApiKeyErrors.NotFound(Id);
        if (key.State.RevokedAt is not null) return View();
        await key.WriteAsync(key.State.RevokedSince(time.GetUtcNow()), DeactivateOnIdle);
        return View();
    }

    private bool IsOf(string tenant) => key.RecordExists && key.State.Tenant == tenant;

    private KeyHolder Holder() => new()
    {
        Tenant = key.State.Tenant, Subject = $"key:{key.State.Name}", Scopes = key.State.Scopes, ExpiresAt = key.State.ExpiresAt,
    };

    private ApiKey View() => new()
    {
        Id = Id, Name = key.State.Name, Scopes = key.State.Scopes, CreatedAt = key.State.CreatedAt, CreatedBy = key.State.CreatedBy,
        ExpiresAt = key.State.ExpiresAt, RevokedAt = key.State.RevokedAt,
    };
}
