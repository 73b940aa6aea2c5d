using System.Xml.Linq;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Edna.Storage.S3.Check;

/// <summary>What is written back to a bucket, against a fake of S3: real ones know fewer kinds of rules.</summary>
public sealed class S3BucketSettingsTests(S3StoreHarness harness) : IClassFixture<S3StoreHarness>
{
    private static readonly BucketNeeds Needs = new()
    {
        Prefix = "data/", Origins = ["*"], NotificationTarget = "arn:aws:sqs:eu-central-1:1:edna", IsAws = true,
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lifecycle_rules_of_others_are_written_back_as_they_were()
    {
        const string theirs = """
            <Rule><ID>and</ID><Filter><And><Prefix>logs/</Prefix><Tag><Key>a</Key><Value>b</Value></Tag></And></Filter><Status>Enabled</Status><Expiration><Days>30</Days></Expiration></Rule>
            <Rule><ID>size</ID><Filter><ObjectSizeGreaterThan>1000</ObjectSizeGreaterThan></Filter><Status>Enabled</Status><Transition><Days>30</Days><StorageClass>GLACIER</StorageClass></Transition></Rule>
            <Rule><ID>tag</ID><Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter><Status>Disabled</Status><NoncurrentVersionExpiration><NoncurrentDays>7</NoncurrentDays></NoncurrentVersionExpiration></Rule>
            <Rule><ID>plain</ID><Filter><Prefix>tmp/</Prefix></Filter><Status>Enabled</Status><Expiration><Date>2030-01-01T00:00:00Z</Date></Expiration></Rule>
            """;
        await using var server = await FakeS3Server.StartAsync(Ct);
        server.Then(200, $"<LifecycleConfiguration>{theirs}</LifecycleConfiguration>", ("x-amz-transition-default-minimum-object-size", "varies_by_storage_class")).Then(200, "");
        await SettingsAt(server).ApplyLifecycleAsync(Needs, Ct);
        var put = server.Requests.Last();
        Assert.Equal("varies_by_storage_class", put.Headers["x-amz-transition-default-minimum-object-size"]);
        AssertKept(theirs, put.Body, "Rule", "ID", ["and", "size", "tag", "plain"]);
    }

    [Fact]
    public async Task Subscriptions_of_others_are_written_back_as_they_were()
    {
        const string theirs = """
            <QueueConfiguration><Id>queue</Id><Queue>arn:aws:sqs:x:1:q</Queue><Event>s3:ObjectCreated:Put</Event><Filter><S3Key><FilterRule><Name>suffix</Name><Value>.log</Value></FilterRule></S3Key></Filter></QueueConfiguration>
            <TopicConfiguration><Id>topic</Id><Topic>arn:aws:sns:x:1:t</Topic><Event>s3:ReducedRedundancyLostObject</Event></TopicConfiguration>
            <CloudFunctionConfiguration><Id>lambda</Id><CloudFunction>arn:aws:lambda:x:1:function:f</CloudFunction><Event>s3:ObjectCreated:*</Event></CloudFunctionConfiguration>
            <EventBridgeConfiguration></EventBridgeConfiguration>
            """;
        await using var server = await FakeS3Server.StartAsync(Ct);
        server.Then(200, $"<NotificationConfiguration>{theirs}</NotificationConfiguration>").Then(200, "");
        await SettingsAt(server).ApplyNotificationsAsync(Needs, Ct);
        var body = server.Requests.Last().Body;
        Assert.Contains("EventBridgeConfiguration", body, StringComparison.Ordinal);
        AssertKept(theirs, body, "QueueConfiguration", "Id", ["queue"]);
        AssertKept(theirs, body, "TopicConfiguration", "Id", ["topic"], ownToo: false);
        AssertKept(theirs, body, "CloudFunctionConfiguration", "Id", ["lambda"], ownToo: false);
    }

    private static void AssertKept(string before, string after, string name, string idName, string[] ids, bool ownToo = true)
    {
        Dictionary<string, List<string>> Read(string xml) => XElement.Parse(xml).Descendants().Where(one => one.Name.LocalName == name).ToDictionary(
            one => one.Elements().Single(child => child.Name.LocalName == idName).Value,
            one => one.Descendants().Where(leaf => !leaf.HasElements).Select(leaf => $"{leaf.Parent!.Name.LocalName}.{leaf.Name.LocalName}={leaf.Value}").Order().ToList());
        var (was, now) = (Read($"<All>{before}</All>"), Read(after));
        Assert.Equal(ownToo ? [.. ids.Append("edna").Order()] : ids.Order(), now.Keys.Order());
        foreach (var id in ids) Assert.Equal(was[id], now[id]);
    }

    private S3BucketSettings SettingsAt(FakeS3Server server)
    {
        var options = harness.Options(server.Address);
        options.Compatibility = S3Compatibility.Aws;
        var credentials = new S3CredentialSource(options, TimeProvider.System, NullLogger<S3CredentialSource>.Instance).Credentials;
        return new(new S3Client(options, credentials), options.Bucket);
    }
}
