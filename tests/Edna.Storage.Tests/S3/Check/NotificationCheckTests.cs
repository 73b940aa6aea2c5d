using Amazon.S3;
using Amazon.S3.Model;
using Xunit;

namespace Edna.Storage.S3.Check;

public sealed class NotificationCheckTests
{
    private const string Queue = "arn:aws:sqs:eu-central-1:123456789012:edna";
    private const string Topic = "arn:aws:sns:default::edna";
    private static readonly string[] All = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:LifecycleExpiration:*", "s3:ObjectTagging:*"];

    [Theory]
    [InlineData(Queue, true)]
    [InlineData(Topic, true)]
    [InlineData(Topic, false)]
    public void What_is_set_is_in_order_and_the_subscriptions_of_others_stay(string target, bool isAws)
    {
        var needs = Needs(target, isAws);
        List<QueueConfiguration> queues = [ToQueue("theirs", "arn:aws:sqs:x:1:theirs", "logs/", "s3:ObjectCreated:*"), ToQueue("edna", "arn:aws:sqs:x:1:old", "", All)];
        List<TopicConfiguration> topics = [new() { Id = "also-theirs", Topic = "arn:aws:sns:x:1:theirs", Events = [EventType.ObjectCreatedPut] }];
        Assert.Equal(FindingState.Missing, NotificationCheck.Judge([.. isAws ? queues : [], .. topics], needs).State);

        NotificationCheck.Merge(queues, topics, needs);

        Assert.Equal(FindingState.Ok, NotificationCheck.Judge([.. queues, .. topics], needs).State);
        Assert.Contains(queues, one => one.Id == "theirs");
        Assert.Contains(topics, one => one.Id == "also-theirs");
        var own = Assert.Single(queues.Cast<NotificationConfiguration>().Concat(topics), one => one is QueueConfiguration { Id: "edna" } or TopicConfiguration { Id: "edna" });
        Assert.Equal(target == Queue, own is QueueConfiguration);
        Assert.Equal("data/", Assert.Single(own.Filter.S3KeyFilter.FilterRules).Value);
        Assert.Equal(isAws ? All : All[..1], own.Events.Select(one => one.Value));
    }

    [Theory]
    [InlineData("", FindingState.Ok)]
    [InlineData("data/", FindingState.Ok)]
    [InlineData("dat", FindingState.Ok)]
    [InlineData("data/cats/", FindingState.Wrong)]
    public void All_of_EDNAs_keys_must_be_told_of(string prefix, FindingState state) =>
        Assert.Equal(state, NotificationCheck.Judge([ToQueue("theirs", Queue, prefix, All)], Needs(Queue, isAws: true)).State);

    [Fact]
    public void Every_event_must_be_told_of_by_one_subscription_or_several()
    {
        var needs = Needs(Queue, isAws: true);
        Assert.Equal(FindingState.Wrong, NotificationCheck.Judge([ToQueue("one", Queue, "", All[..2])], needs).State);
        Assert.Equal(FindingState.Ok, NotificationCheck.Judge([ToQueue("one", Queue, "", All[..2]), ToQueue("two", Queue, "", All[2..])], needs).State);
    }

    [Fact]
    public void Without_a_target_none_is_needed() => Assert.Equal(FindingState.Ok, NotificationCheck.Judge([], Needs(null, isAws: true)).State);

    [Fact]
    public void On_Ceph_a_subscription_to_removals_is_wrong_whoevers_it_is()
    {
        var removals = new TopicConfiguration { Id = "theirs", Topic = "arn:aws:sns:x:1:theirs", Events = ["s3:ObjectRemoved:Delete"] };
        Assert.Equal(FindingState.Wrong, NotificationCheck.Judge([removals], Needs(null, isAws: false)).State);
        Assert.Equal(FindingState.Ok, NotificationCheck.Judge([removals], Needs(null, isAws: true)).State);
    }

    private static QueueConfiguration ToQueue(string id, string arn, string prefix, params string[] events) => new()
    {
        Id = id,
        Queue = arn,
        Events = [.. events.Select(name => new EventType(name))],
        Filter = new() { S3KeyFilter = new() { FilterRules = [new() { Name = "Prefix", Value = prefix }] } },
    };

    private static BucketNeeds Needs(string? target, bool isAws) => new() { Prefix = "data/", Origins = [], NotificationTarget = target, IsAws = isAws };
}
