using Amazon.S3.Model;
using CsCheck;
using Xunit;

namespace Edna.Storage.S3.Check;

public sealed class CorsCheckTests
{
    private static readonly Gen<CORSRule> AnyRule = Gen.Select(
        OneOf.Values("edna", "theirs", "other", null), Some("*", "https://a.example", "https://*.example", "http://localhost:3000"),
        Some("GET", "PUT", "HEAD", "POST", "DELETE"), Some("*", "content-type", "x-amz-*", "authorization"), Some("ETag", "etag", "x-amz-version-id"))
        .Select(rule => new CORSRule
        {
            Id = rule.Item1, AllowedOrigins = rule.Item2, AllowedMethods = rule.Item3, AllowedHeaders = rule.Item4, ExposeHeaders = rule.Item5,
        });

    private static readonly Gen<BucketNeeds> AnyNeeds =
        Some("*", "https://a.example", "https://label.example", "http://localhost:3000").Where(origins => origins.Count > 0).Select(origins => Needs([.. origins]));

    [Fact]
    public void What_is_set_is_in_order_and_the_rules_of_others_stay_as_they_are() => Gen.Select(AnyRule.List[0, 6], AnyNeeds).Sample((rules, needs) =>
    {
        var merged = CorsCheck.Merge(rules, needs);
        Assert.Equal(FindingState.Ok, CorsCheck.Judge(merged, needs).State);
        Assert.Equal(rules.Where(rule => rule.Id != "edna"), merged.Where(rule => rule.Id != "edna"));
        Assert.Single(merged, rule => rule.Id == "edna");
    }, iter: 5_000);

    [Fact]
    public void A_bucket_without_rules_lacks_them() => Assert.Equal(FindingState.Missing, CorsCheck.Judge([], Needs("*")).State);

    [Fact]
    public void Without_pages_no_rule_is_needed() => Assert.Equal(FindingState.Ok, CorsCheck.Judge([], Needs()).State);

    [Theory]
    [InlineData("*", "PUT GET HEAD", "*", "ETag", FindingState.Ok)]
    [InlineData("https://*.example", "PUT GET HEAD", "*", "etag", FindingState.Ok)]
    [InlineData("https://a.example", "PUT GET HEAD", "content-* x-amz-* if-none-match", "ETag", FindingState.Ok)]
    [InlineData("https://b.example", "PUT GET HEAD", "*", "ETag", FindingState.Missing)]
    [InlineData("*", "PUT GET", "*", "ETag", FindingState.Missing)]
    [InlineData("*", "PUT GET HEAD", "content-type", "ETag", FindingState.Missing)]
    [InlineData("*", "PUT GET HEAD", "*", "", FindingState.Wrong)]
    public void A_rule_must_let_the_page_in_with_its_headers_and_show_it_the_tag(string origins, string methods, string headers, string expose, FindingState state)
    {
        var rule = Rule(origins, methods, headers, expose);
        Assert.Equal(state, CorsCheck.Judge([rule], Needs("https://a.example")).State);
    }

    [Fact]
    public void Any_page_is_let_in_by_a_star_alone() =>
        Assert.Equal(FindingState.Missing, CorsCheck.Judge([Rule("https://*", "PUT GET HEAD", "*", "ETag")], Needs("*")).State);

    [Fact]
    public void The_first_rule_that_fits_is_the_one_that_counts()
    {
        var theirs = Rule("*", "PUT GET HEAD", "*", "");
        var ours = Rule("*", "PUT GET HEAD", "*", "ETag");
        Assert.Equal(FindingState.Wrong, CorsCheck.Judge([theirs, ours], Needs("*")).State);
        Assert.Equal("edna", CorsCheck.Merge([theirs], Needs("*"))[0].Id);
        Assert.Equal("edna", CorsCheck.Merge([Rule("https://b.example", "PUT", "*", "")], Needs("*"))[1].Id);
    }

    private static Gen<List<string>> Some(params string[] values) => OneOf.Values(values).List[0, 3];

    private static CORSRule Rule(string origins, string methods, string headers, string expose) => new()
    {
        Id = "theirs", AllowedOrigins = [.. origins.Split(' ')], AllowedMethods = [.. methods.Split(' ')],
        AllowedHeaders = [.. headers.Split(' ')], ExposeHeaders = expose.Length == 0 ? null : [expose],
    };

    private static BucketNeeds Needs(params string[] origins) => new() { Prefix = "", Origins = origins, NotificationTarget = null, IsAws = true };
}
