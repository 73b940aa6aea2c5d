using System.Text.Json;
using System.Text.Json.Serialization;

namespace Edna.Items;

/// <summary>How item state is written as JSON. Zeros are written: required members must be there, and <c>pending</c> is a zero.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ItemState))]
[JsonSerializable(typeof(ItemDocument))]
internal sealed partial class ItemJson : JsonSerializerContext
{
    /// <summary>State as it stands in a row.</summary>
    public static byte[] Write(ItemState state) => JsonSerializer.SerializeToUtf8Bytes(state, Default.ItemState);

    /// <summary>An item document.</summary>
    public static byte[] WriteDocument(ItemDocument document) => JsonSerializer.SerializeToUtf8Bytes(document, Default.ItemDocument);

    /// <summary>An item document from the bucket.</summary>
    public static ItemDocument ReadDocument(byte[] body) =>
        JsonSerializer.Deserialize(body, Default.ItemDocument) ?? throw new JsonException("An item document is empty.");

    /// <summary>State from a row.</summary>
    public static ItemState Read(byte[] body) =>
        JsonSerializer.Deserialize(body, Default.ItemState) ?? throw new JsonException("An item row has an empty body.");
}
