using Edna.Aws;

namespace Edna.Storage.S3;

/// <summary>What the adapters of S3 do there.</summary>
public static class S3Access
{
    /// <summary>What <see cref="S3ObjectStore"/> does. Signed URLs carry the same rights, cut down to one object and one method.</summary>
    public static IReadOnlyList<AwsAccess> Store { get; } =
    [
        new("s3:ListBucket", AwsResource.Bucket, "imports, scrubs, rebuilds; and so that what is missing answers 404, not 403"),
        new("s3:ListBucketMultipartUploads", AwsResource.Bucket, "uploads in parts that nobody ended"),
        new("s3:GetObject", AwsResource.Objects, "HEAD of what arrived; documents; signed downloads"),
        new("s3:PutObject", AwsResource.Objects, "signed uploads, in parts too; documents"),
        new("s3:DeleteObject", AwsResource.Objects, "what was purged"),
        new("s3:GetObjectTagging", AwsResource.Objects, "tags"),
        new("s3:PutObjectTagging", AwsResource.Objects, "tags"),
        new("s3:DeleteObjectTagging", AwsResource.Objects, "tags"),
        new("s3:ListMultipartUploadParts", AwsResource.Objects, "uploads in parts that go on"),
        new("s3:AbortMultipartUpload", AwsResource.Objects, "uploads in parts that are given up"),
    ];

    /// <summary>What <c>Edna:Objects:S3:CreateBucket</c> does, for tests and development. No role has it.</summary>
    public static IReadOnlyList<AwsAccess> Create { get; } = [new("s3:CreateBucket", AwsResource.Bucket, "CreateBucket")];

    /// <summary>What <c>check-store</c> looks at, beside what <see cref="Store"/> does.</summary>
    public static IReadOnlyList<AwsAccess> Check { get; } =
    [
        new("s3:GetBucketCORS", AwsResource.Bucket, "check-store"),
        new("s3:GetLifecycleConfiguration", AwsResource.Bucket, "check-store"),
        new("s3:GetBucketNotification", AwsResource.Bucket, "check-store"),
    ];

    /// <summary>What <c>check-store --apply</c> sets, beside what <see cref="Check"/> looks at.</summary>
    public static IReadOnlyList<AwsAccess> Apply { get; } =
    [
        new("s3:PutBucketCORS", AwsResource.Bucket, "check-store --apply"),
        new("s3:PutLifecycleConfiguration", AwsResource.Bucket, "check-store --apply"),
        new("s3:PutBucketNotification", AwsResource.Bucket, "check-store --apply"),
    ];
}
