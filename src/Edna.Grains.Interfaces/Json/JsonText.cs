using System.Text.Json;
using System.Text.Json.Serialization;

namespace Edna.Json;

/// <summary>A JSON value kept as its own text, so that what a client stored comes back unchanged.</summary>
[GenerateSerializer, Immutable, Alias("edna.JsonText"), JsonConverter(typeof(JsonTextConverter))]
public readonly record struct JsonText
{
    /// <summary>Creates the value.</summary>
    /// <param name="text">Valid JSON.</param>
    public JsonText(string text) => Text = text;

    /// <summary>The JSON.</summary>
    [Id(0)] public string Text { get; init; }

    /// <summary>The JSON.</summary>
    public override string ToString() => Text ?? "null";
}

/// <summary>Reads and writes a <see cref="JsonText"/> as the JSON that it holds.</summary>
public sealed class JsonTextConverter : JsonConverter<JsonText>
{
    /// <inheritdoc />
    public override JsonText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return new(document.RootElement.GetRawText());
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, JsonText value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.ToString());
}
