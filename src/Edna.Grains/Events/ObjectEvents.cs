using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Edna.Results;

namespace Edna.Events;

/// <summary>
/// Reads documents of object events: the notifications of AWS (versions 2.x) and Ceph, S3's events as EventBridge sends them, and
/// either as SNS wraps it. Pure; whatever it is given, it answers a document or a problem and never throws.
/// </summary>
public static class ObjectEvents
{
    /// <summary>Bytes of a document at most: 256 KiB. A notification of S3 has at most 64 KB; wrapped by SNS, its quotes are escaped.</summary>
    public const int DocumentBytes = 256 << 10;

    private const int MostWraps = 2;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32 };

    /// <summary>Reads a document. Errors: <c>event.invalid</c>.</summary>
    /// <param name="json">JSON in UTF-8.</param>
    public static Result<ObjectEventDocument> Read(ReadOnlyMemory<byte> json) => Read(json, 0);

    private static Result<ObjectEventDocument> Read(ReadOnlyMemory<byte> json, int wraps)
    {
        if (json.Length > DocumentBytes) return EventErrors.Invalid($"It has more than {DocumentBytes} bytes.");
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return ReadRoot(document.RootElement, wraps);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // Broken JSON, and texts in it that are not Unicode.
            return EventErrors.Invalid("It is not sound JSON.");
        }
    }

    private static Result<ObjectEventDocument> ReadRoot(JsonElement root, int wraps)
    {
        if (root.ValueKind != JsonValueKind.Object) return EventErrors.Invalid("It is not a JSON object.");
        if (root.TryGetProperty("Records", out var records)) return ReadRecords(records);
        if (root.TryGetProperty("detail-type", out var type)) return ReadBridge(root, type);
        if (Text(root, "Event") == "s3:TestEvent") return ObjectEventDocument.Empty;
        return Text(root, "Type") switch
        {
            "Notification" when wraps < MostWraps && Text(root, "Message") is { } message => Read(Encoding.UTF8.GetBytes(message), wraps + 1),
            "SubscriptionConfirmation" => ObjectEventDocument.Empty with { SubscribeUrl = Text(root, "SubscribeURL") ?? "" },
            "UnsubscribeConfirmation" => ObjectEventDocument.Empty,
            _ => EventErrors.Invalid("It has neither 'Records' nor 'detail-type'."),
        };
    }

    private static Result<ObjectEventDocument> ReadRecords(JsonElement records)
    {
        if (records.ValueKind != JsonValueKind.Array) return EventErrors.Invalid("'Records' is not an array.");
        var (events, malformed) = (new List<ObjectEvent>(records.GetArrayLength()), new List<MalformedRecord>());
        var (others, invalid, at) = (0, 0, 0);
        foreach (var record in records.EnumerateArray())
        {
            if (FaultOf(record, ref others, events) is { } fault && ++invalid <= ObjectEventDocument.MostTold) malformed.Add(new(at, fault, TextOf(record)));
            at++;
        }
        // Nothing was understood: the sender is told so, and keeps it.
        if (invalid > 0 && invalid == at) return EventErrors.Invalid(malformed[0].Reason);
        return new ObjectEventDocument { Events = events, OfOtherKinds = others, Invalid = invalid, Malformed = malformed };
    }

    private static string? FaultOf(JsonElement record, ref int others, List<ObjectEvent> events)
    {
        try
        {
            return ReadRecord(record, ref others, events);
        }
        catch (InvalidOperationException)
        {
            return "holds text that is not Unicode";
        }
    }

    /// <summary>A record as it came, on one line, as far as it is told.</summary>
    private static string TextOf(JsonElement record)
    {
        var raw = JsonMarshal.GetRawUtf8Value(record);
        return Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, MalformedRecord.MostText)]).ReplaceLineEndings(" ");
    }

    /// <summary>Adds a record's event; what is wrong with it, or null.</summary>
    private static string? ReadRecord(JsonElement record, ref int others, List<ObjectEvent> events)
    {
        if (Text(record, "eventName") is not { } name) return "has no 'eventName'";
        if (KindOf(name) is not { } kind)
        {
            others++;
            return null;
        }
        if (Part(record, "s3") is not { } s3 || Part(s3, "bucket") is not { } bucket || Part(s3, "object") is not { } at) return "has no 's3' with 'bucket' and 'object'";
        if (Text(bucket, "name") is not { Length: > 0 } bucketName || Text(at, "key") is not { Length: > 0 } key) return "names no bucket or no key";

        // Ceph sends keys as they are; AWS, and whoever follows it, as a form would.
        var asIs = Text(record, "eventSource")?.StartsWith("ceph", StringComparison.OrdinalIgnoreCase) == true;
        events.Add(new()
        {
            Kind = kind, Bucket = bucketName, Key = asIs ? key : WebUtility.UrlDecode(key), Size = Number(at, "size"), ETag = Tag(at, "eTag"),
            Sequencer = Full(at, "sequencer"), VersionId = Full(at, "versionId"), At = Time(record, "eventTime"),
        });
        return null;
    }

    private static Result<ObjectEventDocument> ReadBridge(JsonElement root, JsonElement type)
    {
        ObjectEventKind? kind = type.ValueKind != JsonValueKind.String ? null : type.GetString() switch
        {
            "Object Created" => ObjectEventKind.Created,
            "Object Deleted" => ObjectEventKind.Removed,
            "Object Tags Added" or "Object Tags Deleted" => ObjectEventKind.Tagged,
            _ => null,
        };
        if (kind is null) return ObjectEventDocument.Empty with { OfOtherKinds = 1 };
        if (Part(root, "detail") is not { } detail || Part(detail, "bucket") is not { } bucket || Part(detail, "object") is not { } at)
            return EventErrors.Invalid("'detail' has no 'bucket' and 'object'.");
        if (Text(bucket, "name") is not { Length: > 0 } bucketName || Text(at, "key") is not { Length: > 0 } key)
            return EventErrors.Invalid("'detail' names no bucket or no key.");
        return new ObjectEventDocument
        {
            Events =
            [
                new()
                {
                    Kind = kind.Value, Bucket = bucketName, Key = key, Size = Number(at, "size"), ETag = Tag(at, "etag"),
                    Sequencer = Full(at, "sequencer"), VersionId = Full(at, "version-id"), At = Time(root, "time"),
                },
            ],
        };
    }

    /// <summary>What an event's name means; AWS leaves <c>s3:</c> out, others do not.</summary>
    private static ObjectEventKind? KindOf(string name)
    {
        var bare = name.StartsWith("s3:", StringComparison.Ordinal) ? name[3..] : name;
        return bare.Split(':', 2)[0] switch
        {
            "ObjectCreated" => ObjectEventKind.Created,
            "ObjectRemoved" or "LifecycleExpiration" => ObjectEventKind.Removed,
            "ObjectLifecycle" when bare.StartsWith("ObjectLifecycle:Expiration", StringComparison.Ordinal) => ObjectEventKind.Removed,
            "ObjectTagging" => ObjectEventKind.Tagged,
            _ => null,
        };
    }

    private static JsonElement? Part(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var part) ? part : null;

    private static string? Text(JsonElement of, string name) => Part(of, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static string? Full(JsonElement of, string name) => Text(of, name) is { Length: > 0 } text ? text : null;

    private static string? Tag(JsonElement of, string name) => Full(of, name)?.Trim('"') is { Length: > 0 } tag ? tag : null;

    private static long? Number(JsonElement of, string name) =>
        Part(of, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) && value >= 0 ? value : null;

    private static DateTimeOffset? Time(JsonElement of, string name) =>
        DateTimeOffset.TryParse(Text(of, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
