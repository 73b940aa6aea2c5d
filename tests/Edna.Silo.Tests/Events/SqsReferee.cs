using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using Edna.Events;
using Xunit;

namespace Edna.Silo.Tests.Events;

/// <summary>A queue of a test's own, with a dead-letter queue beside it, on the SQS server that the environment names.</summary>
internal sealed class SqsReferee : IAsyncDisposable
{
    private readonly AmazonSQSClient sqs;
    private readonly Uri endpoint;

    private SqsReferee(Uri endpoint)
    {
        this.endpoint = endpoint;
        sqs = new(new BasicAWSCredentials("test", "test"), new AmazonSQSConfig { ServiceURL = endpoint.AbsoluteUri, AuthenticationRegion = "us-east-1" });
    }

    public string Queue { get; private set; } = "";

    public string DeadLetters { get; private set; } = "";

    /// <summary>Makes the queues; skips the test where there is no server.</summary>
    public static async Task<SqsReferee> CreateAsync(CancellationToken ct, int receives = 100)
    {
        var endpoint = Environment.GetEnvironmentVariable("EDNA_TEST_SQS_ENDPOINT");
        if (string.IsNullOrEmpty(endpoint)) Assert.Skip("EDNA_TEST_SQS_ENDPOINT is not set: there is no SQS server to test against. ./test.sh starts one.");
        var referee = new SqsReferee(new(endpoint));
        var name = $"q-{Guid.NewGuid():n}";
        referee.DeadLetters = await referee.NewQueueAsync($"{name}-dead", [], ct);
        var arn = (await referee.sqs.GetQueueAttributesAsync(referee.DeadLetters, ["QueueArn"], ct)).Attributes["QueueArn"];
        referee.Queue = await referee.NewQueueAsync(name, new() { ["RedrivePolicy"] = $$"""{"deadLetterTargetArn":"{{arn}}","maxReceiveCount":"{{receives}}"}""" }, ct);
        return referee;
    }

    public SqsEventOptions Options(TimeSpan? visibility = null) => new()
    {
        QueueUrl = new(Queue), Endpoint = endpoint, AccessKeyId = "test", SecretAccessKey = "test", Visibility = visibility ?? TimeSpan.FromMinutes(1),
    };

    public Task SendAsync(string body, CancellationToken ct) => sqs.SendMessageAsync(Queue, body, ct);

    public async Task SendAsync(IEnumerable<string> bodies, CancellationToken ct)
    {
        foreach (var some in bodies.Chunk(10))
            await sqs.SendMessageBatchAsync(Queue, [.. some.Select((b, i) => new SendMessageBatchRequestEntry($"{i}", b))], ct);
    }

    /// <summary>What somebody else would be given now, within some seconds.</summary>
    public async Task<Message?> ReceiveAsync(string queue, int waitSeconds, CancellationToken ct) =>
        (await sqs.ReceiveMessageAsync(new ReceiveMessageRequest { QueueUrl = queue, WaitTimeSeconds = waitSeconds, MaxNumberOfMessages = 1, MessageAttributeNames = ["All"] }, ct)).Messages?.FirstOrDefault();

    /// <summary>Messages in the queue, hidden ones included.</summary>
    public async Task<int> CountAsync(CancellationToken ct)
    {
        var counts = await sqs.GetQueueAttributesAsync(Queue, ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"], ct);
        return counts.ApproximateNumberOfMessages + counts.ApproximateNumberOfMessagesNotVisible + counts.ApproximateNumberOfMessagesDelayed;
    }

    public async ValueTask DisposeAsync()
    {
        await sqs.DeleteQueueAsync(Queue);
        await sqs.DeleteQueueAsync(DeadLetters);
        sqs.Dispose();
    }

    private async Task<string> NewQueueAsync(string name, Dictionary<string, string> attributes, CancellationToken ct)
    {
        var made = await sqs.CreateQueueAsync(new CreateQueueRequest { QueueName = name, Attributes = attributes }, ct);
        return made.QueueUrl;
    }
}
