using System.Text.Json;
using Amazon.S3.Model;
using Edna.Events;
using Edna.Storage.S3.Check;
using Xunit;

namespace Edna.Deploy.Tests.Ecs;

/// <summary>The bucket of the stack, looked at as <c>check-store</c> looks at one that is there.</summary>
public sealed class BucketTests(Synthesis synthesis)
{
    private static readonly BucketNeeds s_needs = new() { Prefix = "", Origins = ["*"], NotificationTarget = "arn:aws:sqs:queue", IsAws = true };

    [Fact]
    public async Task Check_store_finds_nothing_to_mend()
    {
        var bucket = BucketOf(await synthesis.UsualAsync()).Value;
        var cors = bucket.GetProperty("CorsConfiguration").GetProperty("CorsRules").EnumerateArray().Select(rule => new CORSRule
        {
            Id = rule.GetProperty("Id").GetString(),
            // A parameter, whose default is any.
            AllowedOrigins = rule.GetProperty("AllowedOrigins").GetProperty("Ref").GetString() == "CorsOrigins" ? ["*"] : [],
            AllowedMethods = Texts(rule, "AllowedMethods"), AllowedHeaders = Texts(rule, "AllowedHeaders"), ExposeHeaders = Texts(rule, "ExposedHeaders"),
        }).ToList();
        var lifecycle = bucket.GetProperty("LifecycleConfiguration").GetProperty("Rules").EnumerateArray().Select(rule => new LifecycleRule
        {
            Id = rule.GetProperty("Id").GetString(), Status = rule.GetProperty("Status").GetString(),
            Filter = new() { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = rule.TryGetProperty("Prefix", out var prefix) ? prefix.GetString() : "" } },
            AbortIncompleteMultipartUpload = rule.TryGetProperty("AbortIncompleteMultipartUpload", out var abort) ? new() { DaysAfterInitiation = abort.GetProperty("DaysAfterInitiation").GetInt32() } : null,
            Expiration = rule.TryGetProperty("ExpirationInDays", out var days) ? new() { Days = days.GetInt32() } : rule.TryGetProperty("ExpirationDate", out _) ? new() { Date = DateTime.UnixEpoch } : null,
        }).ToList();
        var subscriptions = bucket.GetProperty("NotificationConfiguration").GetProperty("QueueConfigurations").EnumerateArray()
            .Select(one => new QueueConfiguration { Queue = s_needs.NotificationTarget, Events = [new(one.GetProperty("Event").GetString())] }).ToList();

        Assert.Equal(
            [FindingState.Ok, FindingState.Ok, FindingState.Ok],
            new[] { CorsCheck.Judge(cors, s_needs), LifecycleCheck.Judge(lifecycle, s_needs), NotificationCheck.Judge(subscriptions, s_needs) }.Select(finding => finding.State));
        // As --apply would set it, so that it sets none beside.
        Assert.Equal([BucketNeeds.RuleId], cors.Select(rule => rule.Id));
        Assert.Equal(BucketNeeds.MultipartDays, lifecycle.Single(rule => rule.Id == BucketNeeds.RuleId).AbortIncompleteMultipartUpload.DaysAfterInitiation);
    }

    [Fact]
    public async Task Its_events_go_to_the_queue_that_silos_read()
    {
        var template = await synthesis.UsualAsync();
        var (name, bucket) = BucketOf(template);
        var queue = template.Of("AWS::SQS::Queue").Single(one => one.Value.TryGetProperty("RedrivePolicy", out _)).Key;
        Assert.All(bucket.GetProperty("NotificationConfiguration").GetProperty("QueueConfigurations").EnumerateArray(), one => Assert.Equal($$"""{"Fn::GetAtt":["{{queue}}","Arn"]}""", one.GetProperty("Queue").GetRawText()));
        Assert.Equal($$"""{"Ref":"{{queue}}"}""", Template.EnvironmentOf(template.RoleOf("silo").Container)["Edna__Events__Sqs__QueueUrl"]);
        // S3 refuses to send to a queue that does not let it.
        Assert.Contains(template.WaitsFor(name), one => template.Of("AWS::SQS::QueuePolicy").TryGetValue(one, out var policy) && policy.GetProperty("Queues")[0].GetProperty("Ref").GetString() == queue);
    }

    [Fact]
    public async Task What_silos_cannot_read_is_put_aside_after_half_a_day_of_trying()
    {
        var template = await synthesis.UsualAsync();
        var (queue, aside) = (template.Of("AWS::SQS::Queue").Values.Single(one => one.TryGetProperty("RedrivePolicy", out _)), template.Of("AWS::SQS::Queue").Single(one => !one.Value.TryGetProperty("RedrivePolicy", out _)));
        Assert.Equal($$"""{"Fn::GetAtt":["{{aside.Key}}","Arn"]}""", queue.GetProperty("RedrivePolicy").GetProperty("deadLetterTargetArn").GetRawText());
        Assert.InRange(queue.GetProperty("RedrivePolicy").GetProperty("maxReceiveCount").GetInt32(), 48, 1_000);
        Assert.Equal(new SqsEventOptions().Visibility.TotalSeconds, queue.GetProperty("VisibilityTimeout").GetDouble());
        Assert.All(new[] { queue, aside.Value }, one => Assert.Equal(TimeSpan.FromDays(14).TotalSeconds, one.GetProperty("MessageRetentionPeriod").GetDouble()));
    }

    [Fact]
    public async Task It_is_closed_encrypted_versioned_and_outlives_the_stack()
    {
        var template = await synthesis.UsualAsync();
        var (name, bucket) = BucketOf(template);
        Assert.Equal("RetainExceptOnCreate", template.DeletionOf(name));
        var blocks = bucket.GetProperty("PublicAccessBlockConfiguration").EnumerateObject().ToList();
        Assert.Equal(["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"], blocks.Where(block => block.Value.GetBoolean()).Select(block => block.Name).Order(StringComparer.Ordinal));
        Assert.Equal("Enabled", bucket.GetProperty("VersioningConfiguration").GetProperty("Status").GetString());
        Assert.Equal("BucketOwnerEnforced", bucket.GetProperty("OwnershipControls").GetProperty("Rules")[0].GetProperty("ObjectOwnership").GetString());
        Assert.NotEmpty(bucket.GetProperty("BucketEncryption").GetProperty("ServerSideEncryptionConfiguration").EnumerateArray());
    }

    private static KeyValuePair<string, JsonElement> BucketOf(Template template) => Assert.Single(template.Of("AWS::S3::Bucket"));

    private static List<string> Texts(JsonElement rule, string name) => [.. rule.GetProperty(name).EnumerateArray().Select(one => one.GetString()!)];
}
