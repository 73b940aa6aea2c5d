using Edna.Changes;
using Edna.Items;

namespace Edna.Webhooks;

/// <summary>What the settings of a webhook must be. Pure.</summary>
internal static class WebhookRules
{
    /// <summary>What the kinds must be.</summary>
    public const string KindsRule = "must be one or more kinds of change, each once, or left out for all";

    private static readonly string DescriptionRule = $"must be at most {WebhookLimits.DescriptionLength} characters";
    private static readonly string HttpsRule = $"must be an absolute https address of at most {WebhookLimits.UrlLength} characters, without credentials and fragment";
    private static readonly string HttpRule = HttpsRule.Replace("https address", "https or http address", StringComparison.Ordinal);

    /// <summary>Checks the form of an address.</summary>
    public static void CheckUrl(string? url, bool allowHttp, FieldErrors errors)
    {
        var right = url is { Length: > 0 and <= WebhookLimits.UrlLength } && Uri.TryCreate(url, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || (allowHttp && address.Scheme == Uri.UriSchemeHttp))
            && address is { UserInfo: "", Fragment: "", IdnHost.Length: > 0, HostNameType: UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6 }
            && !url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '#');
        errors.Require(right, "url", allowHttp ? HttpRule : HttpsRule);
    }

    /// <summary>Checks the rest.</summary>
    public static void CheckSettings(IReadOnlyList<ChangeKind>? kinds, string? description, FieldErrors errors)
    {
        errors.Require(kinds is null || (kinds.Count > 0 && kinds.All(Enum.IsDefined) && kinds.Distinct().Count() == kinds.Count), "kinds", KindsRule);
        errors.Require(description is null or { Length: <= WebhookLimits.DescriptionLength }, "description", DescriptionRule);
    }

    /// <summary>Whether a webhook tells of a change.</summary>
    /// <param name="kinds">The kinds it tells of; null for all.</param>
    /// <param name="kind">The change's.</param>
    public static bool Tells(IReadOnlyList<ChangeKind>? kinds, ChangeKind kind) => kinds is null || kinds.Contains(kind);
}
