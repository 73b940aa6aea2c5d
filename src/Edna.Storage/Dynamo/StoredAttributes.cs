using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Edna.Storage.Dynamo;

/// <summary>Reads the attributes of an item of the table, and says which one is wrong where one is.</summary>
internal readonly struct StoredAttributes(Dictionary<string, AttributeValue> item)
{
    public string Text(string name) => Find(name)?.S ?? throw Wrong(name, "a text");

    public string? TextOrNull(string name) => Find(name) is null ? null : Text(name);

    public long Number(string name) =>
        long.TryParse(Find(name)?.N, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(name, "a whole number");

    public long? NumberOrNull(string name) => Find(name) is null ? null : Number(name);

    public bool Flag(string name) => Find(name)?.BOOL ?? throw Wrong(name, "true or false");

    public DateTimeOffset Time(string name) =>
        Number(name) is >= 0 and var ticks && ticks <= DateTimeOffset.MaxValue.Ticks ? new(ticks, TimeSpan.Zero) : throw Wrong(name, "a time in ticks");

    public DateTimeOffset? TimeOrNull(string name) => Find(name) is null ? null : Time(name);

    public byte[] Bytes(string name) => Find(name)?.B?.ToArray() ?? throw Wrong(name, "bytes");

    public byte[] Unpacked(string name)
    {
        try
        {
            return PackedBytes.Unpack(Bytes(name));
        }
        catch (InvalidDataException e)
        {
            throw Wrong(name, "packed bytes", e);
        }
    }

    /// <summary>An item of the table that is not as EDNA writes it.</summary>
    public InvalidDataException Wrong(string name, string expected, Exception? inner = null) => new(
        $"The item '{Find(DynamoItemSchema.PartitionKey)?.S}', '{Find(DynamoItemSchema.SortKey)?.S}' of the table is not EDNA's, or is damaged: '{name}' is not {expected}.", inner);

    public static AttributeValue Of(long number) => new() { N = number.ToString(CultureInfo.InvariantCulture) };

    public static AttributeValue Of(DateTimeOffset time) => Of(time.UtcTicks);

    public static AttributeValue Of(byte[] bytes) => new() { B = new MemoryStream(bytes, writable: false) };

    public static AttributeValue Of(bool flag) => new() { BOOL = flag };

    private AttributeValue? Find(string name) => item.GetValueOrDefault(name);
}
