using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Edna.Hosting;
using Edna.Results;

namespace Edna.Access;

/// <inheritdoc cref="IApiKeyDirectoryGrain" />
public sealed class ApiKeyDirectoryGrain(
    [PersistentState("apikeys")] IPersistentState<ApiKeyDirectoryState> directory, TimeProvider time) : Grain, IApiKeyDirectoryGrain
{
    private const string IdAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int IdLength = 16;
    private const int SecretBytes = 24;

    private string Tenant => this.GetPrimaryKeyString();

    /// <inheritdoc />
    public async Task<Result<ApiKey>> CreateAsync(CreateApiKey request, string by, string? name)
    {
        var isNoted = name is not null && directory.State.Ids.Contains(name);
        if (isNoted && (await GrainFactory.GetGrain<IApiKeyGrain>(name!).GetAsync(Tenant)).Value is { } made) return made;
        if (ApiKeyRules.FaultOf(request, time.GetUtcNow()) is { } problem) return problem;
        if (!isNoted && directory.State.Ids.Count >= IApiKeyDirectoryGrain.Limit) return ApiKeyErrors.LimitReached();
        var id = name ?? RandomNumberGenerator.GetString(IdAlphabet, IdLength);
        var secret = $"edna_{id}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes))}";
        // The id is noted first: a crash in between leaves an id without a key, which lists skip, never a key that nobody can list.
        if (!isNoted) await directory.WriteAsync(new() { Ids = [.. directory.State.Ids, id] }, DeactivateOnIdle);
        var result = await GrainFactory.GetGrain<IApiKeyGrain>(id).CreateAsync(request, Tenant, SHA256.HashData(Encoding.UTF8.GetBytes(secret)), by);
        return result.TryGet(out var key, out problem) ? key with { Secret = secret } : problem;
    }

    /// <inheritdoc />
    public async Task<Result<ApiKeyPage>> ListAsync(string? cursor, int limit)
    {
        var start = 0;
        if (cursor is not null && (!int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out start) || start > directory.State.Ids.Count))
            return RequestErrors.Invalid("cursor", "must be a nextCursor of this list");
        var ids = directory.State.Ids.Skip(start).Take(limit).ToList();
        var keys = await Task.WhenAll(ids.Select(id => GrainFactory.GetGrain<IApiKeyGrain>(id).GetAsync(Tenant)));
        var next = start + ids.Count;
        return new ApiKeyPage
        {
            Items = [.. keys.Where(k => k.Problem is null).Select(k => k.Value!)],
            NextCursor = next < directory.State.Ids.Count ? next.ToString(CultureInfo.InvariantCulture) : null,
        };
    }
}
