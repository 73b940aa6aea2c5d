using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Edna.Search;

/// <summary>Reads <c>"a"</c> like <c>["a"]</c>.</summary>
/// <typeparam name="T">The element's type.</typeparam>
public sealed class OneOrManyConverter<T> : JsonConverter<IReadOnlyList<T>>
{
    /// <inheritdoc />
    public override IReadOnlyList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var element = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        if (reader.TokenType != JsonTokenType.StartArray) return [One(ref reader, element)];
        var many = new List<T>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) many.Add(One(ref reader, element));
        return many;
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options)
    {
        var element = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        writer.WriteStartArray();
        foreach (var one in value) JsonSerializer.Serialize(writer, one, element);
        writer.WriteEndArray();
    }

    private static T One(ref Utf8JsonReader reader, JsonTypeInfo<T> element)
    {
        try
        {
            return JsonSerializer.Deserialize(ref reader, element) ?? throw new JsonException("null is not a value to filter by.");
        }
        catch (JsonException e) when (e.Path == "$" && e.GetType() == typeof(JsonException) && e.InnerException is not JsonException)
        {
            // Told anew, so that the field that the value stands in is named, which the inner read does not know.
            throw new JsonException($"The JSON value could not be converted to {typeof(T)}.");
        }
    }
}
