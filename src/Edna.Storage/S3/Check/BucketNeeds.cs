namespace Edna.Storage.S3.Check;

/// <summary>What EDNA, as it is configured, needs of its bucket.</summary>
internal sealed record BucketNeeds
{
    /// <summary>The id of every rule that <c>--apply</c> sets. Rules with other ids are not EDNA's.</summary>
    public const string RuleId = "edna";

    /// <summary>Uploads live up to this many days (the longest life of a signed URL): a rule must not abort younger ones.</summary>
    public const int MultipartDays = 7;

    /// <summary>What every key starts with.</summary>
    public required string Prefix { get; init; }

    /// <summary>The origins whose pages use signed URLs.</summary>
    public required IReadOnlyList<string> Origins { get; init; }

    /// <summary>The ARN of the queue or topic that the bucket's events go to; null for none.</summary>
    public required string? NotificationTarget { get; init; }

    /// <summary>Amazon's own, not Ceph.</summary>
    public required bool IsAws { get; init; }

    /// <summary>The events that EDNA is told of. Ceph's gateway crashes over others.</summary>
    public IReadOnlyList<string> Events => IsAws ? ["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:LifecycleExpiration:*", "s3:ObjectTagging:*"] : ["s3:ObjectCreated:*"];

    public static BucketNeeds Of(S3ObjectOptions options) => new()
    {
        Prefix = options.Prefix,
        Origins = options.CorsOrigins.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries),
        NotificationTarget = string.IsNullOrWhiteSpace(options.NotificationTarget) ? null : options.NotificationTarget,
        IsAws = options.Compatibility == S3Compatibility.Aws,
    };
}
