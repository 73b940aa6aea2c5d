using Amazon.S3;
using Amazon.S3.Model;
using CsCheck;
using Xunit;

namespace Edna.Storage.S3.Check;

public sealed class LifecycleCheckTests
{
    [Fact]
    public void What_is_set_is_in_order_unless_a_rule_of_others_harms_and_those_stay_as_they_are() => Gen.Select(
        Gen.Select(OneOf.Values("edna", "theirs", "other"), OneOf.Values("", "data/", "data/a/", "logs/"), Gen.Int[0, 20], Gen.Bool).List[0, 5],
        OneOf.Values("", "data/")).Sample((drawn, prefix) =>
    {
        var rules = drawn.Select(one => Rule(one.Item1, one.Item2, abortDays: one.Item3 == 0 ? null : one.Item3, enabled: one.Item4)).ToList();
        var merged = LifecycleCheck.Merge(rules, Needs(prefix));
        Assert.Equal(rules.Where(rule => rule.Id != "edna"), merged.Where(rule => rule.Id != "edna"));
        Assert.Single(merged, rule => rule.Id == "edna");
        var hasty = drawn.Exists(one => one is { Item1: not "edna", Item3: > 0 and < 7, Item4: true } && (prefix.StartsWith(one.Item2, StringComparison.Ordinal) || one.Item2.StartsWith(prefix, StringComparison.Ordinal)));
        Assert.Equal(hasty ? FindingState.Wrong : FindingState.Ok, LifecycleCheck.Judge(merged, Needs(prefix)).State);
    }, iter: 5_000);

    [Theory]
    [InlineData("", 7, true, FindingState.Ok)]
    [InlineData("data/", 30, true, FindingState.Ok)]
    [InlineData("data/", 7, false, FindingState.Missing)]
    [InlineData("data/cats/", 7, true, FindingState.Missing)]
    [InlineData("logs/", 1, true, FindingState.Missing)]
    [InlineData("", 6, true, FindingState.Wrong)]
    [InlineData("data/cats/", 1, true, FindingState.Wrong)]
    public void A_rule_must_abort_what_is_left_and_nothing_that_may_be_in_use(string prefix, int days, bool enabled, FindingState state) =>
        Assert.Equal(state, LifecycleCheck.Judge([Rule("theirs", prefix, days, enabled)], Needs("data/")).State);

    [Fact]
    public void A_rule_for_some_tags_only_is_not_enough_and_one_that_expires_items_is_told()
    {
        var tagged = Rule("theirs", "", 7, enabled: true);
        tagged.Filter = new() { LifecycleFilterPredicate = new LifecycleTagPredicate { Tag = new() { Key = "a", Value = "b" } } };
        Assert.Equal(FindingState.Missing, LifecycleCheck.Judge([tagged], Needs("")).State);
        var expiring = Rule("theirs", "data/cats/", null, enabled: true);
        expiring.Expiration = new() { Days = 30 };
        var found = LifecycleCheck.Judge([expiring, .. LifecycleCheck.Merge([], Needs("data/"))], Needs("data/"));
        Assert.Equal(FindingState.Wrong, found.State);
        Assert.Contains("'theirs' expires", found.Detail, StringComparison.Ordinal);
        Assert.Equal(FindingState.Ok, LifecycleCheck.Judge([expiring, .. LifecycleCheck.Merge([], Needs("dogs/"))], Needs("dogs/")).State);
    }

    private static LifecycleRule Rule(string id, string prefix, int? abortDays, bool enabled) => new()
    {
        Id = id,
        Status = enabled ? LifecycleRuleStatus.Enabled : LifecycleRuleStatus.Disabled,
        Filter = new() { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = prefix } },
        AbortIncompleteMultipartUpload = abortDays is null ? null : new() { DaysAfterInitiation = abortDays },
    };

    private static BucketNeeds Needs(string prefix) => new() { Prefix = prefix, Origins = [], NotificationTarget = null, IsAws = true };
}
