using System.Text.Json.Serialization;
using Edna.Changes;

namespace Edna.Webhooks;

/// <summary>How a delivery stands. The names are sent and the numbers stored: never rename or renumber.</summary>
[GenerateSerializer, Alias("edna.DeliveryState"), JsonConverter(typeof(JsonStringEnumConverter<DeliveryState>))]
public enum DeliveryState
{
    /// <summary>To be tried, for the first time or again.</summary>
    [JsonStringEnumMemberName("waiting")] Waiting = 0,

    /// <summary>The address answered 2xx.</summary>
    [JsonStringEnumMemberName("delivered")] Delivered = 1,

    /// <summary>Given up.</summary>
    [JsonStringEnumMemberName("failed")] Failed = 2,
}

/// <summary>What came of an attempt.</summary>
[GenerateSerializer, Immutable, Alias("edna.WebhookAnswer")]
public sealed record WebhookAnswer
{
    /// <summary>When the attempt was made, UTC.</summary>
    [Id(0)] public required DateTimeOffset At { get; init; }

    /// <summary>The HTTP status; null when there was no answer.</summary>
    [Id(1)] public int? Status { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    [Id(2)] public required long DurationMs { get; init; }

    /// <summary>
    /// Why there was no answer: <c>timeout</c>, <c>target_refused</c>, <c>name_not_resolved</c>, <c>not_connected</c>, <c>tls_failed</c>
    /// or <c>answer_broken</c>; null when there was one.
    /// </summary>
    [Id(3)] public string? Error { get; init; }

    /// <summary>The first 512 bytes of the answer's body, as UTF-8; null for none.</summary>
    [Id(4)] public string? Body { get; init; }
}

/// <summary>Changes that were kept no more when a webhook came to them: what they told, it cannot tell any more.</summary>
[GenerateSerializer, Immutable, Alias("edna.ExpiredChanges")]
public sealed record ExpiredChanges
{
    /// <summary>The cursor after which they came.</summary>
    [Id(0)] public required string From { get; init; }

    /// <summary>The cursor after which the webhook goes on: that of the last of them.</summary>
    [Id(1)] public required string To { get; init; }

    /// <summary>When it was noticed, UTC.</summary>
    [Id(2)] public required DateTimeOffset At { get; init; }
}

/// <summary>One message to one webhook, however often it is tried.</summary>
[GenerateSerializer, Immutable, Alias("edna.WebhookDelivery")]
public sealed record WebhookDelivery
{
    /// <summary>The <c>webhook-id</c>, the same in every attempt.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>The message's type: <c>item.</c> and the kind of change, <c>dataset.changes_expired</c>, or <c>webhook.test</c>.</summary>
    [Id(1)] public required string Type { get; init; }

    /// <summary>The change it tells of; null when it tells of none.</summary>
    [Id(2)] public ItemChange? Change { get; init; }

    /// <summary>How it stands.</summary>
    [Id(3)] public required DeliveryState State { get; init; }

    /// <summary>Attempts made.</summary>
    [Id(4)] public required int Attempts { get; init; }

    /// <summary>When it was first tried, UTC; null before.</summary>
    [Id(5)] public DateTimeOffset? FirstAttemptAt { get; init; }

    /// <summary>When it is tried again, UTC; null when it is settled, or waits for an earlier change of its item.</summary>
    [Id(6)] public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>What came of the last attempt; null before the first.</summary>
    [Id(7)] public WebhookAnswer? Answer { get; init; }

    /// <summary>The changes that are kept no more; null when it tells of none.</summary>
    [Id(8)] public ExpiredChanges? Expired { get; init; }
}

/// <summary>A page of a webhook's deliveries, the newest first.</summary>
[GenerateSerializer, Immutable, Alias("edna.WebhookDeliveryPage")]
public sealed record WebhookDeliveryPage
{
    /// <summary>The deliveries.</summary>
    [Id(0)] public required IReadOnlyList<WebhookDelivery> Items { get; init; }

    /// <summary>Where the next page starts; null at the end.</summary>
    [Id(1)] public string? NextCursor { get; init; }
}
