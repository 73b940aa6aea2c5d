// What it needs of IAM: SqsAccess.
using System.Globalization;
using System.Text.Json;
using Amazon;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace Edna.Events;

/// <summary>The calls to SQS that the intake of events makes.</summary>
internal sealed class SqsEventQueue : IDisposable
{
    /// <summary>Messages that SQS gives or takes at a time.</summary>
    public const int MostMessages = 10;

    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(20);
    private readonly AmazonSQSClient sqs;
    private readonly string queue;
    private readonly int visibility;
    private string? deadLetters;
    private bool lookedForDeadLetters;

    /// <summary>Connects to the queue that the options name.</summary>
    public SqsEventQueue(SqsEventOptions options)
    {
        queue = options.QueueUrl!.AbsoluteUri;
        visibility = (int)options.Visibility.TotalSeconds;
        deadLetters = options.DeadLetterQueueUrl?.AbsoluteUri;
        var config = new AmazonSQSConfig { Timeout = LongPoll + TimeSpan.FromSeconds(10) };
        if (options.Endpoint is null) config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.SigningRegion);
        else (config.ServiceURL, config.AuthenticationRegion) = (options.Endpoint.AbsoluteUri, options.SigningRegion);
        sqs = string.IsNullOrEmpty(options.AccessKeyId)
            ? new AmazonSQSClient(config)
            : new AmazonSQSClient(new BasicAWSCredentials(options.AccessKeyId, options.SecretAccessKey), config);
    }

    /// <summary>Waits up to 20 seconds for messages; they are hidden from others from then on.</summary>
    public async Task<IReadOnlyList<Message>> ReceiveAsync(CancellationToken ct)
    {
        var answer = await sqs.ReceiveMessageAsync(new ReceiveMessageRequest
        {
            QueueUrl = queue, MaxNumberOfMessages = MostMessages, WaitTimeSeconds = (int)LongPoll.TotalSeconds, VisibilityTimeout = visibility,
            MessageSystemAttributeNames = ["ApproximateReceiveCount"],
        }, ct);
        return answer.Messages ?? [];
    }

    /// <summary>Removes messages. One that could not be removed comes again, which does no harm.</summary>
    /// <returns>How many could not.</returns>
    public async Task<int> DeleteAsync(IReadOnlyList<Message> messages)
    {
        if (messages.Count == 0) return 0;
        var entries = messages.Select((m, i) => new DeleteMessageBatchRequestEntry(Id(i), m.ReceiptHandle)).ToList();
        return (await sqs.DeleteMessageBatchAsync(new DeleteMessageBatchRequest(queue, entries))).Failed?.Count ?? 0;
    }

    /// <summary>Keeps messages hidden for the whole visibility time from now.</summary>
    /// <returns>How many could not be: they are given out again when their time is over.</returns>
    public Task<int> KeepAsync(IReadOnlyCollection<Message> messages) => HideAsync([.. messages.Select(m => (m, TimeSpan.FromSeconds(visibility)))]);

    /// <summary>Hides each message for its time from now: zero gives it to the next who asks.</summary>
    /// <returns>How many could not be.</returns>
    public async Task<int> HideAsync(IReadOnlyList<(Message Message, TimeSpan For)> messages)
    {
        if (messages.Count == 0) return 0;
        var entries = messages.Select((m, i) => new ChangeMessageVisibilityBatchRequestEntry(Id(i), m.Message.ReceiptHandle) { VisibilityTimeout = (int)m.For.TotalSeconds }).ToList();
        return (await sqs.ChangeMessageVisibilityBatchAsync(new ChangeMessageVisibilityBatchRequest { QueueUrl = queue, Entries = entries })).Failed?.Count ?? 0;
    }

    /// <summary>Copies a message to the dead-letter queue; false when there is none.</summary>
    public async Task<bool> BuryAsync(Message message, string reason)
    {
        if (await DeadLettersAsync() is not { } target) return false;
        await sqs.SendMessageAsync(new SendMessageRequest(target, message.Body)
        {
            MessageAttributes = new() { ["edna-reason"] = new() { DataType = "String", StringValue = reason }, ["edna-message-id"] = new() { DataType = "String", StringValue = message.MessageId } },
        });
        return true;
    }

    /// <inheritdoc />
    public void Dispose() => sqs.Dispose();

    private async Task<string?> DeadLettersAsync()
    {
        if (deadLetters is not null || lookedForDeadLetters) return deadLetters;
        var attributes = (await sqs.GetQueueAttributesAsync(queue, ["RedrivePolicy"])).Attributes;
        if (attributes is not null && attributes.TryGetValue("RedrivePolicy", out var policy) && ArnOf(policy)?.Split(':') is [_, _, _, _, var account, var name])
            deadLetters = (await sqs.GetQueueUrlAsync(new GetQueueUrlRequest { QueueName = name, QueueOwnerAWSAccountId = account })).QueueUrl;
        lookedForDeadLetters = true;
        return deadLetters;
    }

    private static string? ArnOf(string policy)
    {
        using var document = JsonDocument.Parse(policy);
        return document.RootElement.TryGetProperty("deadLetterTargetArn", out var arn) ? arn.GetString() : null;
    }

    private static string Id(int i) => i.ToString(CultureInfo.InvariantCulture);
}
