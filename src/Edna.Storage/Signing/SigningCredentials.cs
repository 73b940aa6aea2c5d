namespace Edna.Storage.Signing;

/// <summary>What requests are signed with. A class without a printed form, so that no log or message can show the secret.</summary>
public sealed class SigningCredentials
{
    /// <summary>Takes a set of credentials.</summary>
    /// <param name="accessKeyId">The access key's id; it is part of every URL.</param>
    /// <param name="secretAccessKey">The secret; it never leaves the process.</param>
    /// <param name="sessionToken">The token that temporary credentials come with; null for lasting ones.</param>
    /// <param name="expiresAt">When temporary credentials end, UTC; null for lasting ones.</param>
    public SigningCredentials(string accessKeyId, string secretAccessKey, string? sessionToken = null, DateTimeOffset? expiresAt = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(accessKeyId);
        ArgumentException.ThrowIfNullOrEmpty(secretAccessKey);
        AccessKeyId = accessKeyId;
        SecretAccessKey = secretAccessKey;
        SessionToken = string.IsNullOrEmpty(sessionToken) ? null : sessionToken;
        ExpiresAt = expiresAt;
    }

    /// <summary>The access key's id.</summary>
    public string AccessKeyId { get; }

    /// <summary>When they end, UTC; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    internal string SecretAccessKey { get; }

    internal string? SessionToken { get; }

    internal bool SameAs(SigningCredentials other) =>
        AccessKeyId == other.AccessKeyId && SecretAccessKey == other.SecretAccessKey && SessionToken == other.SessionToken
        && ExpiresAt == other.ExpiresAt;
}
