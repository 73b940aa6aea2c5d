using System.Text.Json;
using Edna.Items;

namespace Edna.Search;

/// <summary>Makes search documents of rows.</summary>
public static class SearchDocuments
{
    private const int DeepestField = 8;

    /// <summary>The document of a row.</summary>
    /// <param name="row">The row.</param>
    public static SearchDocument Of(ItemRow row)
    {
        var state = ItemJson.Read(row.Body);
        return new()
        {
            Key = row.Key, Revision = row.Revision, Status = state.Status, Path = state.Path, Size = state.Size, ContentType = state.ContentType,
            Split = state.Split, UpdatedAt = state.UpdatedAt, Tags = state.Tags,
            LabelClasses = state.Labels is { } labels ? [.. labels.Classes.Keys] : [],
            Metadata = state.Metadata is { } metadata ? Flatten(metadata.Text) : [],
        };
    }

    /// <summary>The fields of a JSON object: nested names joined with a point, each element of a list a value of its own, values as text.</summary>
    /// <param name="json">A JSON object.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Flatten(string json)
    {
        using var document = JsonDocument.Parse(json);
        var fields = new List<KeyValuePair<string, string>>();
        Add(document.RootElement, "", 0, fields);
        return fields;
    }

    private static void Add(JsonElement value, string name, int depth, List<KeyValuePair<string, string>> fields)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when depth < DeepestField:
                foreach (var member in value.EnumerateObject()) Add(member.Value, name.Length == 0 ? member.Name : $"{name}.{member.Name}", depth + 1, fields);
                break;
            case JsonValueKind.Array when depth < DeepestField:
                foreach (var element in value.EnumerateArray()) Add(element, name, depth + 1, fields);
                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            default:
                fields.Add(new(name, value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()));
                break;
        }
    }
}
