using System.Text.Json;

namespace Edna.Samples;

/// <summary>
/// What is known of an image, as a line of <c>labels.jsonl</c>: path, split, tags and annotations, in the words of EDNA's REST contract.
/// </summary>
public static class ShapesLabels
{
    /// <summary>The file's name in the set's folder.</summary>
    public const string FileName = "labels.jsonl";

    /// <summary>The line of an image, JSON in UTF-8 without the line's end.</summary>
    /// <param name="image">The image.</param>
    public static byte[] Line(ShapesImage image)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("path"u8, image.Path);
            json.WriteString("split"u8, image.Split);
            json.WriteStartObject("tags"u8);
            foreach (var (key, value) in image.Tags) json.WriteString(key, value);
            json.WriteEndObject();
            json.WriteStartArray("annotations"u8);
            for (var i = 0; i < image.Shapes.Count; i++) WriteAnnotation(json, i + 1, image.Shapes[i]);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static void WriteAnnotation(Utf8JsonWriter json, int number, Shape shape)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, $"shape-{number}");
        json.WriteString("kind"u8, "bbox"u8);
        json.WriteString("class"u8, shape.Class);
        json.WriteStartArray("bbox"u8);
        json.WriteNumberValue(shape.X);
        json.WriteNumberValue(shape.Y);
        json.WriteNumberValue(shape.Size);
        json.WriteNumberValue(shape.Size);
        json.WriteEndArray();
        json.WriteStartObject("attributes"u8);
        json.WriteString("color"u8, shape.Color);
        json.WriteEndObject();
        json.WriteStartObject("source"u8);
        json.WriteString("kind"u8, "import"u8);
        json.WriteString("name"u8, "shapes"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
