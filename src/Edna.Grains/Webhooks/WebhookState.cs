using Edna.Changes;

namespace Edna.Webhooks;

/// <summary>The settings of a webhook as they are stored. Never rename a member.</summary>
public sealed record WebhookState
{
    /// <summary>Where it sends.</summary>
    public string Url { get; init; } = "";

    /// <summary>The kinds of change that are sent; null for all.</summary>
    public IReadOnlyList<ChangeKind>? Kinds { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it sends.</summary>
    public bool Enabled { get; init; }

    /// <summary>Since when the address is gone (410), UTC.</summary>
    public DateTimeOffset? GoneSince { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>The secrets, the newest first.</summary>
    public IReadOnlyList<WebhookSecret> Secrets { get; init; } = [];

    /// <summary>The secrets that sign now, the newest first.</summary>
    /// <param name="now">The time.</param>
    public IEnumerable<WebhookSecret> SigningAt(DateTimeOffset now) => Secrets.Where(s => s.Until is null || s.Until > now);

    /// <summary>The same webhook with a new secret, and those before to sign for a while yet, none longer than it would have.</summary>
    /// <param name="secret">The new secret.</param>
    /// <param name="now">The time.</param>
    /// <param name="overlap">For how long the last one signs too.</param>
    public WebhookState Rotated(string secret, DateTimeOffset now, TimeSpan overlap)
    {
        var until = now + overlap;
        var before = SigningAt(now).Select(s => s with { Until = s.Until < until ? s.Until : until }).Where(s => s.Until > now);
        return this with { Secrets = [new() { Value = secret }, .. before.Take(WebhookLimits.Secrets - 1)] };
    }
}

/// <summary>A secret as it is stored: as it is, for signing needs it. Never rename a member.</summary>
public sealed record WebhookSecret
{
    /// <summary><c>whsec_…</c>.</summary>
    public required string Value { get; init; }

    /// <summary>When it stops signing, UTC; null for the newest.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>The webhooks of a dataset as they are stored. Never rename a member.</summary>
public sealed class WebhookDirectoryState
{
    /// <summary>Their ids, in ordinal order.</summary>
    public List<string> Ids { get; set; } = [];
}
