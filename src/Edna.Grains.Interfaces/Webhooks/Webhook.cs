using System.Text.Json.Serialization;
using Edna.Changes;

namespace Edna.Webhooks;

/// <summary>The request to have a dataset's changes sent to an address.</summary>
[GenerateSerializer, Immutable, Alias("edna.CreateWebhook"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateWebhook
{
    /// <summary>Where to send: an absolute https address of at most 2,048 characters, without credentials and fragment.</summary>
    [Id(0)] public string? Url { get; init; }

    /// <summary>The kinds of change that are sent; null for all, never empty.</summary>
    [Id(1)] public IReadOnlyList<ChangeKind>? Kinds { get; init; }

    /// <summary>Free text of at most 1,024 characters.</summary>
    [Id(2)] public string? Description { get; init; }

    /// <summary>Whether it sends; null is true.</summary>
    [Id(3)] public bool? Enabled { get; init; }
}

/// <summary>An address that a dataset's changes are sent to, as its owner sees it.</summary>
[GenerateSerializer, Immutable, Alias("edna.Webhook")]
public sealed record Webhook
{
    /// <summary>16 characters of <c>a-z0-9</c>.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Where it sends.</summary>
    [Id(1)] public required string Url { get; init; }

    /// <summary>The kinds of change that are sent; null for all.</summary>
    [Id(2)] public IReadOnlyList<ChangeKind>? Kinds { get; init; }

    /// <summary>Free text.</summary>
    [Id(3)] public string? Description { get; init; }

    /// <summary>Whether it sends.</summary>
    [Id(4)] public required bool Enabled { get; init; }

    /// <summary>Since when it does not send because the address answered 410, UTC; null otherwise.</summary>
    [Id(5)] public DateTimeOffset? GoneSince { get; init; }

    /// <summary>When it was made, UTC.</summary>
    [Id(6)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    [Id(7)] public required string CreatedBy { get; init; }

    /// <summary>Up to which change of the feed deliveries were made: what comes after waits in the feed.</summary>
    [Id(8)] public required string Cursor { get; init; }

    /// <summary>Deliveries that were made and have neither succeeded nor been given up, at most <see cref="WebhookLimits.Waiting"/>.</summary>
    [Id(9)] public required int Waiting { get; init; }

    /// <summary>Until when a secret that was replaced signs too, UTC; null when only one does.</summary>
    [Id(10)] public DateTimeOffset? OverlapUntil { get; init; }

    /// <summary>The newest secret, <c>whsec_…</c>; only in the answer that made it.</summary>
    [Id(11), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Secret { get; init; }

    /// <summary>The last changes that were kept no more when it came to them; null when it has met every change.</summary>
    [Id(12)] public ExpiredChanges? Expired { get; init; }
}

/// <summary>A page of a dataset's webhooks.</summary>
[GenerateSerializer, Immutable, Alias("edna.WebhookPage")]
public sealed record WebhookPage
{
    /// <summary>The webhooks, by id.</summary>
    [Id(0)] public required IReadOnlyList<Webhook> Items { get; init; }

    /// <summary>Where the next page starts; null at the end.</summary>
    [Id(1)] public string? NextCursor { get; init; }
}

/// <summary>The request for another secret.</summary>
[GenerateSerializer, Immutable, Alias("edna.RotateSecret"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RotateSecret
{
    /// <summary>For how many seconds the secret before signs too, 0 to 604,800; null as configured (one day).</summary>
    [Id(0)] public int? OverlapSeconds { get; init; }
}

/// <summary>What webhooks are held to.</summary>
public static class WebhookLimits
{
    /// <summary>Webhooks that a dataset may have.</summary>
    public const int OfADataset = 20;

    /// <summary>Characters in an address at most.</summary>
    public const int UrlLength = 2_048;

    /// <summary>Characters in a description at most.</summary>
    public const int DescriptionLength = 1_024;

    /// <summary>Deliveries of a webhook that wait at most; the rest waits in the change feed.</summary>
    public const int Waiting = 100;

    /// <summary>Deliveries of a webhook that are on their way at once.</summary>
    public const int Together = 8;

    /// <summary>Settled deliveries of a webhook that are kept, the newest.</summary>
    public const int Kept = 100;

    /// <summary>Bytes of an answer's body that are kept.</summary>
    public const int BodyBytes = 512;

    /// <summary>Secrets that sign at once; one more makes the oldest stop.</summary>
    public const int Secrets = 4;

    /// <summary>The longest overlap of secrets, in seconds: seven days.</summary>
    public const int OverlapSeconds = 7 * 24 * 3600;
}
