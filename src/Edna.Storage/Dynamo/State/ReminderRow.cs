using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Edna.Storage.Dynamo.State;

/// <summary>A reminder as a row, with the keys, attributes and formats of Orleans' own DynamoDB provider.</summary>
internal static class ReminderRow
{
    public const string Id = "ReminderId";
    public const string Hash = "GrainHash";
    public const string Service = "ServiceId";
    public const string Grain = "GrainReference";
    public const string ETag = "ETag";

    /// <summary>The index by service and hash.</summary>
    public const string ByHash = "ServiceIdIndex";

    /// <summary>The index by service and grain.</summary>
    public const string ByGrain = "ServiceIdGrainReferenceIndex";

    private const string Name = "ReminderName";
    private const string StartAt = "StartTime";
    private const string Period = "Period";

    /// <summary>The key of a row.</summary>
    public static Dictionary<string, AttributeValue> Key(string service, GrainId grain, string name) => new()
    {
        [Id] = new($"{service}_{grain}_{name}"), [Hash] = DynamoCalls.Number(grain.GetUniformHashCode()),
    };

    /// <summary>A row, key included.</summary>
    public static Dictionary<string, AttributeValue> Write(string service, ReminderEntry entry, long etag)
    {
        var row = Key(service, entry.GrainId, entry.ReminderName);
        row[Service] = new(service);
        row[Grain] = new(entry.GrainId.ToString());
        row[Name] = new(entry.ReminderName);
        row[StartAt] = new(ToUtc(entry.StartAt).ToString("O", CultureInfo.InvariantCulture));
        row[Period] = new(entry.Period.ToString("c", CultureInfo.InvariantCulture));
        row[ETag] = DynamoCalls.Number(etag);
        return row;
    }

    /// <summary>The reminder of a row. The other provider's times are read too, which have no zone, or one of their own.</summary>
    public static ReminderEntry Read(Dictionary<string, AttributeValue> row) => new()
    {
        GrainId = GrainId.Parse(row[Grain].S, CultureInfo.InvariantCulture),
        ReminderName = row[Name].S,
        StartAt = DateTime.Parse(row[StartAt].S, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
        Period = TimeSpan.Parse(row[Period].S, CultureInfo.InvariantCulture),
        ETag = row[ETag].N,
    };

    private static DateTime ToUtc(DateTime time) =>
        time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time.ToUniversalTime();
}
