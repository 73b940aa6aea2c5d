using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.S3;
using Amazon.SQS;

namespace Edna.Deploy.Tests.Permissions;

/// <summary>
/// Which action IAM wants for an operation of the SDK's: by AWS's Service Authorization Reference. Most have the operation's name; those that have not stand here.
/// </summary>
internal static class ActionsOfOperations
{
    private static readonly Dictionary<string, string> s_s3 = new()
    {
        ["ListObjectsV2"] = "s3:ListBucket", ["ListMultipartUploads"] = "s3:ListBucketMultipartUploads", ["ListParts"] = "s3:ListMultipartUploadParts", ["DeleteObjects"] = "s3:DeleteObject",
        ["InitiateMultipartUpload"] = "s3:PutObject", ["CompleteMultipartUpload"] = "s3:PutObject", ["PutBucket"] = "s3:CreateBucket",
        ["GetCORSConfiguration"] = "s3:GetBucketCORS", ["PutCORSConfiguration"] = "s3:PutBucketCORS",
    };

    private static readonly Dictionary<string, string> s_sqs = new()
    {
        ["DeleteMessageBatch"] = "sqs:DeleteMessage", ["ChangeMessageVisibilityBatch"] = "sqs:ChangeMessageVisibility",
    };

    /// <summary>The action for a call; null when it is none of AWS's, or a transaction, whose parts count.</summary>
    public static string? Of(System.Reflection.MethodBase called)
    {
        var (type, operation) = (called.DeclaringType!, called.Name.EndsWith("Async", StringComparison.Ordinal) ? called.Name[..^5] : called.Name);
        if (type == typeof(TransactWriteItem)) return operation switch { "set_Put" => "dynamodb:PutItem", "set_Update" => "dynamodb:UpdateItem", "set_Delete" => "dynamodb:DeleteItem", "set_ConditionCheck" => "dynamodb:ConditionCheckItem", _ => null };
        if (type == typeof(TransactGetItem)) return operation == "set_Get" ? "dynamodb:GetItem" : null;
        if (!called.Name.EndsWith("Async", StringComparison.Ordinal) || operation is "TransactWriteItems" or "TransactGetItems") return null;
        if (typeof(IAmazonS3).IsAssignableFrom(type)) return s_s3.GetValueOrDefault(operation, $"s3:{operation}");
        if (typeof(IAmazonSQS).IsAssignableFrom(type)) return s_sqs.GetValueOrDefault(operation, $"sqs:{operation}");
        return typeof(IAmazonDynamoDB).IsAssignableFrom(type) ? $"dynamodb:{operation}" : null;
    }
}
