using Amazon.S3;
using Amazon.S3.Model;

namespace Edna.Storage.S3.Check;

/// <summary>Whether the bucket tells EDNA what happens in it.</summary>
internal static class NotificationCheck
{
    private const string What = "notifications";

    /// <summary>Judges a bucket's subscriptions, those to queues and those to topics together.</summary>
    public static BucketFinding Judge(IReadOnlyList<NotificationConfiguration> subscriptions, BucketNeeds needs)
    {
        if (!needs.IsAws && CrashesCeph(subscriptions) is { } crashing)
            return new(What, FindingState.Wrong, $"The subscription '{IdOf(crashing)}' is for ObjectRemoved: Ceph 16.2's gateway crashes when EDNA removes objects in such a bucket.",
                IdOf(crashing) == BucketNeeds.RuleId ? Mend(needs) : "Subscribe to s3:ObjectCreated:* only; --apply changes no subscription of others.");
        if (needs.NotificationTarget is not { } target)
            return new(What, FindingState.Ok, "None wanted (Edna:Objects:S3:NotificationTarget is not set): uploads are noticed when clients complete them, or when they are swept.");
        var own = subscriptions.Where(one => TargetOf(one) == target).ToList();
        if (own.Count == 0) return new(What, FindingState.Missing, $"Nothing is sent to {target}.", Mend(needs));
        foreach (var wanted in needs.Events)
        {
            if (!own.Exists(one => (one.Events ?? []).Exists(sent => sent == wanted) && Covers(one, needs)))
                return new(What, FindingState.Wrong, $"{wanted} is not sent to {target} for all keys under '{needs.Prefix}'.", Mend(needs));
        }
        return new(What, FindingState.Ok, $"{string.Join(", ", needs.Events)} are sent to {target}.");
    }

    /// <summary>The subscription that Ceph's gateway crashes over when objects are removed; null when there is none.</summary>
    public static NotificationConfiguration? CrashesCeph(IReadOnlyList<NotificationConfiguration> subscriptions) =>
        subscriptions.FirstOrDefault(one => (one.Events ?? []).Exists(sent => sent.Value.StartsWith("s3:ObjectRemoved:", StringComparison.Ordinal)));

    /// <summary>Puts EDNA's subscription among the others, in the place of a former one of its own.</summary>
    public static void Merge(List<QueueConfiguration> queues, List<TopicConfiguration> topics, BucketNeeds needs)
    {
        queues.RemoveAll(one => one.Id == BucketNeeds.RuleId);
        topics.RemoveAll(one => one.Id == BucketNeeds.RuleId);
        if (needs.NotificationTarget is not { } target) return;
        List<EventType> events = [.. needs.Events.Select(name => new EventType(name))];
        var filter = needs.Prefix.Length == 0
            ? null
            : new Filter { S3KeyFilter = new() { FilterRules = [new() { Name = "prefix", Value = needs.Prefix }] } };
        if (IsQueue(target)) queues.Add(new() { Id = BucketNeeds.RuleId, Queue = target, Events = events, Filter = filter });
        else topics.Add(new() { Id = BucketNeeds.RuleId, Topic = target, Events = events, Filter = filter });
    }

    /// <summary>Whether an ARN is that of a queue, and not of a topic.</summary>
    public static bool IsQueue(string arn) => arn.Split(':') is [_, _, "sqs", ..];

    private static string Mend(BucketNeeds needs) => needs.NotificationTarget is { } target
        ? $"--apply sets the subscription '{BucketNeeds.RuleId}': {string.Join(", ", needs.Events)} under '{needs.Prefix}' to {target}."
        : $"--apply removes the subscription '{BucketNeeds.RuleId}'.";

    private static bool Covers(NotificationConfiguration one, BucketNeeds needs) => (one.Filter?.S3KeyFilter?.FilterRules ?? [])
        .TrueForAll(rule => string.Equals(rule.Name, "prefix", StringComparison.OrdinalIgnoreCase)
            ? needs.Prefix.StartsWith(rule.Value ?? "", StringComparison.Ordinal)
            : string.IsNullOrEmpty(rule.Value));

    private static string? IdOf(NotificationConfiguration one) => one switch
    {
        QueueConfiguration queue => queue.Id,
        TopicConfiguration topic => topic.Id,
        LambdaFunctionConfiguration lambda => lambda.Id,
        _ => null,
    };

    private static string? TargetOf(NotificationConfiguration one) => one switch
    {
        QueueConfiguration queue => queue.Queue,
        TopicConfiguration topic => topic.Topic,
        _ => null,
    };
}
