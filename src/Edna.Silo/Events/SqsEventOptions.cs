using Microsoft.Extensions.Options;

namespace Edna.Events;

/// <summary>The queue that object events are taken from, section <see cref="Section"/>. Off while <see cref="QueueUrl"/> is not set.</summary>
public sealed class SqsEventOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Edna:Events:Sqs";

    /// <summary>The queue's URL; null for none.</summary>
    public Uri? QueueUrl { get; set; }

    /// <summary>Where messages go that cannot be read; null takes the dead-letter queue of the queue's own redrive policy.</summary>
    public Uri? DeadLetterQueueUrl { get; set; }

    /// <summary>The address of SQS; null for Amazon's own in <see cref="Region"/>.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The region; null takes that in the queue's URL, and with an <see cref="Endpoint"/> else <c>us-east-1</c>.</summary>
    public string? Region { get; set; }

    /// <summary>The access key's id; null takes the ordinary AWS credential chain.</summary>
    public string? AccessKeyId { get; set; }

    /// <summary>The secret that goes with it.</summary>
    public string? SecretAccessKey { get; set; }

    /// <summary>How many receive at a time, each up to ten messages; 1–32. Default: 2.</summary>
    public int Consumers { get; set; } = 2;

    /// <summary>How long a message is kept from others; extended while it is worked on. Ten seconds to one hour. Default: one minute.</summary>
    public TimeSpan Visibility { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The region to sign for.</summary>
    internal string SigningRegion => Region is { Length: > 0 } ? Region : RegionOf(QueueUrl) ?? "us-east-1";

    /// <summary>The region in a URL of Amazon's: <c>sqs.{region}.amazonaws.com</c>.</summary>
    internal static string? RegionOf(Uri? queue) =>
        queue is { IsAbsoluteUri: true } && queue.Host.Split('.') is ["sqs", var region, "amazonaws", "com", ..] ? region : null;
}

/// <summary>Finds wrong settings on start, each with its key and the reason.</summary>
internal sealed class SqsEventOptionsValidation : IValidateOptions<SqsEventOptions>
{
    public ValidateOptionsResult Validate(string? name, SqsEventOptions options)
    {
        if (options.QueueUrl is null) return ValidateOptionsResult.Success;
        var faults = new List<string>();
        void Check(bool right, string key, string reason)
        {
            if (!right) faults.Add($"{SqsEventOptions.Section}:{key} {reason}");
        }

        Check(IsAddress(options.QueueUrl) && options.QueueUrl is { IsAbsoluteUri: true, AbsolutePath.Length: > 1 }, nameof(options.QueueUrl), "must be a queue's URL, such as https://sqs.eu-west-1.amazonaws.com/123456789012/edna.");
        Check(IsAddress(options.DeadLetterQueueUrl), nameof(options.DeadLetterQueueUrl), "must be a queue's URL.");
        Check(IsAddress(options.Endpoint), nameof(options.Endpoint), "must be an absolute http or https address.");
        Check(options.Endpoint is not null || options.Region is { Length: > 0 } || SqsEventOptions.RegionOf(options.QueueUrl) is not null,
            nameof(options.Region), "must be set, because neither is an Endpoint nor does QueueUrl name a region.");
        Check(string.IsNullOrEmpty(options.AccessKeyId) == string.IsNullOrEmpty(options.SecretAccessKey), nameof(options.SecretAccessKey), "and AccessKeyId must be set together, or neither.");
        Check(options.Consumers is >= 1 and <= 32, nameof(options.Consumers), "must be 1 to 32.");
        Check(options.Visibility >= TimeSpan.FromSeconds(10) && options.Visibility <= TimeSpan.FromHours(1), nameof(options.Visibility), "must be ten seconds (00:00:10) to one hour.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static bool IsAddress(Uri? address) => address is null or { IsAbsoluteUri: true, Scheme: "http" or "https" };
}
