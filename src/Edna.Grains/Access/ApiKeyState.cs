namespace Edna.Access;

/// <summary>An API key as it is stored. Field names are stored: never rename.</summary>
public sealed class ApiKeyState
{
    /// <summary>The tenant it is for.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>What it is for.</summary>
    public string Name { get; set; } = "";

    /// <summary>What its holder may do.</summary>
    public IReadOnlyList<string> Scopes { get; set; } = [];

    /// <summary>The SHA-256 of the whole key.</summary>
    public byte[] SecretSha256 { get; set; } = [];

    /// <summary>When it was made, UTC.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who made it.</summary>
    public string CreatedBy { get; set; } = "";

    /// <summary>When it stops working, UTC.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When it was revoked, UTC.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>The same key, revoked.</summary>
    /// <param name="at">When, UTC.</param>
    public ApiKeyState RevokedSince(DateTimeOffset at)
    {
        var revoked = (ApiKeyState)MemberwiseClone();
        revoked.RevokedAt = at;
        return revoked;
    }
}

/// <summary>The ids of a tenant's API keys, in the order they were made.</summary>
public sealed class ApiKeyDirectoryState
{
    /// <summary>The ids.</summary>
    public List<string> Ids { get; set; } = [];
}
