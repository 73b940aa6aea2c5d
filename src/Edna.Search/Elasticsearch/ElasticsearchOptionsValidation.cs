using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Edna.Search.Elasticsearch;

/// <summary>Finds wrong settings on start, each with its key and the reason.</summary>
internal sealed partial class ElasticsearchOptionsValidation : IValidateOptions<ElasticsearchOptions>
{
    public ValidateOptionsResult Validate(string? name, ElasticsearchOptions options)
    {
        var faults = new List<string>();
        void Check(bool right, string key, string reason)
        {
            if (!right) faults.Add($"{ElasticsearchOptions.Section}:{key} {reason}");
        }

        var (basic, key, aws) = (
            options.Authentication == ElasticsearchAuthentication.Basic, options.Authentication == ElasticsearchAuthentication.ApiKey,
            options.Authentication == ElasticsearchAuthentication.Aws);
        Check(options.Address is { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" }, nameof(options.Address),
            "must be an absolute http or https address without user and query, such as https://search.example.com:9200.");
        Check(Enum.IsDefined(options.Flavor), nameof(options.Flavor), "must be Elasticsearch or OpenSearch.");
        Check(AliasName().IsMatch(options.Index), nameof(options.Index), "must be 1 to 100 small letters, digits, '-', '_' and '.', beginning with a letter or a digit.");
        Check(options.Shards is >= 1 and <= 100, nameof(options.Shards), "must be 1 to 100.");
        Check(options.Replicas is >= 0 and <= 10, nameof(options.Replicas), "must be 0 to 10.");
        Check(options.RefreshMilliseconds is >= 50 and <= 60_000, nameof(options.RefreshMilliseconds), "must be 50 to 60000.");
        Check(options.TombstoneSeconds is >= 0 and <= 600, nameof(options.TombstoneSeconds), "must be 0 to 600.");
        var late = options.TimeoutSeconds + (int)Math.Ceiling(Backoff.Longest.TotalSeconds);
        Check(options.TombstoneSeconds is <= 0 or > 600 || options.TombstoneSeconds > late, nameof(options.TombstoneSeconds), string.Create(CultureInfo.InvariantCulture,
            $"must be more than {late}, TimeoutSeconds and the pauses of a push together, or a request that the server carries out late could bring a purged item back; 0 is for tests."));
        Check(options.BulkMegabytes is >= 5 and <= 15, nameof(options.BulkMegabytes), "must be 5 to 15.");
        Check(options.TimeoutSeconds is >= 1 and <= 300, nameof(options.TimeoutSeconds), "must be 1 to 300.");
        Check(Enum.IsDefined(options.Authentication), nameof(options.Authentication), "must be None, Basic, ApiKey or Aws.");
        Check(basic == !string.IsNullOrEmpty(options.Username), nameof(options.Username), basic ? "must be set, because Authentication is Basic." : "is of use only when Authentication is Basic.");
        Check(basic == !string.IsNullOrEmpty(options.Password), nameof(options.Password), basic ? "must be set, because Authentication is Basic." : "is of use only when Authentication is Basic.");
        Check(options.Username?.Contains(':', StringComparison.Ordinal) != true, nameof(options.Username), "must not have a colon in it.");
        Check(key == !string.IsNullOrEmpty(options.ApiKey), nameof(options.ApiKey), key ? "must be set, because Authentication is ApiKey." : "is of use only when Authentication is ApiKey.");
        Check(string.IsNullOrEmpty(options.ApiKey) || Base64().IsMatch(options.ApiKey), nameof(options.ApiKey), "must be the encoded key: letters, digits, '+', '/', '-', '_' and '='.");
        Check(!aws || !string.IsNullOrEmpty(options.AwsRegion), nameof(options.AwsRegion), "must be set (or AWS_REGION), because Authentication is Aws.");
        Check(options.AwsService is "es" or "aoss", nameof(options.AwsService), "must be es or aoss.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{0,99}\z")]
    private static partial Regex AliasName();

    [GeneratedRegex(@"^[A-Za-z0-9+/_=-]+\z")]
    private static partial Regex Base64();
}
