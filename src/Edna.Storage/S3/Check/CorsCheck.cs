using Amazon.S3.Model;

namespace Edna.Storage.S3.Check;

/// <summary>
/// Whether pages of the wanted origins can use signed URLs. The store goes by the first rule that fits origin, method and headers, so
/// a rule of somebody else's before EDNA's can be the one that counts.
/// </summary>
internal static class CorsCheck
{
    private const string What = "cors";
    private static readonly string[] Methods = ["PUT", "GET", "HEAD"];

    /// <summary>What a signed PUT of EDNA's may have to carry.</summary>
    private static readonly string[] PutHeaders =
    [
        "content-type", "content-md5", "if-none-match", "x-amz-tagging", "x-amz-content-sha256",
        "x-amz-checksum-sha256", "x-amz-checksum-crc64nvme", "x-amz-meta-edna-path",
    ];

    /// <summary>Judges a bucket's rules.</summary>
    public static BucketFinding Judge(IReadOnlyList<CORSRule> rules, BucketNeeds needs)
    {
        if (needs.Origins.Count == 0) return new(What, FindingState.Ok, "No page is to use signed URLs (Edna:Objects:S3:CorsOrigins is empty).");
        foreach (var origin in needs.Origins)
        {
            foreach (var method in Methods)
            {
                if (rules.FirstOrDefault(rule => Fits(rule, origin, method)) is not { } first)
                    return new(What, FindingState.Missing, $"No rule lets a page of {origin} send a {method} with the headers of a signed URL.", Mend(needs));
                if (!(first.ExposeHeaders ?? []).Contains("ETag", StringComparer.OrdinalIgnoreCase))
                    return new(What, FindingState.Wrong, $"The rule that counts for {method} from {origin} does not show the page the ETag, which completes an upload in parts.", Mend(needs));
            }
        }
        return new(What, FindingState.Ok, $"Pages of {string.Join(", ", needs.Origins)} may {string.Join(", ", Methods)} and see the ETag.");
    }

    /// <summary>The rules with EDNA's among them: last, so that the others keep what they do, or first, where it would not count otherwise.</summary>
    public static List<CORSRule> Merge(IReadOnlyList<CORSRule> rules, BucketNeeds needs)
    {
        var others = rules.Where(rule => rule.Id != BucketNeeds.RuleId);
        var own = new CORSRule
        {
            Id = BucketNeeds.RuleId,
            AllowedOrigins = [.. needs.Origins],
            AllowedMethods = [.. Methods],
            AllowedHeaders = ["*"],
            ExposeHeaders = ["ETag"],
            MaxAgeSeconds = 3_600,
        };
        List<CORSRule> last = [.. others, own];
        return Judge(last, needs).IsInOrder ? last : [own, .. others];
    }

    private static string Mend(BucketNeeds needs) =>
        $"--apply sets the rule '{BucketNeeds.RuleId}': AllowedOrigins {string.Join(" ", needs.Origins)}, AllowedMethods {string.Join(" ", Methods)}, AllowedHeaders *, ExposeHeaders ETag.";

    private static bool Fits(CORSRule rule, string origin, string method) =>
        (rule.AllowedOrigins ?? []).Exists(pattern => Matches(pattern, origin, StringComparison.Ordinal))
        && (rule.AllowedMethods ?? []).Contains(method)
        && (method != "PUT" || PutHeaders.All(header => (rule.AllowedHeaders ?? []).Exists(pattern => Matches(pattern, header, StringComparison.OrdinalIgnoreCase))));

    /// <summary>Patterns have one <c>*</c> at most, for any characters. The origin <c>*</c>, any page, is fitted by that pattern alone.</summary>
    private static bool Matches(string pattern, string text, StringComparison comparison)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0 || text == "*") return pattern.Equals(text, comparison);
        return text.Length >= pattern.Length - 1
            && text.StartsWith(pattern[..star], comparison) && text.EndsWith(pattern[(star + 1)..], comparison);
    }
}
