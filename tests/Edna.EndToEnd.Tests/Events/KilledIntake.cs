using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Events;

/// <summary>The process is killed while it takes events from a queue.</summary>
public sealed class KilledIntake
{
    private const int Count = 1_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task No_event_is_lost_when_the_process_is_killed_in_the_middle()
    {
        var endpoint = Environment.GetEnvironmentVariable("EDNA_TEST_SQS_ENDPOINT");
        if (string.IsNullOrEmpty(endpoint)) Assert.Skip("EDNA_TEST_SQS_ENDPOINT is not set: there is no SQS server to test against. ./test.sh starts one.");
        using var sqs = new AmazonSQSClient(new BasicAWSCredentials("test", "test"), new AmazonSQSConfig { ServiceURL = endpoint, AuthenticationRegion = "us-east-1" });
        var queue = (await sqs.CreateQueueAsync($"kill-{Guid.NewGuid():n}", Ct)).QueueUrl;
        await using var edna = await EdnaProcess.StartAsync(new Dictionary<string, string?>
        {
            ["Edna__Events__Sqs__QueueUrl"] = queue, ["Edna__Events__Sqs__Endpoint"] = endpoint, ["Edna__Events__Sqs__AccessKeyId"] = "test",
            ["Edna__Events__Sqs__SecretAccessKey"] = "test", ["Edna__Events__Sqs__Visibility"] = "00:00:10",
        }, ct: Ct);
        using var client = edna.NewClient(new EdnaClientOptions { RetryFor = TimeSpan.FromSeconds(60) });
        await client.CreateDatasetAsync(new CreateDataset { Name = "killed" }, Ct);
        var ids = await client.SendWithoutCompletingAsync("killed", [.. Enumerable.Range(0, Count).Select(i => ($"{i}.txt", Encoding.ASCII.GetBytes($"{i:d4}")))], Ct);

        foreach (var some in ids.Chunk(10))
            await sqs.SendMessageBatchAsync(queue, [.. some.Select((id, i) => new SendMessageBatchRequestEntry($"{i}", Event(id)))], Ct);
        var before = await Eventually.GetAsync(() => AvailableAsync(edna), n => n > 0, Ct);
        await edna.KillAsync(Ct);
        Assert.True(before < Count, "The events were over before the process was killed.");
        await edna.StartAgainAsync(Ct);

        Assert.Equal(Count, await Eventually.GetAsync(() => AvailableAsync(edna), n => n == Count, Ct));
        Assert.Equal("0", await Eventually.GetAsync(() => LeftAsync(sqs, queue), left => left == "0", Ct));
        var items = await client.ListItemsAsync("killed", ct: Ct).ToListAsync(Ct);
        Assert.All(items, i => Assert.Equal((ItemStatuses.Available, 2L), (i.Status, i.Revision)));
        await sqs.DeleteQueueAsync(queue, Ct);
    }

    private static async Task<int> AvailableAsync(EdnaProcess edna)
    {
        using var http = edna.NewHttp();
        var page = await http.GetFromJsonAsync<JsonElement>($"v1/datasets/killed/items?status=available&limit={Count}", Ct);
        return page.GetProperty("items").GetArrayLength();
    }

    private static async Task<string> LeftAsync(AmazonSQSClient sqs, string queue)
    {
        var counts = await sqs.GetQueueAttributesAsync(queue, ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"], Ct);
        return $"{counts.ApproximateNumberOfMessages + counts.ApproximateNumberOfMessagesNotVisible}";
    }

    private static string Event(string id) => JsonSerializer.Serialize(new
    {
        Records = new[]
        {
            new
            {
                eventSource = "aws:s3", eventName = "ObjectCreated:Put",
                s3 = new { bucket = new { name = "edna" }, @object = new { key = $"default/killed/items/{id}/1", size = 4, eTag = "e" } },
            },
        },
    });
}
