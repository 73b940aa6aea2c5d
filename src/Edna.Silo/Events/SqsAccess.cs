using Edna.Aws;

namespace Edna.Events;

/// <summary>What the intake of object events does at SQS.</summary>
internal static class SqsAccess
{
    /// <summary>On the queue and its dead-letter queue.</summary>
    public static IReadOnlyList<AwsAccess> Intake { get; } =
    [
        new("sqs:ReceiveMessage", AwsResource.Queue, "object events"),
        new("sqs:DeleteMessage", AwsResource.Queue, "events that were worked off"),
        new("sqs:ChangeMessageVisibility", AwsResource.Queue, "events that take long, or come again later"),
        new("sqs:GetQueueAttributes", AwsResource.Queue, "its dead-letter queue"),
        new("sqs:SendMessage", AwsResource.DeadLetterQueue, "messages that cannot be read"),
        new("sqs:GetQueueUrl", AwsResource.DeadLetterQueue, "its address"),
    ];
}
