using Amazon.S3;
using Amazon.S3.Model;

namespace Edna.Storage.S3.Check;

/// <summary>
/// Whether the bucket itself aborts multipart uploads that nobody ends: the backstop behind EDNA's sweeper. And whether no rule takes
/// away what EDNA keeps.
/// </summary>
internal static class LifecycleCheck
{
    private const string What = "lifecycle";

    /// <summary>Judges a bucket's rules.</summary>
    public static BucketFinding Judge(IReadOnlyList<LifecycleRule> rules, BucketNeeds needs)
    {
        var enabled = rules.Where(rule => rule.Status == LifecycleRuleStatus.Enabled).ToList();
        if (enabled.Find(rule => Expires(rule) && Touches(rule, needs)) is { } expiring)
            return new(What, FindingState.Wrong, $"The rule '{expiring.Id}' expires objects under '{needs.Prefix}': EDNA's items would be lost.",
                "Take EDNA's prefix out of that rule; --apply changes no rule of others.");
        var aborting = enabled.Where(rule => DaysOf(rule) is not null).ToList();
        if (aborting.Find(rule => DaysOf(rule) < BucketNeeds.MultipartDays && Touches(rule, needs)) is { } hasty)
            return new(What, FindingState.Wrong, $"The rule '{hasty.Id}' aborts multipart uploads after {DaysOf(hasty)} days; EDNA's may be open for {BucketNeeds.MultipartDays}.",
                hasty.Id == BucketNeeds.RuleId ? Mend(needs) : $"Raise it to {BucketNeeds.MultipartDays} days or more; --apply changes no rule of others.");
        if (aborting.Find(rule => Covers(rule, needs)) is { } covering)
            return new(What, FindingState.Ok, $"The rule '{covering.Id}' aborts multipart uploads that are open for {DaysOf(covering)} days.");
        return new(What, FindingState.Missing, "No rule aborts multipart uploads that nobody ends; their parts would be stored, and paid for, without end.", Mend(needs));
    }

    /// <summary>The rules with EDNA's among them.</summary>
    public static List<LifecycleRule> Merge(IReadOnlyList<LifecycleRule> rules, BucketNeeds needs) =>
    [
        .. rules.Where(rule => rule.Id != BucketNeeds.RuleId),
        new()
        {
            Id = BucketNeeds.RuleId,
            Status = LifecycleRuleStatus.Enabled,
            Filter = new() { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = needs.Prefix } },
            AbortIncompleteMultipartUpload = new() { DaysAfterInitiation = BucketNeeds.MultipartDays },
        },
    ];

    private static string Mend(BucketNeeds needs) =>
        $"--apply sets the rule '{BucketNeeds.RuleId}': prefix '{needs.Prefix}', AbortIncompleteMultipartUpload after {BucketNeeds.MultipartDays} days.";

    private static int? DaysOf(LifecycleRule rule) => rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;

    private static bool Expires(LifecycleRule rule) => rule.Expiration is { } expiration && (expiration.Days > 0 || expiration.Date is not null);

    /// <summary>Whether a rule is about all keys of EDNA's.</summary>
    private static bool Covers(LifecycleRule rule, BucketNeeds needs) => ScopeOf(rule) is { IsWhole: true } scope && needs.Prefix.StartsWith(scope.Prefix, StringComparison.Ordinal);

    /// <summary>Whether a rule may be about some keys of EDNA's.</summary>
    private static bool Touches(LifecycleRule rule, BucketNeeds needs)
    {
        var prefix = ScopeOf(rule).Prefix;
        return needs.Prefix.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(needs.Prefix, StringComparison.Ordinal);
    }

    /// <summary>The prefix that a rule is about, and whether it is about all keys with it.</summary>
    private static (string Prefix, bool IsWhole) ScopeOf(LifecycleRule rule)
    {
#pragma warning disable CS0618 // Old rules have it still, and Ceph answers with it.
        var old = rule.Prefix;
#pragma warning restore CS0618
        if (rule.Filter is not { } filter) return (old ?? "", true);
        return filter.LifecycleFilterPredicate switch
        {
            null => (old ?? "", true),
            LifecyclePrefixPredicate prefix => (prefix.Prefix ?? "", true),
            LifecycleAndOperator and => (and.Operands?.OfType<LifecyclePrefixPredicate>().FirstOrDefault()?.Prefix ?? "", false),
            _ => ("", false),
        };
    }
}
