using System.Text.Json.Serialization;

namespace Edna.Access;

/// <summary>What a caller may do. The names are stored and sent: never rename.</summary>
public static class Permissions
{
    /// <summary>Read datasets, items, labels, changes; search; download.</summary>
    public const string Read = "read";

    /// <summary>Make and change datasets and items, tags, uploads.</summary>
    public const string Write = "write";

    /// <summary>Write and review labels.</summary>
    public const string Label = "label";

    /// <summary>Everything, with API keys, webhooks, purges and the operators' view.</summary>
    public const string Admin = "admin";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Read, Write, Label, Admin];
}

/// <summary>The request to make an API key.</summary>
[GenerateSerializer, Immutable, Alias("edna.CreateApiKey"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateApiKey
{
    /// <summary>What it is for, 1–128 characters.</summary>
    [Id(0)] public string? Name { get; init; }

    /// <summary>What its holder may do: <see cref="Permissions"/>; at least one.</summary>
    [Id(1)] public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>When it stops working, UTC; null for never.</summary>
    [Id(2)] public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>An API key as its owner sees it, without the secret.</summary>
[GenerateSerializer, Immutable, Alias("edna.ApiKey")]
public sealed record ApiKey
{
    /// <summary>16 characters, the part of the key after <c>edna_</c>.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>What it is for.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>What its holder may do.</summary>
    [Id(2)] public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>When it was made, UTC.</summary>
    [Id(3)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    [Id(4)] public required string CreatedBy { get; init; }

    /// <summary>When it stops working, UTC; null for never.</summary>
    [Id(5)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was revoked, UTC; null while it works.</summary>
    [Id(6)] public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The whole key, <c>edna_…</c>; only in the answer that made it.</summary>
    [Id(7), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Secret { get; init; }
}

/// <summary>Who a verified API key stands for.</summary>
[GenerateSerializer, Immutable, Alias("edna.KeyHolder")]
public sealed record KeyHolder
{
    /// <summary>The tenant.</summary>
    [Id(0)] public required string Tenant { get; init; }

    /// <summary>The name that stands in histories, <c>key:&lt;name&gt;</c>.</summary>
    [Id(1)] public required string Subject { get; init; }

    /// <summary>What the holder may do.</summary>
    [Id(2)] public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>When the key stops working, UTC; null for never.</summary>
    [Id(3)] public DateTimeOffset? ExpiresAt { get; init; }
}
