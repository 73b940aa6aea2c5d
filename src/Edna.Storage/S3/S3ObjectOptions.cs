namespace Edna.Storage.S3;

/// <summary>Which dialect of S3 a store speaks. The names are configuration: never rename.</summary>
public enum S3Compatibility
{
    /// <summary>Amazon S3, or a store with its flexible checksums.</summary>
    Aws = 0,

    /// <summary>Ceph's object gateway, and stores like it: no <c>x-amz-checksum-*</c>, no chunked signing.</summary>
    Ceph = 1,
}

/// <summary>The settings of the S3 store, section <see cref="Section"/>.</summary>
public sealed class S3ObjectOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Edna:Objects:S3";

    /// <summary>The service's own bucket.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>What every key in that bucket starts with: empty, or ending in <c>/</c>.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>The store's address; null for Amazon's own in <see cref="Region"/>.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The address that clients reach the store by, when it is another one than EDNA's <see cref="Endpoint"/>.</summary>
    public Uri? PublicEndpoint { get; set; }

    /// <summary>The region; null takes <c>AWS_REGION</c>, and with an <see cref="Endpoint"/> else <c>us-east-1</c>.</summary>
    public string? Region { get; set; }

    /// <summary>The access key's id; null takes the ordinary AWS credential chain.</summary>
    public string? AccessKeyId { get; set; }

    /// <summary>The secret that goes with it.</summary>
    public string? SecretAccessKey { get; set; }

    /// <summary>The session token that goes with it, for temporary credentials.</summary>
    public string? SessionToken { get; set; }

    /// <summary>Whether the bucket stands in the path and not in the host's name; null: in the path with an <see cref="Endpoint"/>, in the name with Amazon's own.</summary>
    public bool? PathStyle { get; set; }

    /// <summary>Which dialect the store speaks.</summary>
    public S3Compatibility Compatibility { get; set; }

    /// <summary>Whether the bucket is made on start when it is missing. For tests and development.</summary>
    public bool CreateBucket { get; set; }

    /// <summary>
    /// The origins, separated by commas, whose pages use signed URLs: <c>*</c> for any, empty for none. Only <c>check-store</c>
    /// goes by it: the bucket is what lets pages in.
    /// </summary>
    public string CorsOrigins { get; set; } = "*";

    /// <summary>The ARN of the SQS queue or SNS topic that the bucket's events go to; null for none. Only <c>check-store</c> goes by it.</summary>
    public string? NotificationTarget { get; set; }

    /// <summary>The longest that a call to the store may take, retries included: so a request fails to 503 before its sender gives up.</summary>
    internal TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(5);

    internal bool UsesPathStyle => PathStyle ?? Endpoint is not null;
}
