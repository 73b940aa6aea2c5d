using Edna.Events;
using Xunit;

namespace Edna.Silo.Tests.Events;

public sealed class SqsOptionsTests
{
    private const string Queue = "https://sqs.eu-west-1.amazonaws.com/123456789012/edna";

    [Fact]
    public void Without_a_queue_nothing_is_asked_for_and_with_one_of_Amazons_the_region_stands_in_its_name()
    {
        Assert.Empty(FaultsOf(new() { Consumers = 0 }));
        var options = new SqsEventOptions { QueueUrl = new(Queue) };
        Assert.Empty(FaultsOf(options));
        Assert.Equal("eu-west-1", options.SigningRegion);
        Assert.Equal("us-east-1", new SqsEventOptions { QueueUrl = new("http://127.0.0.1:1/0/q"), Endpoint = new("http://127.0.0.1:1") }.SigningRegion);
    }

    [Fact]
    public void Each_wrong_setting_is_named()
    {
        var good = new SqsEventOptions { QueueUrl = new(Queue) };
        good.Consumers = 33;
        good.Visibility = TimeSpan.FromSeconds(9);
        good.AccessKeyId = "id";
        good.Endpoint = new("ftp://x/");
        Assert.Equal(["Consumers", "Endpoint", "SecretAccessKey", "Visibility"], FaultsOf(good));
        Assert.Equal(["QueueUrl", "Region"], FaultsOf(new() { QueueUrl = new("queue", UriKind.Relative) }));
        Assert.Equal(["Region"], FaultsOf(new() { QueueUrl = new("https://queue.example/1/q") }));
    }

    private static string[] FaultsOf(SqsEventOptions options) =>
        [.. (new SqsEventOptionsValidation().Validate(null, options).Failures ?? []).Select(f => f["Edna:Events:Sqs:".Length..].Split(' ')[0]).Order(StringComparer.Ordinal)];
}
