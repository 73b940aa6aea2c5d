using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Edna.Changes;

namespace Edna.Webhooks;

/// <summary>
/// The messages that webhooks send: type, time and data, as the Standard Webhooks specification recommends. A message is the same in every
/// attempt, and so is its id, which follows from the change.
/// </summary>
internal static class WebhookMessage
{
    private const string TestType = "webhook.test";
    private const string ExpiredType = "dataset.changes_expired";
    private const int IdBytes = 16;

    private static readonly WebhookJson Json = new(new JsonSerializerOptions(WebhookJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static readonly Dictionary<ChangeKind, string> Types =
        Enum.GetValues<ChangeKind>().ToDictionary(k => k, k => "item." + JsonSerializer.Serialize(k, WebhookJson.Default.ChangeKind).Trim('"'));

    /// <summary>The id of the message of a change to a webhook: <c>msg_</c> and 32 hexadecimal digits.</summary>
    /// <param name="webhook">The webhook's id.</param>
    /// <param name="cursor">The change's cursor.</param>
    public static string IdOf(string webhook, string cursor) =>
        "msg_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{webhook}\n{cursor}")).AsSpan(0, IdBytes));

    /// <summary>The id of the message that changes are kept no more.</summary>
    /// <param name="webhook">The webhook's id.</param>
    /// <param name="expired">Which changes.</param>
    public static string IdOf(string webhook, ExpiredChanges expired) => IdOf(webhook, $"{expired.From}\n{expired.To}");

    /// <summary>A new id, for a test.</summary>
    public static string NewId() => "msg_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));

    /// <summary>The type of a delivery's message.</summary>
    public static string TypeOf(QueuedDelivery delivery) =>
        delivery.Change is { } change ? Types[change.Kind] : delivery.Expired is not null ? ExpiredType : TestType;

    /// <summary>The body of the message of a change.</summary>
    /// <param name="dataset">The dataset's name.</param>
    /// <param name="change">The change.</param>
    public static byte[] Of(string dataset, QueuedChange change) => JsonSerializer.SerializeToUtf8Bytes(
        new()
        {
            Type = Types[change.Kind], Timestamp = change.At.UtcDateTime,
            Data = new()
            {
                Dataset = dataset, Cursor = change.Cursor, Item = change.Item, Path = change.Path, Kind = change.Kind, Revision = change.Revision, By = change.By,
            },
        },
        Json.MessageChangeData);

    /// <summary>The body of the message that changes are kept no more.</summary>
    /// <param name="dataset">The dataset's name.</param>
    /// <param name="expired">Which changes.</param>
    public static byte[] Of(string dataset, ExpiredChanges expired) => JsonSerializer.SerializeToUtf8Bytes(
        new() { Type = ExpiredType, Timestamp = expired.At.UtcDateTime, Data = new() { Dataset = dataset, From = expired.From, To = expired.To } }, Json.MessageExpiredData);

    /// <summary>The body of a test.</summary>
    /// <param name="dataset">The dataset's name.</param>
    /// <param name="webhook">The webhook's id.</param>
    /// <param name="now">The time.</param>
    public static byte[] Test(string dataset, string webhook, DateTimeOffset now) => JsonSerializer.SerializeToUtf8Bytes(
        new() { Type = TestType, Timestamp = now.UtcDateTime, Data = new() { Dataset = dataset, Webhook = webhook } }, Json.MessageTestData);
}

/// <summary>Any message. Names are sent: never rename.</summary>
/// <typeparam name="T">What it tells.</typeparam>
internal sealed record Message<T>
{
    public required string Type { get; init; }

    public required DateTime Timestamp { get; init; }

    public required T Data { get; init; }
}

/// <summary>What the message of a change says of it: what the change feed says, and the dataset. Names are sent: never rename.</summary>
internal sealed record ChangeData
{
    public required string Dataset { get; init; }

    public required string Cursor { get; init; }

    public required string Item { get; init; }

    public required string Path { get; init; }

    public required ChangeKind Kind { get; init; }

    public required long Revision { get; init; }

    public required string By { get; init; }
}

/// <summary>Which changes are kept no more. Names are sent: never rename.</summary>
internal sealed record ExpiredData
{
    public required string Dataset { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }
}

/// <summary>What a test says. Names are sent: never rename.</summary>
internal sealed record TestData
{
    public required string Dataset { get; init; }

    public required string Webhook { get; init; }
}

/// <summary>How messages and settings are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Message<ChangeData>))]
[JsonSerializable(typeof(Message<ExpiredData>))]
[JsonSerializable(typeof(Message<TestData>))]
[JsonSerializable(typeof(ChangeKind))]
[JsonSerializable(typeof(WebhookSettings))]
internal sealed partial class WebhookJson : JsonSerializerContext;
