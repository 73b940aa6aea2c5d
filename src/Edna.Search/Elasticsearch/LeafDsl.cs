using System.Text;
using System.Text.Json;

namespace Edna.Search.Elasticsearch;

/// <summary>Writes the leaves of a tree: words, values, status, size and time.</summary>
internal static class LeafDsl
{
    /// <summary>Writes a leaf as an object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="leaf">The leaf.</param>
    /// <param name="mostExpansions">Words that the beginning at the end of a phrase may stand for.</param>
    public static void Write(Utf8JsonWriter json, QueryNode leaf, int mostExpansions)
    {
        json.WriteStartObject();
        switch (leaf)
        {
            case Words { In: QueryText.PathAndLabels } words:
                json.WriteStartObject("dis_max");
                json.WriteStartArray("queries");
                foreach (var field in (string[])[IndexFields.PathWords, IndexFields.LabelWords])
                {
                    json.WriteStartObject();
                    WriteWords(json, field, words, mostExpansions);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
                break;
            case Words words:
                WriteWords(json, words.In == QueryText.Path ? IndexFields.PathWords : IndexFields.Words, words, mostExpansions);
                break;
            case HasValue value when !IsText(value.Value) || !IsText(value.Key):
                // No document has it: it could not have been written as it is.
                json.WriteStartObject("match_none");
                json.WriteEndObject();
                break;
            case HasValue { IsPrefix: true } value:
                WriteValue(json, "prefix", FieldOf(value.Field), TermOf(value));
                break;
            case HasValue value:
                WriteValue(json, "term", FieldOf(value.Field), TermOf(value));
                break;
            case HasStatus status:
                WriteValue(json, "term", IndexFields.Status, IndexFields.Of(status.Status));
                break;
            case SizeWithin size:
                WriteRange(json, IndexFields.Size, size.Gte, size.Lt);
                break;
            case UpdatedWithin updated:
                WriteRange(json, IndexFields.UpdatedAt, updated.Gte?.UtcTicks, updated.Lt?.UtcTicks);
                break;
            default:
                throw new ArgumentException($"{leaf.GetType().Name} is not a part of a query.", nameof(leaf));
        }
        json.WriteEndObject();
    }

    /// <summary>The field that has the values.</summary>
    public static string FieldOf(QueryField field) => field switch
    {
        QueryField.Split => IndexFields.Split,
        QueryField.ContentType => IndexFields.ContentType,
        QueryField.Label => IndexFields.Labels,
        QueryField.Tag => IndexFields.Tags,
        QueryField.Metadata => IndexFields.Metadata,
        _ => throw new ArgumentException($"{field} is not a field.", nameof(field)),
    };

    /// <summary>The term that stands for a value.</summary>
    public static string TermOf(HasValue value) =>
        value.Field is QueryField.Tag or QueryField.Metadata ? IndexFields.Pair(value.Key, value.Value) : value.Value;

    /// <summary>Whether it is Unicode: no half of a surrogate pair in it.</summary>
    public static bool IsText(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var taken) != System.Buffers.OperationStatus.Done) return false;
            text = text[taken..];
        }
        return true;
    }

    private static void WriteWords(Utf8JsonWriter json, string field, Words words, int mostExpansions)
    {
        if (words.Spelt.Length == 1)
        {
            WriteValue(json, words.IsPrefix ? "prefix" : "term", field, words.Spelt[0]);
            return;
        }
        json.WriteStartObject(words.IsPrefix ? "match_phrase_prefix" : "match_phrase");
        json.WriteStartObject(field);
        json.WriteString("query", string.Join(' ', words.Spelt));
        if (words.IsPrefix) json.WriteNumber("max_expansions", mostExpansions);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, string kind, string field, string value)
    {
        json.WriteStartObject(kind);
        json.WriteStartObject(field);
        json.WriteString("value", value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteRange(Utf8JsonWriter json, string field, long? gte, long? lt)
    {
        json.WriteStartObject("range");
        json.WriteStartObject(field);
        if (gte is { } least) json.WriteNumber("gte", least);
        if (lt is { } below) json.WriteNumber("lt", below);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
