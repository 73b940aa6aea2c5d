using System.Security.Cryptography;
using Edna.Results;

namespace Edna.Access;

/// <summary>What an API key must be, and whether one works. Pure.</summary>
public static class ApiKeyRules
{
    /// <summary>Characters in a name at most.</summary>
    public const int NameLength = 128;

    /// <summary>All that is wrong with a request; null when nothing is.</summary>
    /// <param name="request">The request.</param>
    /// <param name="now">The time.</param>
    public static Problem? FaultOf(CreateApiKey request, DateTimeOffset now)
    {
        var errors = new Dictionary<string, string[]>();
        if (request.Name is not { Length: >= 1 and <= NameLength } name || name.Any(char.IsControl) || string.IsNullOrWhiteSpace(name))
            errors["name"] = [$"must be 1 to {NameLength} characters, without control characters"];
        if (request.Scopes is not { Count: > 0 } scopes || scopes.Any(s => !Permissions.All.Contains(s)))
            errors["scopes"] = [$"must be one or more of {string.Join(", ", Permissions.All)}"];
        if (request.ExpiresAt <= now) errors["expiresAt"] = ["must lie in the future"];
        return errors.Count == 0 ? null : RequestErrors.Invalid(errors);
    }

    /// <summary>Whether a secret opens a key now.</summary>
    /// <param name="key">The key.</param>
    /// <param name="secretSha256">The SHA-256 of what was sent; compared in constant time.</param>
    /// <param name="now">The time.</param>
    public static bool Opens(ApiKeyState key, byte[] secretSha256, DateTimeOffset now) =>
        CryptographicOperations.FixedTimeEquals(key.SecretSha256, secretSha256) && key.RevokedAt is null && !(key.ExpiresAt <= now);
}
