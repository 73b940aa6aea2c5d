using System.Text.Json;
using Edna.Items;

namespace Edna.Search;

/// <summary>Makes search documents of rows.</summary>
public static class SearchDocuments
{
    private const int DeepestField = 8;

    /// <summary>Characters of names and values of a document's metadata together; what comes after is not searched. Nested names come again with each value below them.</summary>
    public const int MostMetadata = 65_536;

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

    /// <summary>
    /// The fields of a JSON object: nested names joined with a point, each element of a list a value of its own, values as text, each pair once, up
    /// to <see cref="MostMetadata"/>.
    /// </summary>
    /// <param name="json">A JSON object.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Flatten(string json)
    {
        using var document = JsonDocument.Parse(json);
        var (fields, room) = (new OrderedDictionary<KeyValuePair<string, string>, bool>(), MostMetadata);
        Add(document.RootElement, "", 0, fields, ref room);
        return [.. fields.Keys];
    }

    private static void Add(JsonElement value, string name, int depth, OrderedDictionary<KeyValuePair<string, string>, bool> fields, ref int room)
    {
        if (room < 0) return;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when depth < DeepestField:
                foreach (var member in value.EnumerateObject()) Add(member.Value, name.Length == 0 ? member.Name : $"{name}.{member.Name}", depth + 1, fields, ref room);
                break;
            case JsonValueKind.Array when depth < DeepestField:
                foreach (var element in value.EnumerateArray()) Add(element, name, depth + 1, fields, ref room);
                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            default:
                var field = new KeyValuePair<string, string>(name, value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
                if (!fields.ContainsKey(field) && (room -= name.Length + field.Value.Length) >= 0) fields.Add(field, true);
                break;
        }
    }
}
