using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Amazon.DynamoDBv2.Model;
using Edna.Changes;
using Edna.Items;
using Edna.Keys;
using Edna.Storage.Rows;

namespace Edna.Storage.Dynamo;

/// <summary>
/// The changes of one transaction, numbered one after the other, in one item of the table: its sort key is the last number. The segments of a
/// feed follow each other without a gap, so a reader sees when one is not visible yet.
/// </summary>
/// <param name="First">The first number.</param>
/// <param name="Changes">The changes, from that number on.</param>
internal sealed record FeedSegment(long First, IReadOnlyList<ItemChange> Changes)
{
    /// <summary>What marks the transaction that wrote it.</summary>
    public const string Token = "y";

    private const string Packed = "c";

    /// <summary>The last number.</summary>
    public long Last => First + Changes.Count - 1;

    /// <summary>The action that writes the changes of rows after a number.</summary>
    public static Put Write(DynamoItemKeys keys, DatasetKey dataset, long after, IReadOnlyList<ItemWrite> writes, string token)
    {
        var changes = writes.Select(write => new StoredChange(
            write.Row.Key.ItemId, write.Row.Path, (int)write.Change.Kind, write.Row.Revision, write.Change.At.UtcTicks, write.Change.By)).ToArray();
        return new()
        {
            TableName = keys.Table, ConditionExpression = "attribute_not_exists(pk)",
            Item = new(keys.Segment(dataset, after + writes.Count))
            {
                [Packed] = StoredAttributes.Of(PackedBytes.Pack(JsonSerializer.SerializeToUtf8Bytes(changes, SegmentJson.Changes))), [Token] = new(token),
            },
        };
    }

    /// <exception cref="InvalidDataException">It is not a segment of ours.</exception>
    public static FeedSegment Read(Dictionary<string, AttributeValue> item)
    {
        var stored = new StoredAttributes(item);
        try
        {
            var changes = JsonSerializer.Deserialize(stored.Unpacked(Packed), SegmentJson.Changes);
            if (changes is { Length: > 0 } && ChangeCursor.Parse(stored.Text(DynamoItemSchema.SortKey)) is var last && last >= changes.Length)
            {
                var first = last - changes.Length + 1;
                return new(first, [.. changes.Select((change, n) => change.ToChange(first + n))]);
            }
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentOutOfRangeException)
        {
            throw stored.Wrong(Packed, "a list of changes", e);
        }
        throw stored.Wrong(Packed, "a list of changes");
    }
}

/// <summary>A change as a segment keeps it: stored, never rename a member.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Path">Its path.</param>
/// <param name="Kind">What happened, as the enum's number.</param>
/// <param name="Revision">The item's revision after it.</param>
/// <param name="At">When, ticks.</param>
/// <param name="By">Who.</param>
internal sealed record StoredChange(
    [property: JsonPropertyName("i")] string Item, [property: JsonPropertyName("p")] string Path, [property: JsonPropertyName("k")] int Kind,
    [property: JsonPropertyName("r")] long Revision, [property: JsonPropertyName("a")] long At, [property: JsonPropertyName("b")] string By)
{
    public ItemChange ToChange(long number) => new()
    {
        Cursor = ChangeCursor.Format(number), Item = Item, Path = Path, Kind = (ChangeKind)Kind, Revision = Revision, At = new(At, TimeSpan.Zero), By = By,
    };
}

/// <summary>The JSON of segments: bytes are not escaped that need not be.</summary>
[JsonSerializable(typeof(StoredChange[]))]
internal sealed partial class SegmentJson : JsonSerializerContext
{
    public static JsonTypeInfo<StoredChange[]> Changes { get; } = new SegmentJson(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    }).StoredChangeArray;
}
