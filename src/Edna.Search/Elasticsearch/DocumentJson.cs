using System.Text.Json;

namespace Edna.Search.Elasticsearch;

/// <summary>Writes documents as the index keeps them.</summary>
internal static class DocumentJson
{
    /// <summary>Writes a document. Halves of surrogate pairs become U+FFFD, for JSON has no way to say them.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="document">The document.</param>
    public static void Write(Utf8JsonWriter json, SearchDocument document)
    {
        var (path, labels) = (SearchWords.Spell(document.Path), Spell(document.LabelClasses));
        json.WriteStartObject();
        json.WriteString(IndexFields.Tenant, document.Key.Dataset.Tenant);
        json.WriteString(IndexFields.Dataset, document.Key.Dataset.ToString());
        json.WriteString(IndexFields.Id, document.Key.ToString());
        json.WriteNumber(IndexFields.Revision, document.Revision);
        json.WriteString(IndexFields.Status, IndexFields.Of(document.Status));
        json.WriteString(IndexFields.Path, document.Path);
        json.WriteNumber(IndexFields.Size, document.Size);
        json.WriteString(IndexFields.ContentType, document.ContentType);
        if (document.Split is { } split) json.WriteString(IndexFields.Split, split);
        json.WriteNumber(IndexFields.UpdatedAt, document.UpdatedAt.UtcTicks);
        json.WriteString(IndexFields.UpdatedDate, document.UpdatedAt.UtcDateTime);
        Write(json, IndexFields.Tags, document.Tags.Select(tag => IndexFields.Pair(tag.Key, tag.Value)));
        Write(json, IndexFields.Labels, document.LabelClasses);
        Write(json, IndexFields.Metadata, document.Metadata.Select(field => IndexFields.Pair(field.Key, field.Value)));
        Write(json, IndexFields.Words, [path, labels, Spell(document.Metadata.Select(field => field.Value))]);
        json.WriteString(IndexFields.PathWords, path);
        json.WriteString(IndexFields.LabelWords, labels);
        json.WriteEndObject();
    }

    private static string Spell(IEnumerable<string> texts) => string.Join(' ', texts.Select(SearchWords.Spell).Where(words => words.Length > 0));

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
