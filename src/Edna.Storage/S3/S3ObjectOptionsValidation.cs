using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Edna.Storage.S3;

/// <summary>Finds wrong settings on start, each with its key and the reason.</summary>
internal sealed partial class S3ObjectOptionsValidation : IValidateOptions<S3ObjectOptions>
{
    public ValidateOptionsResult Validate(string? name, S3ObjectOptions options)
    {
        var faults = new List<string>();
        void Check(bool right, string key, string reason)
        {
            if (!right) faults.Add($"{S3ObjectOptions.Section}:{key} {reason}");
        }

        Check(BucketName().IsMatch(options.Bucket), nameof(options.Bucket), "must be a bucket's name: 3 to 63 lower-case letters, digits, '-' and '.'.");
        Check(options.Prefix is "" || (options.Prefix.EndsWith('/') && !options.Prefix.StartsWith('/')), nameof(options.Prefix), "must be empty or end in '/', and not start with one.");
        Check(IsAddress(options.Endpoint), nameof(options.Endpoint), "must be an absolute http or https address without a query.");
        Check(IsAddress(options.PublicEndpoint), nameof(options.PublicEndpoint), "must be an absolute http or https address without a query.");
        Check(options.Endpoint is not null || !string.IsNullOrEmpty(options.Region), nameof(options.Region), "must be set (or AWS_REGION), because no Endpoint is.");
        Check(options.Endpoint is not null || options.PublicEndpoint is null, nameof(options.PublicEndpoint), "is of use only with an Endpoint.");
        Check(string.IsNullOrEmpty(options.AccessKeyId) == string.IsNullOrEmpty(options.SecretAccessKey),
            nameof(options.SecretAccessKey), "and AccessKeyId must be set together, or neither.");
        Check(string.IsNullOrEmpty(options.SessionToken) || !string.IsNullOrEmpty(options.AccessKeyId),
            nameof(options.SessionToken), "is of use only with an AccessKeyId.");
        Check(Enum.IsDefined(options.Compatibility), nameof(options.Compatibility), "must be Aws or Ceph.");
        Check(options.CorsOrigins.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).All(IsOrigin),
            nameof(options.CorsOrigins), "must be origins like https://label.example.com, separated by commas, or '*'.");
        Check(string.IsNullOrWhiteSpace(options.NotificationTarget) || options.NotificationTarget.Split(':') is ["arn", _, "sqs" or "sns", _, _, not ""],
            nameof(options.NotificationTarget), "must be the ARN of an SQS queue or an SNS topic.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static bool IsAddress(Uri? address) => address is null or { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "" };

    private static bool IsOrigin(string origin) => origin == "*"
        || (Uri.TryCreate(origin.Replace("*", "any", StringComparison.Ordinal), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && !origin.EndsWith('/'));

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketName();
}
