using Edna.Changes;

namespace Edna.Webhooks;

/// <summary>A delivery as it is stored. Never rename a member.</summary>
public sealed record QueuedDelivery
{
    /// <summary>The <c>webhook-id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its place among the webhook's deliveries, from 0.</summary>
    public long Number { get; init; }

    /// <summary>The change that it tells of; null when it tells of none.</summary>
    public QueuedChange? Change { get; init; }

    /// <summary>The changes that are kept no more; null when it tells of none.</summary>
    public ExpiredChanges? Expired { get; init; }

    /// <summary>When a test was made, UTC; null for what is no test.</summary>
    public DateTimeOffset? MadeAt { get; init; }

    /// <summary>How it stands.</summary>
    public DeliveryState State { get; init; }

    /// <summary>Attempts made.</summary>
    public int Attempts { get; init; }

    /// <summary>When it was first tried, UTC; the time after which it is given up counts from here.</summary>
    public DateTimeOffset? FirstAttemptAt { get; init; }

    /// <summary>When it is tried again, UTC; null for at once.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>What came of the last attempt.</summary>
    public WebhookAnswer? Answer { get; init; }

    /// <summary>The delivery after one more attempt.</summary>
    internal QueuedDelivery Tried(WebhookAnswer answer) => this with { Attempts = Attempts + 1, FirstAttemptAt = FirstAttemptAt ?? answer.At, Answer = answer };

    /// <summary>The delivery as clients see it.</summary>
    internal WebhookDelivery ToDelivery() => new()
    {
        Id = Id, Type = WebhookMessage.TypeOf(this), Change = Change?.ToChange(), Expired = Expired, State = State, Attempts = Attempts, FirstAttemptAt = FirstAttemptAt,
        NextAttemptAt = NextAttemptAt, Answer = Answer,
    };
}

/// <summary>A change as it is stored with its delivery: the feed may have forgotten it when it is tried again. Never rename a member.</summary>
public sealed record QueuedChange
{
    /// <summary>The change's place in the feed.</summary>
    public required string Cursor { get; init; }

    /// <summary>The item's id.</summary>
    public required string Item { get; init; }

    /// <summary>The item's path.</summary>
    public required string Path { get; init; }

    /// <summary>What happened.</summary>
    public required ChangeKind Kind { get; init; }

    /// <summary>The item's revision after it.</summary>
    public required long Revision { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    public required string By { get; init; }

    internal static QueuedChange Of(ItemChange change) => new()
    {
        Cursor = change.Cursor, Item = change.Item, Path = change.Path, Kind = change.Kind, Revision = change.Revision, At = change.At, By = change.By,
    };

    internal ItemChange ToChange() => new() { Cursor = Cursor, Item = Item, Path = Path, Kind = Kind, Revision = Revision, At = At, By = By };
}
